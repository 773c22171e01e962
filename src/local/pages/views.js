// The answer as a person reads it. Every chart is a table.
import { digits, isNumber, unmarked } from "./api.js";
import { bar, bars, element } from "./parts.js";

const HEAT_MAX = 16;

/** Elements for an answer. */
export function view(task, request, json) {
  switch (task) {
    case "embedding": return heat(request.texts, json.data.map(item => item.embedding));
    case "classification": return labels(request.texts, json);
    case "ranking": return ranking(request.texts, json.results);
    case "tokens": return entities(request.texts, json);
    case "mask": return masks(request.texts, json);
    default: return tensors(json);
  }
}

/** The whole answer, folded. */
export function raw(json) {
  const all = unmarked(JSON.stringify(json, (_, value) =>
    Array.isArray(value) && value.length > 64 && isNumber(value[0])
      ? [...value.slice(0, 8), `… ${value.length - 8} more`] : value, 1));
  const shown = all.length > 20_000 ? `${all.slice(0, 20_000)}\n…` : all;
  return element("details", {}, element("summary", {}, "The answer as JSON, long vectors cut"),
    element("pre", { tabindex: 0, role: "region", "aria-label": "The answer as JSON" }, shown));
}

export function cosine(a, b) {
  let dot = 0, aa = 0, bb = 0;
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return dot / Math.sqrt(aa * bb);
}

function heat(texts, all) {
  const vectors = all.slice(0, HEAT_MAX);
  const heads = vectors.map((_, i) => element("th", { scope: "col" }, String(i + 1)));
  const rows = vectors.map((vector, i) => element("tr", {},
    element("th", { scope: "row" }, element("b", {}, String(i + 1)), texts[i]),
    ...vectors.map(other => cell(cosine(vector, other)))));
  const table = element("table", { class: "heat" },
    element("caption", {}, "Similarity of the texts (cosine)"),
    element("thead", {}, element("tr", {}, element("td"), ...heads)), element("tbody", {}, ...rows));
  const cut = all.length > HEAT_MAX ? ` The first ${HEAT_MAX} of ${all.length} texts.` : "";
  const legend = element("p", { class: "legend" }, "0", element("span", {}), "1",
    element("i", {}, `${all[0].length} dimensions each.${cut}`));
  return [element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Similarity of the texts" }, table), legend];
}

function cell(value) {
  const made = element("td", { "data-value": value }, value.toFixed(2));
  tint(made, value);
  return made;
}

/** Colours the cells again, after light and dark have changed. */
export function tintAll(root) {
  root.querySelectorAll(".heat td[data-value]").forEach(made => tint(made, Number(made.dataset.value)));
}

// a colour between the two ends, and black or white on it, whichever is read better
function tint(made, value) {
  const style = getComputedStyle(document.documentElement);
  const [cold, hot] = ["--heat-0", "--heat-1"].map(name => channels(style.getPropertyValue(name).trim()));
  const part = Math.max(0, Math.min(1, value));
  const mixed = cold.map((c, i) => Math.round(c + (hot[i] - c) * part));
  const light = mixed.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2];
  made.style.setProperty("background-color", `rgb(${mixed.join(" ")})`);
  made.style.setProperty("color", luminance > 0.179 ? "#000" : "#fff");
}

const channels = hex => [1, 3, 5].map(at => Number.parseInt(hex.slice(at, at + 2), 16));

function labels(texts, json) {
  return json.map((scores, i) => bars(texts[i], ["Label", "Score"],
    scores.map(({ label, score }) => [label, score, score.toFixed(4)]), 0));
}

function masks(texts, json) {
  const all = texts.length === 1 ? [json] : json;
  return all.flatMap((found, i) => (Array.isArray(found[0]) ? found : [found]).map(tokens =>
    bars(texts[i], ["Token", "Score"], tokens.map(it => [it.token_str, it.score, it.score.toFixed(4)]), 0)));
}

function ranking(texts, results) {
  const rows = results.map((result, i) => element("tr", { class: i === 0 ? "best" : false },
    element("td", {}, String(i + 1)), element("td", {}, texts[result.index]),
    bar(result.relevance_score), element("td", { class: "num" }, result.relevance_score.toFixed(4)),
    element("td", { class: "num" }, String(result.index + 1))));
  const head = element("tr", {}, ...["Place", "Text"].map(name => element("th", { scope: "col" }, name)),
    element("td", { "aria-hidden": "true" }), ...["Score", "Line"].map(name => element("th", { scope: "col", class: "num" }, name)));
  return [element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "The ranking" },
    element("table", { class: "list" }, element("caption", {}, "The texts by their relevance to the query"),
      element("thead", {}, head), element("tbody", {}, ...rows)))];
}

function entities(texts, json) {
  const kinds = [...new Set(json.flat().map(found => found.entity_group))];
  return texts.flatMap((text, i) => [marked(text, json[i], kinds), entityTable(text, json[i])]);
}

// places count code points
function marked(text, found, kinds) {
  const points = Array.from(text);
  const line = element("p", { class: "marked" });
  let end = 0;
  for (const { entity_group: kind, start, end: stop } of found) {
    line.append(points.slice(end, start).join(""));
    line.append(element("mark", { class: `l${kinds.indexOf(kind) % 5}` },
      points.slice(start, stop).join(""), element("small", {}, kind)));
    end = stop;
  }
  line.append(points.slice(end).join(""));
  return line;
}

function entityTable(text, found) {
  if (found.length === 0) return element("p", { class: "hint" }, "No entities in this text.");
  const points = Array.from(text);
  return bars(`Entities: ${found.length}`, ["Entity", "Score"], found.map(it =>
    [`${points.slice(it.start, it.end).join("")} (${it.entity_group})`, it.score, it.score.toFixed(4)]));
}

function tensors(json) {
  const rows = json.outputs.map(output => element("tr", {},
    element("th", { scope: "row" }, output.name), element("td", {}, output.datatype),
    element("td", {}, `[${output.shape.map(digits).join(", ")}]`),
    element("td", { class: "mono" }, output.data.slice(0, 12).map(digits).join(" ")
      + (output.data.length > 12 ? " …" : ""))));
  const head = ["Output", "Type", "Shape", "Values"].map(name => element("th", { scope: "col" }, name));
  return [element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "The outputs" },
    element("table", { class: "list" }, element("caption", {}, "Outputs"),
      element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows)))];
}
