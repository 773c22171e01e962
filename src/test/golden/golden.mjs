// Reference token ids and embeddings by an independent implementation: the JavaScript tokenizers
// and ONNX Runtime's Node.js binding. GoldenTest compares the Java answers with them.
//
//   mvn verify -Pgolden       computes them anew, on the machine of the build, into
//                             target/golden/, and holds the int8 models to 1e-5 (needs Node.js 20.11+)
//
// The stored ones, of all-minilm-l6-v2 only, are those of some such run:
// cp target/golden/all-minilm-*.json src/test/resources/golden/
//
// The texts are in texts.json: `name`, `text`, and where they apply
//   over       the text has more tokens than the model takes: refused, unless truncation is asked
//              for; what is stored here is the truncated text
//   ids, why   the token ids by the definition of tokenizer.json, which is the Rust library, where
//              the JavaScript one is known to differ, and why it is wrong. Seen over every code
//              point up to U+31FFF between two letters: the libraries differ in no other way.

import fs from 'node:fs';
import path from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import * as ort from 'onnxruntime-node';

const TOKENS_MAX = 256;
const LEVEL = 'extended';

const [modelDirectory, output, pooling = 'mean'] = process.argv.slice(2);
if (!output || !['mean', 'cls'].includes(pooling)) {
  console.error('usage: node golden.mjs <model directory> <output file> [mean|cls]');
  process.exit(2);
}

const json = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
const tokenizer = new Tokenizer(json(path.join(modelDirectory, 'tokenizer.json')), {});
const session = await ort.InferenceSession.create(path.join(modelDirectory, 'model.onnx'), {
  executionProviders: ['cpu'],
  graphOptimizationLevel: LEVEL,
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
});

/** Special tokens included; without padding; the file's own truncation does not apply. */
function tokenIds({ name, text, ids: corrected, over = false }) {
  const ids = tokenizer.encode(text).ids;
  if (corrected && String(corrected) === String(ids)) {
    throw new Error(`${name}: the libraries agree by now, the correction can go`);
  }
  const whole = corrected ?? ids;
  if (whole.length > TOKENS_MAX !== over) {
    throw new Error(`${name}: ${whole.length} tokens, but over is ${over}`);
  }
  return over ? [...whole.slice(0, TOKENS_MAX - 1), whole.at(-1)] : whole;
}

/** One text alone: neighbours in a batch would change an int8 model's answer. */
async function embedding(ids) {
  const tensor = (values) =>
    new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, ids.length]);
  const inputs = {
    input_ids: tensor(ids),
    attention_mask: tensor(ids.map(() => 1)),
    token_type_ids: tensor(ids.map(() => 0)),
  };
  const hidden = (await session.run(inputs))[session.outputNames[0]];
  const [, tokens, dimensions] = hidden.dims;
  const pooled = new Float64Array(dimensions);
  if (pooling === 'cls') {
    pooled.set(hidden.data.subarray(0, dimensions));
  } else {
    hidden.data.forEach((value, i) => (pooled[i % dimensions] += value / tokens));
  }
  const norm = Math.hypot(...pooled);
  return Float32Array.from(pooled, (value) => value / norm);
}

/** Little-endian, whatever the machine is. */
function base64(floats) {
  const bytes = Buffer.alloc(4 * floats.length);
  floats.forEach((value, i) => bytes.writeFloatLE(value, 4 * i));
  return bytes.toString('base64');
}

const lines = [];
for (const entry of json(path.join(import.meta.dirname, 'texts.json'))) {
  const ids = tokenIds(entry);
  lines.push(JSON.stringify({ name: entry.name, ids, embedding: base64(await embedding(ids)) }));
}
const runtime = `onnxruntime-${ort.env.versions.node}/${LEVEL}`;
fs.mkdirSync(path.dirname(output), { recursive: true });
fs.writeFileSync(
  output,
  `{"runtime": ${JSON.stringify(runtime)}, "answers": [\n${lines.join(',\n')}\n]}\n`,
);
console.log(`${lines.length} texts by ${runtime}: ${output}`);
