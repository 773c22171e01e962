"use strict";

// The page: reads the form, and writes the results.
(() => {
  const terms = Formula.table(TERMS);
  const fields = Fields.list(terms);
  const byId = (id) => document.getElementById(id);
  const PARTS = [
    ["lambda", "Lambda", "f1"], ["api", "API Gateway", "f4"], ["dynamodb", "DynamoDB", "f3"],
    ["cache", "Valkey", "f5"], ["logs", "logs", "f6"], ["watching", "watching", "f7"],
    ["queues", "queues", "f8"],
  ];
  const LOWEST = 1e4;

  const digits = (value, least, most) =>
    new Intl.NumberFormat("en", { minimumFractionDigits: least, maximumFractionDigits: most }).format(value);
  const usd = (value) => {
    if (value > 0 && value < 0.005) {
      return "< 0.01";
    }
    return Math.abs(value) < 999.995 ? digits(value, 2, 2) : digits(value, 0, 0);
  };
  const exact = (value) => (value === 0 ? "0" : new Intl.NumberFormat("en", { maximumSignificantDigits: 4 }).format(value));
  const count = (value) => {
    const units = [[1e9, "billion"], [1e6, "million"]];
    const unit = units.find(([size]) => value >= size);
    return unit
      ? `${new Intl.NumberFormat("en", { maximumSignificantDigits: 3 }).format(value / unit[0])} ${unit[1]}`
      : digits(value, 0, 0);
  };

  const make = (name, text, options) => {
    const node = document.createElement(name);
    if (text !== undefined) {
      node.textContent = text;
    }
    Object.entries(options || {}).forEach(([key, value]) => node.setAttribute(key, value));
    return node;
  };
  const rowOf = (heading, cells, numbers) => {
    const row = make("tr");
    row.append(make("th", heading, { scope: "row" }));
    cells.forEach((cell, i) => row.append(make("td", cell, numbers[i] ? { class: "number" } : {})));
    return row;
  };
  const table = (node, caption, head, numbers, rows) => {
    const line = make("tr");
    head.forEach((title, i) =>
      line.append(make("th", title, { scope: "col", class: i > 0 && numbers[i - 1] ? "number" : "" })));
    const top = make("thead");
    top.append(line);
    const body = make("tbody");
    body.append(...rows);
    node.replaceChildren(make("caption", caption), top, body);
  };

  const inputs = (name) => document.querySelectorAll(`#${name}, [name="${name}"]`);
  const rawOf = () => {
    const raw = {};
    fields.forEach((field) => {
      const nodes = inputs(field.name);
      const checked = [...nodes].find((node) => node.checked);
      raw[field.name] = nodes[0].type === "radio" ? (checked ? checked.value : "") : nodes[0].value;
    });
    return raw;
  };
  const fill = (raw) => {
    Object.entries(raw).forEach(([name, text]) => {
      inputs(name).forEach((node) => {
        if (node.type === "radio") {
          node.checked = node.value === text;
        } else {
          node.value = node.tagName === "INPUT" && /^\d{4,15}$/.test(text) ? digits(Number(text), 0, 0) : text;
        }
      });
    });
  };

  const showErrors = (errors) => {
    fields.forEach((field) => {
      const node = inputs(field.name)[0];
      const message = byId(`${field.name}-error`);
      if (message) {
        message.textContent = errors[field.name] || "";
        node.setAttribute("aria-invalid", errors[field.name] ? "true" : "false");
      }
    });
  };

  const showFields = (raw) => {
    document.querySelectorAll("[data-preset]").forEach((button) => {
      const preset = Object.entries(Fields.preset(terms, button.dataset.preset));
      const same = preset.every(([name, text]) => raw[name].replace(/[, ]/g, "") === text);
      button.setAttribute("aria-pressed", String(same));
    });
    byId("ms-field").hidden = raw.model !== "own";
    byId("tokens").disabled = raw.model === "own";
    byId("by-machines").hidden = raw.fleet !== "machines";
    byId("by-sum").hidden = raw.fleet !== "sum";
    const type = terms.machines.find((machine) => machine.name === raw.type);
    byId("hour").readOnly = type !== undefined;
    if (type) {
      byId("hour").value = String(type.usd);
    }
    byId("hour-source").textContent = type
      ? `On demand, ${terms.region}, copied in ${terms.date}`
      : "What your bill has, after discounts";
    const model = terms.models.find((one) => one.name === raw.model);
    byId("model-source").textContent = !model
      ? "Hits and start are taken as those of all-MiniLM"
      : model.measured
        ? `Measured on ${model.date}, commit ${model.commit}, not on Lambda`
        : "340 ms, as the article reports; not measured here";
  };

  const showVerdict = (cost, fleet, values) => {
    const saved = fleet - cost.total;
    const share = fleet > 0 && cost.total < fleet * 10 ? ` (${digits((Math.abs(saved) / fleet) * 100, 0, 0)} %)` : "";
    byId("verdict").className = `verdict ${saved >= 0 ? "less" : "more"}`;
    byId("verdict").textContent = saved >= 0
      ? `Pilotlight costs ${usd(saved)} USD less a month${share}`
      : `Pilotlight costs ${usd(-saved)} USD more a month${share}: keep the fleet`;
    byId("verdict-why").textContent =
      `For ${count(values.requests)} requests, of which ${digits(values.hits, 0, 2)} % repeat a text.`;
    const parts = PARTS.map(([name, , color]) => ({ usd: cost.part(name), color }));
    parts.label = `Pilotlight: ${usd(cost.total)} USD a month`;
    const label = `The fleet costs ${usd(fleet)} USD a month, Pilotlight ${usd(cost.total)}.`;
    const bars = { usd: fleet, label: `Fleet: ${usd(fleet)} USD a month` };
    byId("bars").replaceChildren(Chart.bars(byId("bars").clientWidth || 300, label, bars, parts));
  };

  const showParts = (cost, requests) => {
    const million = (value) => (requests > 0 ? usd((value / requests) * 1e6) : "–");
    const rows = PARTS.map(([name, title, color]) => {
      const value = cost.part(name);
      const row = rowOf("", [usd(value), million(value)], [true, true]);
      row.firstChild.append(make("span", "", { class: "swatch" }), title);
      row.querySelector(".swatch").style.background = `var(--c${color.slice(1)})`;
      return row;
    });
    const total = rowOf("total", [usd(cost.total), million(cost.total)], [true, true]);
    total.className = "total";
    table(byId("parts"), "Pilotlight by part", ["Part", "USD a month", "USD a million"], [true, true], [...rows, total]);
  };

  // What the break-even says, for a tile and for the chart.
  const meeting = (even, admitted) => {
    if (even === null) {
      return {
        figure: "nowhere", note: "an idle stack costs more than the fleet",
        label: "Pilotlight costs more than the fleet at any traffic.",
      };
    }
    if (even === Formula.REQUESTS_MAX) {
      return {
        figure: "nowhere", note: "Pilotlight is cheaper at all traffic that this page computes",
        label: "Pilotlight costs less than the fleet at any traffic up to 10¹⁵ requests a month.",
      };
    }
    const above = even > admitted;
    return {
      figure: count(even),
      note: `requests a month: below, Pilotlight is cheaper${above ? `; above ${count(admitted)}, raise ThrottleRate` : ""}`,
      label: `Pilotlight costs less than the fleet up to ${count(even)} requests a month.` +
        (above ? ` Its HTTP API lets ${count(admitted)} through: raise ThrottleRate for more.` : ""),
    };
  };

  const showTiles = (cost, idle, met, requests) => {
    const million = (value) => (requests > 0 ? `${usd((value / requests) * 1e6)} USD` : "–");
    const each = requests > 0 ? `${exact(cost.total / requests)} USD each, ` : "";
    const tiles = [
      ["Where the costs meet", met.figure, met.note],
      ["An idle month", `${usd(idle.total)} USD`, "nobody calls, the stack is there"],
      ["A million inferences", million(cost.total), `${each}with the fixed part`],
      ["What the function reports", million(cost.estimated), "a million, by its own estimate of each request"],
    ];
    byId("tiles").replaceChildren(...tiles.map(([title, figure, note]) => {
      const tile = make("div", undefined, { class: "tile" });
      const value = make("dd", figure);
      value.append(make("small", note));
      tile.append(make("dt", title), value);
      return tile;
    }));
  };

  const showChart = (given, fleet, even, met, requests) => {
    const cost = (traffic) => Formula.month(terms, Object.assign({}, given, { requests: traffic })).total;
    const meets = even !== null && even < Formula.REQUESTS_MAX;
    const farthest = Math.max(1e9, requests * 3, meets ? even * 5 : 0);
    const high = 10 ** Math.ceil(Math.log10(farthest));
    const lowest = Math.min(cost(LOWEST), fleet > 0 ? fleet : cost(LOWEST));
    const usdLow = 10 ** Math.floor(Math.log10(Math.max(lowest, 0.1)));
    const usdHigh = 10 ** Math.ceil(Math.log10(Math.max(cost(high), fleet, 10)));
    const evenLabel = meets ? `break-even: ${count(even)}` : "";
    byId("chart").replaceChildren(Chart.breakEven(byId("chart").clientWidth || 300, met.label, {
      range: { requests: [LOWEST, high], usd: [usdLow, usdHigh] },
      cost, fleet, even, evenLabel, now: requests,
    }));
    byId("chart-note").textContent = `${met.label} The fleet's line is flat: the page cannot tell how much ` +
      "traffic your machines take.";
    const rows = Chart.decades(LOWEST, high).map((traffic) => {
      const stack = cost(traffic);
      return rowOf(digits(traffic, 0, 0), [usd(stack), usd(fleet), stack <= fleet ? "Pilotlight" : "fleet"],
        [true, true, false]);
    });
    table(byId("points"), "Cost over traffic, USD a month", ["Requests a month", "Pilotlight", "fleet", "cheaper"],
      [true, true, false], rows);
  };

  const showHow = (cost, values) => {
    const model = terms.models.find((one) => one.name === values.model);
    const admitted = cost.values.admitted;
    const notes = [
      model && model.measured
        ? `The durations of ${model.title} are from ${model.source}, taken on another machine. The round trips are assumed. Nothing was measured on Lambda.`
        : "The durations were not measured here.",
      "Data transfer, storage of logs, tax and free tiers are left out. So is what your fleet's sum leaves out: balancer, disks, people.",
      values.processor === "arm" ? "The durations were measured on x86_64 and are taken as the same on arm64." : "",
      values.memory < terms.assumed.vcpuMb ? "Less than 1,769 MB is less than a vCPU: computing is taken to last as much longer." : "",
      values.door === "api" && values.requests > admitted
        ? `ThrottleRate lets ${count(admitted)} requests a month through; raise it for this traffic.` : "",
    ];
    byId("notes").replaceChildren(...notes.filter((note) => note).map((note) => make("li", note)));
    const lines = cost.lines.map((line) => {
      const row = rowOf("", [`${exact(line.quantity)} ${line.unit}`, "", usd(line.usd)], [true, true, true]);
      row.firstChild.append(line.estimate ? `${line.title} *` : line.title, make("span", line.quantity === 0 ? "" : TERMS.terms.find((term) => term.name === line.name).quantity, { class: "formula" }));
      const link = make("a", `${line.price.usd} USD`, { href: line.price.published, rel: "noreferrer" });
      row.children[2].append(link, ` / ${line.price.per === 1 ? "" : `${short(line.price.per)} `}${line.price.unit}`);
      return row;
    });
    table(byId("terms"), `Prices of ${terms.region}, copied in ${terms.date}, not compared with AWS's pages`, ["Term", "Quantity", "Price", "USD a month"],
      [true, true, true], lines);
    const known = [...TERMS.assumptions, ...TERMS.values].map((row) => {
      const line = rowOf("", [`${exact(cost.values[row.name])} ${row.unit}`], [true]);
      line.firstChild.append(row.text, make("span", row.formula ? `${row.name} = ${row.formula}` : row.name, { class: "formula" }));
      return line;
    });
    table(byId("values"), "Assumptions, and values that follow", ["Value", "Figure"], [true], known);
  };
  const short = (value) => (value === 1e6 ? "million" : digits(value, 0, 0));

  const show = () => {
    const raw = rawOf();
    showFields(raw);
    const { values, errors } = Fields.read(fields, rawOf());
    showErrors(errors);
    const valid = Object.keys(errors).length === 0 && byId("refused").hidden;
    byId("invalid").hidden = valid || !byId("refused").hidden;
    byId("results").hidden = !valid;
    byId("summary").textContent = "";
    if (!valid) {
      return false;
    }
    const given = Fields.given(terms, values);
    const cost = Formula.month(terms, given);
    const fleet = Fields.fleetUsd(terms, values);
    const even = Formula.breakEven(terms, given, fleet);
    const met = meeting(even, values.door === "api" ? cost.values.admitted : Infinity);
    const idle = Formula.month(terms, Object.assign({}, given, { requests: 0 }));
    showVerdict(cost, fleet, values);
    byId("summary").textContent = `Pilotlight ${usd(cost.total)} · fleet ${usd(fleet)} USD a month`;
    showParts(cost, values.requests);
    showTiles(cost, idle, met, values.requests);
    showChart(given, fleet, even, met, values.requests);
    showHow(cost, values);
    byId("link").value = `${location.href.split("#")[0]}#${Fields.fragment(fields, raw)}`;
    return true;
  };

  const changed = () => {
    byId("copied").textContent = "";
    if (show()) {
      history.replaceState(null, "", `#${Fields.fragment(fields, rawOf())}`);
    }
  };

  const open = () => {
    const { raw, refusals, absent } = Fields.fromFragment(terms, fields, location.hash.slice(1));
    fill(raw);
    byId("refused").hidden = refusals.length === 0;
    byId("refusals").replaceChildren(...refusals.map((refusal) => make("li", refusal)));
    byId("form").inert = refusals.length > 0;
    const partly = location.hash.length > 1 && absent.length > 0 && refusals.length === 0;
    byId("absent").hidden = !partly;
    byId("absent").textContent = partly ? `The link leaves out ${absent.join(", ")}: these are the example's.` : "";
    show();
  };

  const prepare = () => {
    byId("nav").hidden = location.protocol === "file:";
    byId("priced").textContent = `${terms.region}, copied in ${terms.date} and not compared with AWS's pages`;
    byId("model").append(
      ...terms.models.map((model) => make("option", model.title, { value: model.name })),
      make("option", "my own", { value: "own" }));
    byId("type").append(
      ...terms.machines.map((machine) => make("option", machine.name, { value: machine.name })),
      make("option", "other", { value: "other" }));
    fields.forEach((field) => {
      const node = inputs(field.name)[0];
      if (node.tagName === "INPUT" && node.type === "text") {
        const message = make("p", "", { class: "error", id: `${field.name}-error` });
        node.after(message);
        const hint = node.parentNode.querySelector(".hint");
        if (hint) {
          hint.id = hint.id || `${field.name}-hint`;
        }
        node.setAttribute("aria-describedby", hint ? `${message.id} ${hint.id}` : message.id);
      }
    });
    byId("form").addEventListener("input", changed);
    byId("form").addEventListener("change", changed);
    byId("form").addEventListener("submit", (event) => event.preventDefault());
    document.querySelectorAll("[data-preset]").forEach((button) =>
      button.addEventListener("click", () => {
        fill(Fields.preset(terms, button.dataset.preset));
        changed();
      }));
    byId("restart").addEventListener("click", () => {
      history.replaceState(null, "", location.href.split("#")[0]);
      open();
      byId("requests").focus();
    });
    byId("copy").addEventListener("click", copy);
    window.addEventListener("hashchange", open);
    let width = 0;
    new ResizeObserver(() => {
      if (byId("results").clientWidth !== width && !byId("results").hidden) {
        width = byId("results").clientWidth;
        show();
      }
    }).observe(byId("results"));
  };

  const copy = async () => {
    byId("link").select();
    try {
      await navigator.clipboard.writeText(byId("link").value);
      byId("copied").textContent = "Copied";
    } catch (error) {
      byId("copied").textContent = "Selected: copy it with your keyboard";
    }
  };

  prepare();
  open();
})();
