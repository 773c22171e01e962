// The distribution's function, request by request.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Store, digest, event, given, key, load } from './edge.mjs';

const NOW = 1_800_000_000;
const clock = { seconds: NOW };
const store = new Store(clock);
const handler = load(store, clock);

const ADA = key('ada');
const LIMITED = key('ada');
const OTHER_MODELS = key('ada');
const REORDERED = key('ada');
const BOB = key('bob');
const NEXT = key('ada');
const REVOKED = key('ada');
const EXPIRED = key('ada');
const EXPIRES = key('ada');
const UNKNOWN = key('ada');
const STOLEN = key('eve');
const live = (tenant, more = {}) => ({ state: 'live', tenant, generation: 0, ...more });
store.put(ADA, live('ada'));
store.put(LIMITED, live('ada', { models: ['b', 'a'] }));
store.put(REORDERED, live('ada', { models: ['a', 'b'] }));
store.put(OTHER_MODELS, live('ada', { routes: ['a', 'b'] }));
store.put(BOB, live('bob'));
store.put(NEXT, live('ada', { generation: 1 }));
store.put(REVOKED, live('ada', { state: 'revoked' }));
store.put(EXPIRED, live('ada', { expires: NOW }));
store.put(EXPIRES, live('ada', { expires: NOW + 1 }));
store.put(STOLEN, live('ada'));

const bearer = text => ({ authorization: `Bearer ${text}` });
const EMBEDDINGS = '/v1/embeddings?input=a&model=m';

async function passes(method, target, headers) {
  const result = await handler(event(method, target, headers));
  assert.equal(result.statusCode, undefined, JSON.stringify(result));
  return result;
}

async function refused(status, method, target, headers) {
  const result = await handler(event(method, target, headers));
  assert.equal(result.statusCode, status, JSON.stringify(result));
  assert.equal(result.headers['cache-control'].value, 'no-store');
  return result;
}

const value = (request, name) => request.headers[name]?.value;
const query = request => Object.entries(request.querystring).map(([n, v]) => `${n}=${v.value}`).join('&');

for (const [name, headers] of [
  ['Bearer', bearer(ADA)],
  ['bearer in lower case', { authorization: `bearer ${ADA}` }],
  ['spaces around it', { authorization: `Bearer  ${ADA} ` }],
  ['x-api-key', { 'x-api-key': ADA }],
  ['api-key', { 'api-key': ADA }],
  ['the same twice', { ...bearer(ADA), 'x-api-key': ADA }],
  ['the same thrice', { ...bearer(ADA), 'x-api-key': ADA, 'api-key': ADA }],
]) {
  test(`a key passes as ${name}`, async () => {
    const request = await passes('GET', EMBEDDINGS, headers);
    assert.equal(value(request, 'x-pl-key'), ADA);
    assert.equal(value(request, 'x-pl-tenant'), 'ada#0:*');
    assert.equal(value(request, 'authorization'), undefined);
    assert.equal(value(request, 'x-api-key'), undefined);
    assert.equal(value(request, 'api-key'), undefined);
  });
}

for (const [name, headers] of [
  ['none', {}],
  ['an unknown key', bearer(UNKNOWN)],
  ['a revoked key', bearer(REVOKED)],
  ['a key that expires now', bearer(EXPIRED)],
  ["a key whose entry names another tenant", bearer(STOLEN)],
  ['another scheme', { authorization: 'Basic YTpi' }],
  ['another scheme next to a key', { authorization: 'Basic YTpi', 'x-api-key': ADA }],
  ['an empty header', { authorization: '' }],
  ['Bearer alone', { authorization: 'Bearer ' }],
  ['a digest in place of the key', bearer(digest(ADA))],
  ['a key cut short', bearer(ADA.slice(0, -1))],
  ['a key with more after it', bearer(ADA + 'a')],
  ['another prefix', bearer('sk_' + ADA.slice(3))],
  ['a tenant in upper case', bearer(ADA.replace('ada', 'Ada'))],
  ['a space within', bearer(ADA.slice(0, 20) + ' ' + ADA.slice(20))],
  ['two values of one header', { authorization: [`Bearer ${ADA}`, `Bearer ${BOB}`] }],
  ['a copied key alone', { 'x-pl-key': ADA }],
  ['a tenant alone', { 'x-pl-tenant': 'ada#0:*' }],
  ['__proto__ as the key', bearer('__proto__')],
]) {
  test(`${name} is refused`, async () => {
    for (const method of ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS', 'PUT', 'PATCH']) {
      const result = await refused(401, method, EMBEDDINGS, headers);
      assert.equal(result.headers['www-authenticate'].value, 'Bearer');
      assert.equal(result.body === undefined, method === 'HEAD');
    }
  });
}

