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
  const head = element("tr", {},
    element("th", { scope: "col" }, heads[0]), element("td", { "aria-hidden": "true" }),
    element("th", { scope: "col", class: "num" }, heads[1]));
  const body = rows.map(([name, part, number, kind], i) => element("tr", { class: i === best ? "best" : false },
    element("th", { scope: "row" }, name), bar(part, kind), element("td", { class: "num" }, number)));
  return element("table", { class: "bars" }, element("caption", {}, caption),
    element("thead", {}, head), element("tbody", {}, ...body));
}
