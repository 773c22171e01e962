// The cache of the distribution, with the policies of template.yaml: random sequences of requests.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Distribution, SECRET, Store, event, given, key, load, source } from './edge.mjs';

const SEQUENCES = 10_000;
const REQUESTS = 12;
const STATED_SECONDS = 60; // a revoked key is refused at the edge and at the origin
const PROPAGATION_SECONDS = 30; // of the store, as it is usually; not AWS's promise
const KEPT_SECONDS = 300;

function random(seed) {
  let state = seed;
  return limit => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * limit);
  };
}

// The API as the function behind it answers: the same rules as the gate and the headers for the edge.
class Origin {
  constructor(clock, keys) {
    this.clock = clock;
    this.keys = keys;
    this.read = new Map();
    this.versions = 0;
    this.failing = false;
  }

  // a key is known for a minute from the read that found it
  caller(text) {
    const known = this.read.get(text);
    if (known && known.at + 60 > this.clock.seconds) {
      return known.entry;
    }
    const entry = this.keys.get(text);
    this.read.set(text, { at: this.clock.seconds, entry: entry?.state === 'live' ? { ...entry } : undefined });
    return this.read.get(text).entry;
  }

  answer({ method, uri, query, headers }) {
    const error = status => ({ status, headers: { 'cache-control': 'no-store' } });
    if (headers['x-pl-origin'] !== SECRET) {
      return error(403);
    }
    const text = headers['x-pl-key'] ?? headers.authorization?.slice('Bearer '.length) ?? headers['x-api-key'];
    const entry = text === undefined ? undefined : this.caller(text);
    if (!entry || (entry.expires !== undefined && entry.expires <= this.clock.seconds)) {
      return error(401);
    }
    if (this.failing) {
      return error(503);
    }
    const normal = decodeURIComponent(uri);
    if (uri.endsWith('/absent')) {
      return error(404);
    }
    const allows = !/no-store|no-cache|max-age=0|only-if-cached/.test(headers['cache-control'] ?? '');
    const keeps = headers['x-pl-key'] !== undefined && (method === 'GET' || method === 'HEAD') && allows && /^\/(v1\/(embeddings|results\/|models)|v2\/models$|predict)/.test(normal);
    return {
      status: 200,
      headers: { 'cache-control': keeps ? `max-age=0, s-maxage=${KEPT_SECONDS}, must-revalidate` : 'no-store' },
      made: ++this.versions,
      at: this.clock.seconds,
      of: JSON.stringify([method, uri, query]),
      tenant: entry.tenant,
      generation: entry.generation,
      models: entry.models ?? null,
    };
  }
}

const METHODS = ['GET', 'GET', 'GET', 'GET', 'HEAD', 'POST', 'DELETE'];
const TARGETS = [
  ['/v1/embeddings?input=a&model=m', 'input=a&model=m'],
  ['/v1/embeddings?model=m&input=a', 'input=a&model=m'],
  ['/v1/embeddings?model=m&input=%61', 'input=a&model=m'],
  ['/v1/embeddings?model=m&input=b', 'input=b&model=m'],
  // the function of the distribution leaves these as they are
  ['/v1/%65mbeddings?input=a&model=m', ''],
  ['/v1/embeddings/?input=a', ''],
  ['/predict?inputs=a', 'inputs=a'],
  ['/v1/results/r1', ''],
  ['/v1/results/absent', ''],
  ['/v1/models', ''],
  ['/v2/models', ''],
  ['/v1/usage', ''],
];
const CONTROLS = [undefined, undefined, undefined, 'no-store', 'no-cache', 'max-age=0', 'max-age=60', 'only-if-cached'];