test('a key passes in the second before it expires', async () => {
  await passes('GET', EMBEDDINGS, bearer(EXPIRES));
});

test('different keys in one request are refused', async () => {
  const result = await refused(400, 'GET', EMBEDDINGS, { ...bearer(ADA), 'x-api-key': BOB });
  assert.equal(JSON.parse(result.body.data).error.param, 'x-api-key');
});

test('a store that fails refuses for now', async () => {
  store.broken = true;
  try {
    const result = await refused(503, 'GET', EMBEDDINGS, bearer(ADA));
    assert.equal(result.headers['retry-after'].value, '1');
  } finally {
    store.broken = false;
  }
});

for (const entry of ['"ada"', 'null', '[]', '{}', '{"state":"live","tenant":"ada"}', '{"state":"live","tenant":1,"generation":0}',
  '{"state":"live","tenant":"ada","generation":0,"models":"m"}', '{"state":"live","tenant":"ada","generation":0,"models":null}',
  '{"state":"live","tenant":"ada","generation":0,"routes":{}}', '{"state":"live","tenant":"ada","generation":0,"expires":"never"}', '{"state":"live","tenant":"ada","generation":0,"expires":null}']) {
  test(`an invalid entry is refused with 503: ${entry}`, async () => {
    const broken = key('ada');
    store.put(broken, entry);
    await refused(503, 'GET', EMBEDDINGS, bearer(broken));
  });
}

test('tenants, generations and rights have keys of their own in the cache', async () => {
  const owners = new Set();
  for (const each of [ADA, LIMITED, OTHER_MODELS, BOB, NEXT]) {
    owners.add(value(await passes('GET', EMBEDDINGS, bearer(each)), 'x-pl-tenant'));
  }
  assert.equal(owners.size, 5);
});

test('the order of a list of rights does not matter', async () => {
  const one = await passes('GET', EMBEDDINGS, bearer(LIMITED));
  const other = await passes('GET', EMBEDDINGS, bearer(REORDERED));
  assert.equal(value(one, 'x-pl-tenant'), value(other, 'x-pl-tenant'));
});

for (const method of ['GET', 'HEAD', 'POST', 'DELETE', 'PUT']) {
  for (const target of [EMBEDDINGS, '/v1/results/x', '/v1/batches', '/none']) {
    test(`smuggled headers are overwritten: ${method} ${target}`, async () => {
      const request = await passes(method, target, {
        ...bearer(ADA), 'x-pl-tenant': 'bob#0:*', 'x-pl-key': BOB, 'x-pl-fresh': '-', 'x-pl-origin': 'guess', 'x-pl-other': '1',
      });
      assert.equal(value(request, 'x-pl-tenant'), 'ada#0:*');
      assert.notEqual(value(request, 'x-pl-key'), BOB);
      assert.equal(value(request, 'x-pl-fresh'), '-');
      assert.equal(value(request, 'x-pl-origin'), undefined);
      assert.equal(value(request, 'x-pl-other'), undefined);
    });
  }
}

test('a GET that may be kept brings few headers and no cookies', async () => {
  const request = await passes('GET', EMBEDDINGS, {
    ...bearer(ADA), 'user-agent': 'mistralai', 'idempotency-key': 'k', 'x-request-id': 'r', cookie: 'a=b', accept: 'text/csv',
    range: 'bytes=0-1', 'accept-encoding': 'gzip', 'if-none-match': '"x"', origin: 'https://a.example',
  });
  assert.deepEqual(Object.keys(request.headers).sort(),
    ['accept-encoding', 'host', 'if-none-match', 'x-pl-fresh', 'x-pl-key', 'x-pl-tenant']);
  assert.deepEqual(request.cookies, {});
});

test('other requests keep their headers, with the key where it was', async () => {
  const request = await passes('POST', '/v1/embeddings', { ...bearer(ADA), 'user-agent': 'a', 'content-type': 'application/json' });
  assert.equal(value(request, 'authorization'), `Bearer ${ADA}`);
  assert.equal(value(request, 'user-agent'), 'a');
  assert.equal(value(request, 'x-pl-key'), undefined);
});

for (const [raw, expected] of [
  ['model=m&input=a', 'input=a&model=m'],
  ['input=a&model=m', 'input=a&model=m'],
  ['input=%61&%6Dodel=m', 'input=a&model=m'],
  ['input=a+b', 'input=a+b'],
  ['input=a%20b', 'input=a+b'],
  ['input=a%2Bb', 'input=a%2Bb'],
  ['input=a%26b%3Dc', 'input=a%26b%3Dc'],
  ['input=a=b', 'input=a%3Db'],
  ['input=%c3%b6', 'input=%C3%B6'],
  ['input', 'input='],
  ['truncate=true&dimensions=2&input=a', 'dimensions=2&input=a&truncate=true'],
]) {
  test(`a query has one form: ${raw}`, async () => {
    assert.equal(query(await passes('GET', `/v1/embeddings?${raw}`, bearer(ADA))), expected);
  });
}

