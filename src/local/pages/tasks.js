// The task of a model, its requests, and an example to begin with.

import { pretty } from "./parts.js";

const VALUES_MAX = 4096; // of an example
const EXAMPLES = {
  embedding: "A cat sleeps on the sofa.\nA kitten naps on the couch.\nShares fell sharply today.\nThe stock market lost value.",
  classification: "I like it.\nThis is the worst of all.",
  ranking: "Jane Austen wrote Emma in 1815.\nIt rains.\nEmma is a novel about youthful hubris.",
  tokens: "Sarah lives in New York.\nAda Lovelace met Charles Babbage in London.",
  mask: "Paris is the [MASK] of France.",
};

const NAMES = {
  embedding: "embeddings", classification: "classification of texts", ranking: "ranking of texts by a query",
  tokens: "labels of tokens", mask: "fill in a mask", tensors: "tensors",
};

/** The task of a model, from its metadata. */
export function taskOf(model) {
  const named = name => model.outputs.some(output => output.name === name);
  const takesText = model.inputs.some(input => input.name === "text");
  const task = String(model.parameters?.task?.value ?? "");
  if (!takesText) return "tensors";
  if (named("offset_mapping") || task.includes("token")) return "tokens";
  if (task.includes("mask")) return "mask";
  if (named("embedding")) return "embedding";
  if (named("label")) return labelCount(model) === 1 ? "ranking" : "classification";
  return "tensors";
}

function labelCount(model) {
  const logits = model.outputs.find(output => output.name === "logits");
  const labels = String(model.parameters?.labels?.value ?? "");
  return logits?.shape.at(-1) > 0 ? logits.shape.at(-1) : Number.parseInt(labels, 10);
}

export const nameOf = task => NAMES[task];

/** The text of the field at first, and a note where it has none: {text, note}. */
export function example(task, model) {
  if (task === "mask") {
    return { text: EXAMPLES.mask.replace("[MASK]", () => model.parameters?.mask_token?.value ?? "[MASK]"), note: "" };
  }
  if (task !== "tensors") return { text: EXAMPLES[task], note: "" };
  const sizes = model.inputs.map(input => ({ ...input, shape: closed(input), count: count(closed(input)) }));
  const large = sizes.find(input => input.count > VALUES_MAX);
  const image = sizes.find(input => input.name === "image" && input.datatype === "BYTES");
  const note = image ? "The model takes images, in Base64: there is no example."
    : large ? `The model takes ${large.count.toLocaleString("en")} values of ${large.name}, ${large.datatype} [${large.shape.join(", ")}]: there is no example.`
    : "";
  return { text: note ? "" : pretty(tensorBody(sizes)), note };
}

// 1 for sizes that the model leaves open
const closed = input => input.shape.map(size => size < 0 ? 1 : size);
const count = shape => shape.reduce((product, size) => product * size, 1);

// a body of the right form: zeros
function tensorBody(inputs) {
  return {
    inputs: inputs.map(({ name, datatype, shape, count }) => {
      const zero = datatype === "BYTES" ? "" : datatype === "BOOL" ? false : 0;
      return { name, datatype, shape, data: Array(count).fill(zero) };
    }),
  };
}

/**
 * The request for the typed texts: its path, and its body as `text`, or as `body` too where the page
 * makes it. Throws an Error with a sentence for the person.
 */
export function requestOf(task, model, text, query) {
  if (task === "tensors") {
    return { path: `/v2/models/${encodeURIComponent(model.name)}/infer`, text: typed(text), exact: true };
  }
  const made = madeOf(task, model, text, query);
  return { ...made, text: JSON.stringify(made.body) };
}

// sent as it is typed: parsed and written again, large integers would be other ones
function typed(text) {
  let json;
  try {
    json = JSON.parse(text);
  } catch (wrong) {
    throw new Error(`The request is not JSON: ${wrong.message}`);
  }
  if (json === null || typeof json !== "object" || Array.isArray(json)) throw new Error("The request is not a JSON object.");
  return text.trim();
}

function madeOf(task, model, text, query) {
  const texts = text.split("\n").map(line => line.trim()).filter(Boolean);
  if (texts.length === 0) throw new Error("Type at least one text.");
  if (task === "embedding") return { path: "/v1/embeddings", body: { model: model.name, input: texts }, texts };
  if (task === "ranking") {
    if (!query.trim()) throw new Error("Type a query.");
    return { path: "/v2/rerank", body: { model: model.name, query: query.trim(), documents: texts }, texts };
  }
  return { path: `/models/${encodeURIComponent(model.name)}`, body: { inputs: texts }, texts };
}