// One sequence; returns what is wrong with an answer.
async function sequence(seed, resources, code) {
  const pick = random(seed);
  const clock = { seconds: 1_800_000_000 };
  const store = new Store(clock, PROPAGATION_SECONDS);
  const table = new Map();
  const write = (text, entry) => {
    table.set(text, entry);
    store.put(text, entry);
  };
  const keys = [key('ada'), key('ada'), key('ada'), key('bob'), key('bob'), key('ada')];
  const start = clock.seconds;
  write(keys[0], { state: 'live', tenant: 'ada', generation: 0 });
  write(keys[1], { state: 'live', tenant: 'ada', generation: 0, models: ['m'] });
  write(keys[2], { state: 'live', tenant: 'ada', generation: 1 });
  write(keys[3], { state: 'live', tenant: 'bob', generation: 0 });
  write(keys[4], { state: 'live', tenant: 'bob', generation: 0, expires: start + 200 });
  clock.seconds += PROPAGATION_SECONDS; // keys[5] is unknown
  const origin = new Origin(clock, table);
  const distribution = new Distribution(resources, load(store, clock, code), request => origin.answer(request), clock);
  const revoked = new Map();
  const wrong = [];
  const targets = [TARGETS[pick(TARGETS.length)], TARGETS[pick(TARGETS.length)]];
  const callers = [keys[pick(6)], keys[pick(6)], keys[pick(6)], undefined];
  let hits = 0;
  for (let i = 0; i < REQUESTS; i++) {
    const what = pick(12);
    if (what === 0) {
      clock.seconds += 1 + pick(100);
    } else if (what === 1) {
      const text = table.has(callers[0]) ? callers[0] : keys[pick(5)];
      write(text, { ...table.get(text), state: 'revoked' });
      revoked.set(text, revoked.get(text) ?? clock.seconds);
    }
    origin.failing = what === 2;
    const text = callers[Math.min(pick(4), pick(4))];
    const control = CONTROLS[pick(CONTROLS.length)];
    const method = METHODS[pick(METHODS.length)];
    const [target, query] = targets[pick(2)];
    const headers = { 'accept-encoding': ['gzip', 'gzip', 'identity'][pick(3)] };
    if (text !== undefined) {
      headers[pick(2) ? 'authorization' : 'x-api-key'] = text;
      if (headers.authorization) {
        headers.authorization = `Bearer ${text}`;
      }
    }
    if (control !== undefined) {
      headers['cache-control'] = control;
    }
    if (pick(3) === 0) {
      Object.assign(headers, { 'x-pl-tenant': 'bob#0:*', 'x-pl-key': keys[3], 'x-pl-fresh': '-', 'x-pl-origin': SECRET });
    }
    const answer = await distribution.send(event(method, target, headers));
    const entry = text === undefined ? undefined : table.get(text);
    const at = `${method} ${target} ${control} key ${keys.indexOf(text)}: ${JSON.stringify(answer)}`;
    if (answer.status !== 200) {
      if (answer.from === 'cache') {
        wrong.push(`an error was kept: ${at}`);
      }
      continue;
    }
    hits += answer.from === 'cache' ? 1 : 0;
    const ended = entry && revoked.has(text) && revoked.get(text) + STATED_SECONDS <= clock.seconds;
    const expired = entry?.expires !== undefined && entry.expires <= clock.seconds;
    const uri = target.split('?')[0];
    if (!entry || ended || expired) {
      wrong.push(`no valid key: ${at}`);
    } else if (answer.tenant !== entry.tenant || answer.generation !== entry.generation) {
      wrong.push(`another tenant's: ${at}`);
    } else if (JSON.stringify(answer.models) !== JSON.stringify(entry.models ?? null)) {
      wrong.push(`of a key with other rights: ${at}`);
    } else if (answer.from === 'cache' && (control ?? 'max-age=60') !== 'max-age=60') {
      wrong.push(`a stored answer that was not allowed: ${at}`);
    } else if (answer.from === 'cache' && method !== 'GET' && method !== 'HEAD') {
      wrong.push(`a stored answer to another method: ${at}`);
    } else if (/s-maxage/.test(answer.headers['cache-control'])) {
      wrong.push(`a cache nearer to the client may keep it: ${at}`);
    } else if (answer.at + KEPT_SECONDS <= clock.seconds) {
      wrong.push(`too old: ${at}`);
    } else if (method === 'GET' && answer.of !== JSON.stringify([method, uri, query]) && uri !== '/v1/usage') {
      wrong.push(`the answer to another request: ${at}`);
    }
  }
  for (const [name, { answer }] of distribution.cache) {
    if (/no-store/.test(answer.headers['cache-control'])) {
      wrong.push(`no-store was kept: ${name}`);
    }
  }
  return { wrong, hits };
}

