// Reference answers for masks, sparse vectors and vectors of all tokens by an independent
// implementation: the JavaScript tokenizers, ONNX Runtime's Node.js binding, and the formulas of
// transformers' fill-mask pipeline, of sentence-transformers' SpladePooling and of FlagEmbedding's
// BGE-M3. GoldenFormsTest compares the Java answers with them.
//
//   java -cp … dev.pilotlight.handler.forms.FormModels DIRECTORY   writes the toy models
//   node forms.mjs DIRECTORY src/test/resources/golden/forms.json  computes the stored answers
//
// Both models of a task have graphs of the tests and tokenizers of the kinds in use: WordPiece with
// [MASK], byte-level BPE with <mask>. Of a sparse vector the file has the number of weights, their
// sum, and the largest; vectors of tokens are whole.

import fs from 'node:fs';
import path from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import * as ort from 'onnxruntime-node';

const TOP = 5;
const LARGEST = 20;
const TEXTS = [
  'Paris is the * of France.',
  '*',
  'A *, a café and 東京: * again!',
  'say * now, hello in the * hello',
  'the cat and the other cat sat on the mat * with one two three four five six seven eight',
];

const [directory, output] = process.argv.slice(2);
if (!output) {
  console.error('usage: node forms.mjs <directory of models> <output file>');
  process.exit(2);
}

const json = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));

async function open(name) {
  const folder = path.join(directory, name, '1');
  const tokenizer = new Tokenizer(json(path.join(folder, 'tokenizer.json')), {});
  const session = await ort.InferenceSession.create(path.join(folder, 'model.onnx'), {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'extended',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  return { tokenizer, session };
}

/** An output `[1, rows, size]` as rows. */
async function run({ session }, ids, name) {
  const tensor = (values) =>
    new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, ids.length]);
  const inputs = { input_ids: tensor(ids), attention_mask: tensor(ids.map(() => 1)) };
  const { dims, data } = (await session.run(inputs))[name];
  const [, rows, size] = dims;
  return Array.from({ length: rows }, (_, row) => data.subarray(row * size, (row + 1) * size));
}

/** transformers/pipelines/fill_mask.py */
async function masks(model, text, mask, pad) {
  const { tokenizer } = model;
  const ids = tokenizer.encode(text.replaceAll('*', mask)).ids;
  const maskId = tokenizer.token_to_id(mask);
  const padId = tokenizer.token_to_id(pad);
  const logits = await run(model, ids, 'logits');
  const places = ids.flatMap((id, place) => (id === maskId ? [place] : []));
  return places.map((place) => {
    const row = Array.from(logits[place]);
    const largest = Math.max(...row);
    const powers = row.map((logit) => Math.exp(logit - largest));
    const sum = powers.reduce((a, b) => a + b, 0);
    const order = row.map((_, id) => id).sort((a, b) => row[b] - row[a] || a - b);
    return order.slice(0, TOP).map((token) => {
      const filled = ids.map((id, at) => (at === place ? token : id)).filter((id) => id !== padId);
      return {
        score: Math.fround(powers[token] / sum),
        token,
        token_str: tokenizer.decode([token], { skip_special_tokens: false }),
        sequence: tokenizer.decode(filled, { skip_special_tokens: places.length === 1 }),
      };
    });
  });
}

function summary(weights) {
  const entries = weights.flatMap((value, index) => (value ? [{ index, value }] : []));
  return {
    count: entries.length,
    sum: entries.reduce((sum, { value }) => sum + value, 0),
    largest: entries.sort((a, b) => b.value - a.value || a.index - b.index).slice(0, LARGEST),
  };
}

/** sentence_transformers/sparse_encoder/models/SpladePooling.py */
async function splade(model, text, strategy) {
  const ids = model.tokenizer.encode(text).ids;
  const logits = await run(model, ids, 'logits');
  const scores = logits.map((row) => Array.from(row, (logit) => Math.log1p(Math.max(logit, 0))));
  const pooled = scores.reduce((a, b) =>
    a.map((value, i) => (strategy === 'sum' ? value + b[i] : Math.max(value, b[i]))),
  );
  return summary(pooled.map(Math.fround));
}

/** FlagEmbedding/inference/embedder/encoder_only/m3.py */
async function lexical(model, text, weigh, name) {
  const ids = model.tokenizer.encode(text).ids;
  const unused = new Set(
    ['[CLS]', '[SEP]', '[PAD]', '[UNK]'].map((token) => model.tokenizer.token_to_id(token)),
  );
  const rows = await run(model, ids, name);
  const weights = [];
  ids.forEach((id, place) => {
    const weight = Math.fround(weigh(rows[place]));
    if (!unused.has(id) && weight > 0 && weight > (weights[id] ?? 0)) {
      weights[id] = weight;
    }
  });
  return summary(Array.from(weights, (weight) => weight ?? 0));
}

async function vectors(model, text, name) {
  const rows = await run(model, model.tokenizer.encode(text).ids, name);
  return rows.map((row) => Array.from(row));
}

const LINEAR = [0.5, -1, 0.25, 2];
const BIAS = 0.125;
const layer = (vector) => LINEAR.reduce((sum, weight, i) => sum + weight * vector[i], BIAS);

const answers = { runtime: ort.env.versions.node, texts: TEXTS, masks: {}, sparse: {}, all: {} };
for (const [name, mask, pad] of [['masks', '[MASK]', '[PAD]'], ['bytes', '<mask>', '<pad>']]) {
  const model = await open(name);
  answers.masks[name] = [];
  for (const text of TEXTS) {
    answers.masks[name].push(await masks(model, text, mask, pad));
  }
}
for (const [name, compute] of [
  ['splade', (model, text) => splade(model, text, 'max')],
  ['sums', (model, text) => splade(model, text, 'sum')],
  ['heads', (model, text) => lexical(model, text, ([weight]) => weight, 'sparse_vecs')],
  ['linear', (model, text) => lexical(model, text, layer, 'last_hidden_state')],
]) {
  const model = await open(name);
  answers.sparse[name] = [];
  for (const text of TEXTS) {
    answers.sparse[name].push(await compute(model, text));
  }
}
for (const [name, from] of [['linear', 'last_hidden_state'], ['heads', 'colbert_vecs']]) {
  const model = await open(name);
  answers.all[name] = [];
  for (const text of TEXTS) {
    answers.all[name].push(await vectors(model, text, from));
  }
}
fs.writeFileSync(output, JSON.stringify(answers) + '\n');
