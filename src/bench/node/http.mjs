// The server that a careful user would write in Node.js instead of the container: the same model
// behind Node's own http module, OpenAI's embeddings route and nothing else.
//
// Variables: PORT, MODEL_DIR (model.onnx, tokenizer.json), and CACHE: `none`, or `map` for answers in
// a Map of this process.
import http from 'node:http';
import fs from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';
import ort from 'onnxruntime-node';

const { CACHE, MODEL_DIR, PORT } = process.env;
const opening = ort.InferenceSession.create(`${MODEL_DIR}/model.onnx`, {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
});
const tokenizer = new Tokenizer(JSON.parse(fs.readFileSync(`${MODEL_DIR}/tokenizer.json`)), {});
const session = await opening;
const known = CACHE === 'map' ? new Map() : undefined;

// the mean of the tokens' vectors, of length 1
async function run(text) {
  const { ids, attention_mask: mask } = tokenizer.encode(text);
  const tokens = ids.length;
  const tensor = (values) =>
    new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, tokens]);
  const { last_hidden_state: hidden } = await session.run({
    input_ids: tensor(ids),
    attention_mask: tensor(mask),
    token_type_ids: tensor(new Array(tokens).fill(0)),
  });
  const size = hidden.dims[2];
  const vector = new Float32Array(size);
  for (let token = 0; token < tokens; token++) {
    for (let place = 0; place < size; place++) {
      vector[place] += hidden.data[token * size + place];
    }
  }
  let squares = 0;
  for (let place = 0; place < size; place++) {
    vector[place] /= tokens;
    squares += vector[place] * vector[place];
  }
  const length = Math.sqrt(squares);
  for (let place = 0; place < size; place++) {
    vector[place] /= length;
  }
  return vector;
}

async function embed(text) {
  let vector = known?.get(text);
  if (!vector) {
    vector = await run(text);
    known?.set(text, vector);
  }
  return vector;
}

async function answer(request) {
  const inputs = Array.isArray(request.input) ? request.input : [request.input];
  const data = [];
  for (const [index, text] of inputs.entries()) {
    const vector = await embed(text);
    const embedding = request.encoding_format === 'base64'
      ? Buffer.from(vector.buffer).toString('base64')
      : Array.from(vector);
    data.push({ object: 'embedding', index, embedding });
  }
  const usage = { prompt_tokens: 0, total_tokens: 0 };
  return Buffer.from(JSON.stringify({ object: 'list', data, model: request.model, usage }));
}

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    try {
      const body = await answer(JSON.parse(Buffer.concat(chunks)));
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': body.length,
      });
      response.end(body);
    } catch (failure) {
      response.writeHead(500, { 'content-length': 0 });
      response.end();
    }
  });
});
server.keepAliveTimeout = 600_000;
server.listen(Number(PORT), '127.0.0.1');