// With `untilWrong` it stops at the first finding.
async function run(sequences, resources = given.resources, code = source, untilWrong = true) {
  const wrong = [];
  let hits = 0;
  for (let seed = 1; seed <= sequences && !(untilWrong && wrong.length > 0); seed++) {
    const one = await sequence(seed, resources, code);
    wrong.push(...one.wrong);
    hits += one.hits;
  }
  return { wrong, hits };
}

test(`${SEQUENCES} sequences have no hit without a valid key, and none across tenants`, async () => {
  const { wrong, hits } = await run(SEQUENCES, given.resources, source, false);
  assert.deepEqual(wrong.slice(0, 3), []);
  assert.ok(hits > SEQUENCES / 10, `${hits} hits`);
  console.log(`${SEQUENCES} sequences of ${REQUESTS} requests: ${hits} hits`);
});

const PLANTED = [
  ['the tenant is not in the key', r => { headersOf(r).Headers = ['x-pl-fresh']; }],
  ['no-cache has no key of its own', r => { headersOf(r).Headers = ['x-pl-tenant']; }],
  ['the query is not in the key', r => { keyed(r).QueryStringsConfig = { QueryStringBehavior: 'none' }; }],
  ['errors are kept', r => { delete config(r).CustomErrorResponses; }],
  ['answers are kept whatever they say', r => { kept(r).MinTTL = '60'; }],
  ['s-maxage reaches the client', r => { config(r).CacheBehaviors.forEach(each => { delete each.ResponseHeadersPolicyId; }); }],
  ['a behaviour has no function', r => { config(r).CacheBehaviors[0].FunctionAssociations = []; }],
];
const config = r => r.EdgeDistribution.Properties.DistributionConfig;
const kept = r => r.EdgeKept.Properties.CachePolicyConfig;
const keyed = r => kept(r).ParametersInCacheKeyAndForwardedToOrigin;
const headersOf = r => keyed(r).HeadersConfig;

for (const [what, make] of PLANTED) {
  test(`a planted mistake is found: ${what}`, async () => {
    const resources = structuredClone(given.resources);
    make(resources);
    assert.notDeepEqual((await run(500, resources)).wrong, []);
  });
}

for (const [what, from, to] of [
  ['revoked keys pass', "entry.state !== 'live' || ", ''],
  ['expired keys pass', ' || isExpired', ''],
  ['the generation is forgotten', " + entry.generation", ''],
  ['rights are forgotten', "isLimited ? hash", "false ? hash"],
  ['the caller copies a key', "if (name.startsWith('x-pl-')) {", 'if (false) {'],
]) {
  test(`a planted mistake of the code is found: ${what}`, async () => {
    assert.ok(source.includes(from));
    assert.notDeepEqual((await run(500, given.resources, source.replace(from, to))).wrong, []);
  });
}

// GateIT shows that the API refuses the key within 60 seconds.
test('a revoked key is refused at the edge once the store has the change', async () => {
  const clock = { seconds: 1_800_000_000 };
  const store = new Store(clock, PROPAGATION_SECONDS);
  const table = new Map();
  const text = key('ada');
  const entry = { state: 'live', tenant: 'ada', generation: 0 };
  table.set(text, entry);
  store.put(text, entry);
  clock.seconds += PROPAGATION_SECONDS;
  const origin = new Origin(clock, table);
  const distribution = new Distribution(given.resources, load(store, clock), request => origin.answer(request), clock);
  const ask = target => distribution.send(event('GET', target, { authorization: `Bearer ${text}` }));
  assert.equal((await ask('/v1/results/r1')).from, 'origin');
  assert.equal((await ask('/v1/results/r1')).from, 'cache');
  table.set(text, { ...entry, state: 'revoked' });
  store.put(text, { ...entry, state: 'revoked' });
  clock.seconds += PROPAGATION_SECONDS;
  assert.deepEqual([(await ask('/v1/results/r1')).status, (await ask('/v1/results/r1')).from], [401, 'edge']);
});