for (const [status, target, field] of [
  [400, '/v1/embeddings?input=a&user=u', 'user'],
  [400, '/v1/embeddings?input=a&Input=b', 'Input'],
  [400, '/v1/embeddings?input=a&input=b', 'input'],
  [400, '/v1/embeddings?input=a&%69nput=b', 'input'],
  [400, '/v1/embeddings?input=a&', 'query'],
  [400, '/v1/embeddings?constructor=a', 'constructor'],
  [400, '/v1/embeddings?input=%zz', 'query'],
  [400, '/v1/embeddings?input=%c3', 'query'],
  [400, '/v1/results/x?a=b', 'a'],
  [400, '/v1/models?a=b', 'a'],
  [413, `/v1/embeddings?input=${'a'.repeat(4091)}`, 'query'],
  [413, `/v1/embeddings?input=${'"'.repeat(2000)}`, 'query'],
]) {
  test(`a query is refused: ${target.slice(0, 60)}`, async () => {
    const result = await refused(status, 'GET', target, bearer(ADA));
    assert.equal(JSON.parse(result.body.data).error.param, field);
  });
}

test('the parameters of labels are others, and a refusal has their route\'s form', async () => {
  assert.equal(query(await passes('GET', '/predict?top_k=1&inputs=a', bearer(ADA))), 'inputs=a&top_k=1');
  const result = await refused(422, 'GET', '/predict?input=a', bearer(ADA));
  assert.equal(JSON.parse(result.body.data).error_type, 'Validation');
});

test('the longest query passes', async () => {
  for (const text of ['a'.repeat(4090), 'a+'.repeat(2045), `${'%22'.repeat(1363)}a`]) {
    const request = await passes('GET', `/v1/embeddings?input=${text}`, bearer(ADA));
    assert.ok(query(request).length <= 4096);
  }
});

test('the parameters are the API\'s', async () => {
  for (const [path, names] of Object.entries(given.parameters)) {
    for (const name of names) {
      assert.equal(query(await passes('GET', `${path}?${name}=1`, bearer(ADA))), `${name}=1`);
    }
    const result = await handler(event('GET', `${path}?none=1`, bearer(ADA)));
    assert.ok(result.body.data.includes(`accepted: ${names.join(', ')}"`), result.body.data);
  }
});

test('the owner of a key\'s answers is the API\'s', async () => {
  assert.ok(given.owners.length >= 4);
  for (const { entry, owner } of given.owners) {
    const text = key(entry.tenant);
    store.put(text, entry);
    assert.equal(value(await passes('GET', EMBEDDINGS, bearer(text)), 'x-pl-tenant'), owner);
  }
});

for (const [control, isNew] of [
  ['no-store', true], ['no-cache', true], ['NO-CACHE', true], ['max-age=0', true], ['max-age=00', true], ['max-age="0"', true],
  ['a, no-store', true], ['only-if-cached', true], ['no-cache="x"', true], [['a', 'no-store'], true],
  ['max-age=60', false], ['max-age=10', false], ['no-transform', false], ['x-no-store', false],
]) {
  test(`cache-control ${control} ${isNew ? 'has a key of its own' : 'shares answers'}`, async () => {
    const one = await passes('GET', EMBEDDINGS, { ...bearer(ADA), 'cache-control': control });
    const other = await passes('GET', EMBEDDINGS, { ...bearer(ADA), 'cache-control': control });
    assert.equal(value(one, 'x-pl-fresh') === value(other, 'x-pl-fresh'), !isNew);
    assert.ok(value(one, 'cache-control'), 'the origin reads it, too');
  });
}

for (const path of ['/v2/health/live', '/v2/health/ready', '/health', '/ping']) {
  test(`a health check needs no key: ${path}`, async () => {
    const request = await passes('GET', path, { 'x-pl-tenant': 'ada#0:*', 'x-pl-key': ADA });
    assert.equal(value(request, 'x-pl-tenant'), '-');
    assert.equal(value(request, 'x-pl-key'), undefined);
    await refused(401, 'POST', path, {});
    await refused(401, 'GET', `${path}/x`, {});
  });
}

test('a refusal is the API\'s own, on every route', async () => {
  assert.ok(given.refusals.length > 60);
  for (const { method, path, status, body } of given.refusals) {
    const result = await refused(status, method, path, { 'content-type': 'application/json' });
    assert.deepEqual(JSON.parse(result.body.data), body, `${method} ${path}`);
  }
});
