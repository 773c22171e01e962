// The function that a careful user would write in Node.js instead of deploying Pilotlight: the same
// model, the same look-up in Redis, the same write to DynamoDB. It calls the Lambda Runtime API
// itself, without AWS's client. It serves OpenAI's embeddings route and nothing else: it has no
// checks of requests, deadlines, metrics or retries of its own.
//
// Two forms:
//   bare   GET in Redis, run, then SET in Redis and an unconditional PutItem at the same time
//   equal  (EQUAL=1) the promises of Pilotlight's default: GET in Redis, GetItem, run, a conditional
//          PutItem that returns the item of an earlier writer, then SET in Redis
//
// Variables: AWS_LAMBDA_RUNTIME_API, AWS_ENDPOINT_URL_DYNAMODB, PILOTLIGHT_REDIS (a URL),
// PILOTLIGHT_TABLE, MODEL_DIR (model.onnx, tokenizer.json), KEY_PREFIX, EQUAL.
import http from 'node:http';
import fs from 'node:fs';
import { createHash } from 'node:crypto';
import { Tokenizer } from '@huggingface/tokenizers';
import ort from 'onnxruntime-node';
import Redis from 'ioredis';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';

const SECONDS_IN_REDIS = 86400;

const { AWS_LAMBDA_RUNTIME_API, EQUAL, KEY_PREFIX, MODEL_DIR, PILOTLIGHT_TABLE } = process.env;
const redis = new Redis(process.env.PILOTLIGHT_REDIS);
const dynamo = new DynamoDBClient({
  region: process.env.AWS_REGION,
  endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB,
});
// the session opens on another thread while this one reads the tokenizer
const opening = ort.InferenceSession.create(`${MODEL_DIR}/model.onnx`, {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
});
const tokenizer = new Tokenizer(JSON.parse(fs.readFileSync(`${MODEL_DIR}/tokenizer.json`)), {});
const session = await opening;

// from their stored bytes
const floats = (bytes) =>
  new Float32Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));

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

const cache = (key, bytes) => redis.set(key, bytes, 'EX', SECONDS_IN_REDIS);

async function bare(text, key) {
  const vector = await run(text);
  const bytes = Buffer.from(vector.buffer);
  const put = { TableName: PILOTLIGHT_TABLE, Item: { pk: { S: key }, v: { B: bytes } } };
  await Promise.all([cache(key, bytes), dynamo.send(new PutItemCommand(put))]);
  return vector;
}

async function equal(text, key) {
  const get = { TableName: PILOTLIGHT_TABLE, Key: { pk: { S: key } } };
  const { Item: known } = await dynamo.send(new GetItemCommand(get));
  if (known) {
    await cache(key, Buffer.from(known.v.B));
    return floats(known.v.B);
  }
  let bytes = Buffer.from((await run(text)).buffer);
  try {
    await dynamo.send(new PutItemCommand({
      TableName: PILOTLIGHT_TABLE,
      Item: { pk: { S: key }, v: { B: bytes } },
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }));
  } catch (e) {
    if (!e.Item) throw e;
    bytes = Buffer.from(e.Item.v.B);
  }
  await cache(key, bytes);
  return floats(bytes);
}

async function embed(text) {
  const key = KEY_PREFIX + createHash('sha256').update(text).digest('base64url');
  const hit = await redis.getBuffer(key);
  if (hit) return floats(hit);
  return EQUAL ? equal(text, key) : bare(text, key);
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
  return JSON.stringify({
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ object: 'list', data, model: request.model, usage }),
  });
}

const [host, port] = AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true });
const call = (method, path, body) => new Promise((resolve, reject) => {
  const headers = body ? { 'Content-Length': Buffer.byteLength(body) } : {};
  const options = { host, port, method, path: `/2018-06-01/runtime${path}`, agent, headers };
  const request = http.request(options, (response) => {
    const chunks = [];
    response.on('data', (chunk) => chunks.push(chunk));
    response.on('end', () =>
      resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
  });
  request.on('error', reject);
  request.end(body);
});

for (;;) {
  const event = await call('GET', '/invocation/next');
  const body = await answer(JSON.parse(JSON.parse(event.body).body));
  const id = event.headers['lambda-runtime-aws-request-id'];
  await call('POST', `/invocation/${id}/response`, body);
}
