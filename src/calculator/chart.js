"use strict";

// The charts, as SVG. Each stands beside a table with the same figures.
const Chart = (() => {
  const NAMESPACE = "http://www.w3.org/2000/svg";
  const HEIGHT = 350;
  const TOP = 44;
  const BOTTOM = 50;
  const LEFT = 56;
  const RIGHT = 24;
  const STEPS = 160;

  const short = (value) => {
    const units = [[1e12, "T"], [1e9, "bn"], [1e6, "M"], [1e3, "k"]];
    const unit = units.find(([size]) => value >= size);
    return unit ? `${value / unit[0]} ${unit[1]}` : String(value);
  };

  const element = (name, attributes, text) => {
    const node = document.createElementNS(NAMESPACE, name);
    Object.entries(attributes || {}).forEach(([key, value]) => node.setAttribute(key, value));
    if (text !== undefined) {
      node.textContent = text;
    }
    return node;
  };

  const picture = (width, height, label, children) => {
    const svg = element("svg", {
      viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label,
    });
    svg.append(...children);
    return svg;
  };

  // Two bars on one scale: the fleet, and the stack by parts.
  const bars = (width, label, fleet, parts) => {
    const total = parts.reduce((sum, part) => sum + part.usd, 0);
    const scale = width / Math.max(total, fleet.usd, 0.01);
    const children = [
      element("text", { x: 0, y: 14 }, fleet.label),
      element("rect", { x: 0, y: 20, width: fleet.usd * scale, height: 22, class: "f2", rx: 2 }),
      element("text", { x: 0, y: 64 }, parts.label),
    ];
    let x = 0;
    parts.forEach((part) => {
      const size = part.usd * scale;
      children.push(element("rect", { x, y: 70, width: size, height: 22, class: part.color }));
      x += size;
    });
    if (x < 3) {
      children.push(element("rect", { x: 0, y: 70, width: 3, height: 22, class: "f1" }));
    }
    return picture(width, 100, label, children);
  };

  // Places labels so that none covers an earlier one: at the first free of some places, or above or
  // below it.
  const labels = (width) => {
    const ruler = document.createElement("canvas").getContext("2d");
    ruler.font = "700 13px system-ui, sans-serif";
    const taken = [];
    const shifts = [0, -17, 17, -34, 34, -51, 51, -68, 68, -85, 85];
    const free = (box) =>
      box.left >= 0 && box.right <= width && box.y >= 12 && box.y <= HEIGHT - BOTTOM - 4 &&
      taken.every((other) =>
        box.right < other.left || box.left > other.right || box.y - 13 > other.y + 4 || box.y + 4 < other.y - 13);
    const boxed = (text, x, y, anchor) => {
      const size = ruler.measureText(text).width;
      const left = anchor === "end" ? x - size : anchor === "middle" ? x - size / 2 : x;
      return { x, y, anchor, left: left - 2, right: left + size + 2 };
    };
    const at = (text, box, style) => {
      taken.push(box);
      return element("text", { x: box.x, y: box.y, "text-anchor": box.anchor, class: style }, text);
    };
    return {
      fixed: (text, x, y, anchor) => at(text, boxed(text, x, y, anchor), "quiet"),
      place: (text, places, style) => {
        const boxes = shifts.flatMap((shift) => places.map(([x, y, anchor]) => boxed(text, x, y + shift, anchor)));
        return at(text, boxes.find(free) || boxes[0], style);
      },
    };
  };

  const decades = (low, high) => {
    const ticks = [];
    for (let power = Math.ceil(Math.log10(low)); power <= Math.floor(Math.log10(high)); power++) {
      ticks.push(10 ** power);
    }
    return ticks;
  };

  const axes = (width, x, y, range, label) => {
    const bottom = HEIGHT - BOTTOM;
    const nodes = [];
    const ticks = decades(range.requests[0], range.requests[1]);
    const every = Math.ceil((ticks.length * 44) / (width - LEFT - RIGHT));
    ticks.forEach((tick, i) => {
      nodes.push(element("line", { x1: x(tick), x2: x(tick), y1: TOP, y2: bottom, class: "grid-line" }));
      if (i % every === 0) {
        nodes.push(label.fixed(short(tick), x(tick), bottom + 18, "middle"));
      }
    });
    decades(range.usd[0], range.usd[1]).forEach((tick) => {
      nodes.push(element("line", { x1: LEFT, x2: width - RIGHT, y1: y(tick), y2: y(tick), class: "grid-line" }));
      nodes.push(label.fixed(short(tick), LEFT - 8, y(tick) + 4, "end"));
    });
    nodes.push(label.fixed("USD a month", 0, 14, "start"));
    nodes.push(label.fixed("requests a month, each step ten times more", width - RIGHT, HEIGHT - 10, "end"));
    return nodes;
  };

  // The cost over the traffic, both on logarithmic axes, with the point where the lines cross.
  //
  // data: range {requests, usd}, each [low, high]; cost(requests), fleet, even or null, now
  const breakEven = (width, label, data) => {
    const bottom = HEIGHT - BOTTOM;
    const place = (value, [low, high], from, to) =>
      from + ((to - from) * (Math.log(value) - Math.log(low))) / (Math.log(high) - Math.log(low));
    const x = (value) => place(value, data.range.requests, LEFT, width - RIGHT);
    const y = (value) => place(value, data.range.usd, bottom, TOP);
    const [low, high] = data.range.requests;
    const line = [];
    for (let i = 0; i <= STEPS; i++) {
      const requests = low * (high / low) ** (i / STEPS);
      line.push(`${x(requests).toFixed(1)},${y(data.cost(requests)).toFixed(1)}`);
    }
    const nodes = [];
    const free = labels(width);
    const crosses = data.even !== null && data.even > low && data.even < high;
    if (data.even !== null) {
      const end = Math.max(LEFT, Math.min(x(Math.max(data.even, low)), width - RIGHT));
      nodes.push(element("rect", { x: LEFT, y: TOP, width: end - LEFT, height: bottom - TOP, class: "cheaper" }));
    }
    nodes.push(...axes(width, x, y, data.range, free));
    const fleet = y(Math.max(data.fleet, data.range.usd[0]));
    nodes.push(element("polyline", { points: line.join(" "), class: "stack-line" }));
    if (data.now >= low && data.now <= high) {
      const now = x(data.now);
      nodes.push(element("line", { x1: now, x2: now, y1: TOP - 14, y2: bottom, class: "now" }));
      nodes.push(element("circle", { cx: now, cy: y(data.cost(data.now)), r: 5, class: "dot" }));
      nodes.push(free.place("your traffic", [[now + 6, TOP - 10, "start"], [now - 6, TOP - 10, "end"]], ""));
    }
    if (data.fleet >= data.range.usd[0]) {
      nodes.push(element("line", { x1: LEFT, x2: width - RIGHT, y1: fleet, y2: fleet, class: "fleet-line" }));
      nodes.push(free.place("fleet", [[LEFT + 6, fleet - 7, "start"], [LEFT + 6, fleet + 18, "start"]], "strong"));
    }
    if (crosses) {
      const at = x(data.even);
      const left = [at - 8, fleet - 13, "end"];
      const right = [at + 8, fleet + 24, "start"];
      nodes.push(element("circle", { cx: at, cy: fleet, r: 7, class: "point" }));
      nodes.push(free.place(data.evenLabel, at > width / 2 ? [left, right] : [right, left], "strong"));
    }
    const first = y(data.cost(low));
    nodes.push(free.place("Pilotlight", [[LEFT + 6, first - 7, "start"], [LEFT + 6, first + 18, "start"]], "strong"));
    return picture(width, HEIGHT, label, nodes);
  };

  return { bars, breakEven, decades };
})();
