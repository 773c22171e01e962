// Small helpers to build elements. Texts go in by textContent only, never as HTML.

/** An element with attributes, and children that are elements or texts. */
export function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== undefined) made.setAttribute(key, String(value));
  }
  made.append(...children.map(child => child instanceof Node ? child : String(child)));
  return made;
}

export const byId = id => document.getElementById(id);

const NAME_MAX = 22;
const LINE_MAX = 72;

/** JSON for reading: numbers stand on one line, and so does what is short below the top. */
export function pretty(value, indent = "") {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const list = Array.isArray(value);
  const line = spaced(value);
  const strings = list && value.length > 1 && typeof value[0] === "string";
  if (line.length + indent.length <= LINE_MAX && indent !== "" && !strings) return line;
  const deeper = `${indent}  `;
  const inner = list ? value.map(item => pretty(item, deeper))
    : Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${pretty(item, deeper)}`);
  const [open, close] = list ? "[]" : "{}";
  const numbers = list && value.length > 0 && typeof value[0] !== "object" && !strings;
  return numbers ? line : `${open}\n${inner.map(item => deeper + item).join(",\n")}\n${indent}${close}`;
}

function spaced(value) {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return Array.isArray(value) ? `[${value.map(spaced).join(", ")}]`
    : `{${Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${spaced(item)}`).join(", ")}}`;
}

/** A number with as many digits as its size needs: 0.041, 4.1, 412. */
export function short(value) {
  return Math.abs(value) >= 100 ? value.toFixed(0)
    : Math.abs(value) >= 10 ? value.toFixed(1)
    : Math.abs(value) >= 1 ? value.toFixed(2) : value.toFixed(3);
}

/** A table cell with a bar of a share between 0 and 1. */
export function bar(part, kind = "") {
  const filled = element("span");
  filled.style.setProperty("--part", `${Math.max(0, Math.min(1, part)) * 100}%`);
  const cell = element("td", { class: `bar ${kind}` }, filled);
  cell.setAttribute("aria-hidden", "true"); // its number is in the next cell
  return cell;
}

/** A table with a bar in each row: [name, share, number] */
export function bars(caption, heads, rows, best = -1) {
  const long = rows.some(([name]) => name.length > NAME_MAX) ? "long" : false;
  const head = element("tr", {},
    element("th", { scope: "col" }, heads[0]), element("td", { "aria-hidden": "true" }),
    element("th", { scope: "col", class: "num" }, heads[1]));
  const body = rows.map(([name, part, number, kind], i) => element("tr", { class: i === best ? "best" : false },
    element("th", { scope: "row", class: long }, name), bar(part, kind), element("td", { class: "num" }, number)));
  return element("table", { class: "bars" }, element("caption", {}, caption),
    element("thead", {}, head), element("tbody", {}, ...body));
}
