// The task of a model, its requests, and an example to begin with.

import { pretty } from "./parts.js";

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

/** The text of the field at first. */
export function example(task, model) {
  return EXAMPLES[task] ?? pretty(tensorBody(model));
}

// a body of the right form: zeros, and 1 for sizes that the model leaves open
function tensorBody(model) {
  return {
    inputs: model.inputs.map(input => {
      const shape = input.shape.map(size => size < 0 ? 1 : size);
      const count = shape.reduce((product, size) => product * size, 1);
      const zero = input.datatype === "BYTES" ? "" : input.datatype === "BOOL" ? false : 0;
      return { name: input.name, datatype: input.datatype, shape, data: Array(Math.min(count, 4096)).fill(zero) };
    }),
  };
}

/** The request for the typed texts. Throws an Error with a sentence for the person. */
export function requestOf(task, model, text, query) {
  if (task === "tensors") {
    try {
      return { path: `/v2/models/${encodeURIComponent(model.name)}/infer`, body: JSON.parse(text) };
    } catch (wrong) {
      throw new Error(`The request is not JSON: ${wrong.message}`);
    }
  }
  const texts = text.split("\n").map(line => line.trim()).filter(Boolean);
  if (texts.length === 0) throw new Error("Type at least one text.");
  if (task === "embedding") return { path: "/v1/embeddings", body: { model: model.name, input: texts }, texts };
  if (task === "ranking") {
    if (!query.trim()) throw new Error("Type a query.");
    return { path: "/v2/rerank", body: { model: model.name, query: query.trim(), documents: texts }, texts };
  }
  return { path: `/models/${encodeURIComponent(model.name)}`, body: { inputs: texts }, texts };
}
