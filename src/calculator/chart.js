"use strict";

// The charts, as SVG. Each stands beside a table with the same figures.
const Chart = (() => {
  const NAMESPACE = "http://www.w3.org/2000/svg";
  const HEIGHT = 340;
  const TOP = 26;
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

  const decades = (low, high) => {
    const ticks = [];
    for (let power = Math.ceil(Math.log10(low)); power <= Math.floor(Math.log10(high)); power++) {
      ticks.push(10 ** power);
    }
    return ticks;
  };

  const axes = (width, x, y, range) => {
    const bottom = HEIGHT - BOTTOM;
    const nodes = [];
    const ticks = decades(range.requests[0], range.requests[1]);
    const every = Math.ceil((ticks.length * 44) / (width - LEFT - RIGHT));
    ticks.forEach((tick, i) => {
      nodes.push(element("line", { x1: x(tick), x2: x(tick), y1: TOP, y2: bottom, class: "grid-line" }));
      if (i % every === 0) {
        nodes.push(element(
          "text",
          { x: x(tick), y: bottom + 18, "text-anchor": "middle", class: "quiet" }, short(tick)));
      }
    });
    decades(range.usd[0], range.usd[1]).forEach((tick) => {
      nodes.push(element("line", { x1: LEFT, x2: width - RIGHT, y1: y(tick), y2: y(tick), class: "grid-line" }));
      nodes.push(element("text", { x: LEFT - 8, y: y(tick) + 4, "text-anchor": "end", class: "quiet" }, short(tick)));
    });
    nodes.push(element("text", { x: 0, y: 14, class: "quiet" }, "USD a month"));
    nodes.push(element(
      "text", { x: width - RIGHT, y: HEIGHT - 10, "text-anchor": "end", class: "quiet" },
      "requests a month, each step ten times more"));
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
    const crosses = data.even !== null && data.even > low && data.even < high;
    if (data.even !== null) {
      const end = Math.max(LEFT, Math.min(x(Math.max(data.even, low)), width - RIGHT));
      nodes.push(element("rect", { x: LEFT, y: TOP, width: end - LEFT, height: bottom - TOP, class: "cheaper" }));
    }
    nodes.push(...axes(width, x, y, data.range));
    if (data.fleet >= data.range.usd[0]) {
      nodes.push(element("line", { x1: LEFT, x2: width - RIGHT, y1: y(data.fleet), y2: y(data.fleet), class: "fleet-line" }));
      nodes.push(element("text", { x: LEFT + 6, y: y(data.fleet) - 7, class: "strong" }, "fleet"));
    }
    nodes.push(element("polyline", { points: line.join(" "), class: "stack-line" }));
    const first = y(data.cost(low));
    const below = Math.abs(first - y(Math.max(data.fleet, data.range.usd[0]))) < 30 && first > y(data.fleet);
    nodes.push(element(
      "text", { x: LEFT + 6, y: below ? first + 18 : first - 7, class: "strong" }, "Pilotlight"));
    if (data.now >= low && data.now <= high) {
      nodes.push(element("line", { x1: x(data.now), x2: x(data.now), y1: TOP, y2: bottom, class: "now" }));
      nodes.push(element("circle", { cx: x(data.now), cy: y(data.cost(data.now)), r: 5, class: "dot" }));
      const right = x(data.now) > width - 110;
      nodes.push(element(
        "text",
        { x: x(data.now) + (right ? -6 : 6), y: TOP + 14, "text-anchor": right ? "end" : "start" }, "your traffic"));
    }
    if (crosses) {
      const at = x(data.even);
      const right = at > width / 2;
      nodes.push(element("circle", { cx: at, cy: y(data.fleet), r: 7, class: "point" }));
      nodes.push(element(
        "text",
        {
          x: at + (right ? -8 : 8), y: y(data.fleet) + (right ? (width < 480 ? -30 : -13) : 24),
          "text-anchor": right ? "end" : "start", class: "strong",
        },
        data.evenLabel));
    }
    return picture(width, HEIGHT, label, nodes);
  };

  return { bars, breakEven, decades };
})();
