// Reference rankings, labels and cosines by an independent implementation: transformers.js, which
// tokenizes, runs the graph and computes scores. With -Pgolden, TasksTest runs this and compares;
// without, it compares with the stored answers.
//
//   node tasks.mjs <models directory> <cases file> <answers file>
//
// The models lie as in the product: NAME/1/model.onnx beside tokenizer.json and config.json. A case is
//   {"model", "task": "rank", "query", "texts"}   answered by [{"index", "logit"}…], highest first
//   {"model", "task": "labels", "texts"}          answered by [[{"label", "score"}…]…], highest first
//   {"model", "task": "cosines", "query", "texts"} answered by [cosine…]
// NaN is written as null.

import fs from 'node:fs';
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  env,
  pipeline,
} from '@huggingface/transformers';

const [models, cases, output] = process.argv.slice(2);
if (!output) {
  console.error('usage: node tasks.mjs <models directory> <cases file> <answers file>');
  process.exit(2);
}

env.allowRemoteModels = false;
env.localModelPath = models;
const options = {
  subfolder: '',
  dtype: 'fp32', // names the file model.onnx, whatever it holds
  device: 'cpu',
  session_options: {
    graphOptimizationLevel: 'extended',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  },
};

const loaded = new Map();
/** A model is loaded once for each use. */
async function load(use, model, make) {
  const key = `${use} ${model}`;
  if (!loaded.has(key)) {
    loaded.set(key, await make(`${model}/1`));
  }
  return loaded.get(key);
}

/** Pairs alone, not in a batch, so that nothing is padded. */
async function rank({ model, query, texts }) {
  const tokenizer = await load('tokenizer', model, (path) => AutoTokenizer.from_pretrained(path));
  const encoder = await load('encoder', model, (path) =>
    AutoModelForSequenceClassification.from_pretrained(path, options),
  );
  const ranking = [];
  for (const [index, text] of texts.entries()) {
    const { logits } = await encoder(await tokenizer(query, { text_pair: text }));
    ranking.push({ index, logit: logits.data[0] });
  }
  return ranking.sort((a, b) => b.logit - a.logit); // keeps the order of equal ones
}

async function labels({ model, texts }) {
  const classify = await load('labels', model, (path) =>
    pipeline('text-classification', path, options),
  );
  const all = [];
  for (const text of texts) {
    all.push(await classify(text, { top_k: null }));
  }
  return all;
}

async function cosines({ model, query, texts }) {
  const embed = await load('cosines', model, (path) =>
    pipeline('feature-extraction', path, options),
  );
  const embedding = async (text) =>
    (await embed(text, { pooling: 'mean', normalize: true })).data;
  const source = await embedding(query);
  const all = [];
  for (const text of texts) {
    const other = await embedding(text);
    all.push(source.reduce((sum, value, i) => sum + value * other[i], 0));
  }
  return all;
}

const tasks = { rank, labels, cosines };
const answers = [];
for (const one of JSON.parse(fs.readFileSync(cases, 'utf8'))) {
  answers.push(await tasks[one.task](one));
}
fs.writeFileSync(output, JSON.stringify(answers));
