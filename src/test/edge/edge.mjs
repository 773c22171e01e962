// Shared by the tests: the function of the distribution with a stub of CloudFront's module, and a
// model of the distribution whose behaviours and policies are those of template.yaml.
import crypto from 'node:crypto';
import fs from 'node:fs';

export const given = JSON.parse(fs.readFileSync(process.env.EDGE_GIVEN, 'utf8'));
export const source = given.resources.EdgeFunction.Properties.FunctionCode;
export const SECRET = 's'.repeat(64);

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
let made = 0;

// A key of a tenant; the edge does not compute the checksum.
export function key(tenant) {
  let rest = '';
  for (let n = ++made, i = 0; i < 49; i++, n = Math.floor(n / 62)) {
    rest += DIGITS[n % 62];
  }
  return `pl_${tenant}_${rest}`;
}

export function digest(text) {
  return crypto.createHash('sha256').update(text).digest('base64url');
}

// CloudFront's KeyValueStore: what is written is seen after a delay.
export class Store {
  constructor(clock, delay = 0) {
    this.clock = clock;
    this.delay = delay;
    this.writes = [];
    this.broken = false;
  }

  put(text, entry) {
    this.writes.push({ from: this.clock.seconds + this.delay, digest: digest(text), entry });
  }

  find(name) {
    if (this.broken) {
      throw new Error('the store is not there');
    }
    const seen = this.writes.filter(each => each.digest === name && each.from <= this.clock.seconds);
    return seen.length === 0 ? undefined : seen.at(-1).entry;
  }

  async get(name, options) {
    const entry = this.find(name);
    if (entry === undefined) {
      throw new Error('KeyNotFound');
    }
    if (options.format !== 'json') {
      throw new Error('another format');
    }
    return typeof entry === 'string' ? JSON.parse(entry) : structuredClone(entry);
  }

  async exists(name) {
    return this.find(name) !== undefined;
  }
}

// The function's code with stubs in place of its two modules.
export function load(store, clock, code = source) {
  const bare = code.replace(/^import .*$/gm, '');
  const clocked = { now: () => clock.seconds * 1000 };
  return new Function('cf', 'crypto', 'Date', bare + '\nreturn handler;')({ kvs: () => store }, crypto, clocked);
}

let requests = 0;

// CloudFront's event for a request.
export function event(method, target, headers = {}) {
  const [uri, ...rest] = target.split('?');
  const raw = target.includes('?') ? rest.join('?') : undefined;
  const all = {};
  for (const [name, value] of Object.entries({ host: 'd1.cloudfront.net', ...headers })) {
    const values = [value].flat();
    all[name] = values.length > 1
      ? { value: values[0], multiValue: values.map(each => ({ value: each })) }
      : { value: values[0] };
  }
  return {
    version: '1.0',
    context: { eventType: 'viewer-request', requestId: `request-${++requests}` },
    viewer: { ip: '192.0.2.1' },
    request: {
      method, uri, headers: all, cookies: { c: { value: 'x' } },
      querystring: {}, rawQueryString: () => raw,
    },
  };
}

const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const DEFAULT_ERROR_SECONDS = 10; // what CloudFront keeps errors without another choice
const ERRORS_KEPT = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

// A distribution with a cache: its behaviours and policies are the template's.
export class Distribution {
  constructor(resources, handler, origin, clock) {
    this.config = resources.EdgeDistribution.Properties.DistributionConfig;
    this.resources = resources;
    this.handler = handler;
    this.origin = origin;
    this.clock = clock;
    this.cache = new Map();
  }

  // CloudFront matches a path in its normal form
  behaviour(sent) {
    const uri = decodeURIComponent(sent);
    const fits = pattern => new RegExp(
      '^' + pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.') + '$').test(uri);
    return (this.config.CacheBehaviors ?? []).find(each => fits(each.PathPattern)) ?? this.config.DefaultCacheBehavior;
  }

  async send(sent) {
    const original = sent.request.uri;
    const behaviour = this.behaviour(original);
    if (!behaviour.AllowedMethods.includes(sent.request.method)) {
      return { status: 403, from: 'edge' };
    }
    const hooked = (behaviour.FunctionAssociations ?? []).some(each => each.EventType === 'viewer-request');
    const result = hooked ? await this.handler(sent) : sent.request;
    if (result.statusCode) {
      return { status: result.statusCode, from: 'edge', headers: result.headers };
    }
    const name = this.cacheKey(behaviour, result);
    const kept = name === null ? undefined : this.cache.get(name);
    if (kept && kept.until > this.clock.seconds) {
      return this.viewed(behaviour, { ...kept.answer, from: 'cache' });
    }
    const answer = this.origin(this.forwarded(behaviour, result));
    const seconds = name === null ? 0 : this.seconds(behaviour, answer);
    if (seconds > 0) {
      this.cache.set(name, { until: this.clock.seconds + seconds, answer });
    }
    return this.viewed(behaviour, { ...answer, from: 'origin' });
  }

  // the answer with the headers of the behaviour's policy, which the cache does not see
  viewed(behaviour, answer) {
    const id = behaviour.ResponseHeadersPolicyId;
    const policy = id === undefined ? {} : this.resources[id.Ref].Properties.ResponseHeadersPolicyConfig;
    const headers = { ...answer.headers };
    for (const { Header: name, Value: value, Override: replaces } of policy.CustomHeadersConfig?.Items ?? []) {
      if (String(replaces) === 'true' || headers[name] === undefined) {
        headers[name] = value;
      }
    }
    return { ...answer, headers };
  }

  policy(behaviour) {
    const id = behaviour.CachePolicyId;
    return id === CACHING_DISABLED ? null : this.resources[id.Ref].Properties.CachePolicyConfig;
  }

  // null where nothing is kept
  cacheKey(behaviour, request) {
    const policy = this.policy(behaviour);
    if (policy === null || !behaviour.CachedMethods.includes(request.method)) {
      return null;
    }
    const keyed = policy.ParametersInCacheKeyAndForwardedToOrigin;
    const names = keyed.HeadersConfig.HeaderBehavior === 'whitelist' ? keyed.HeadersConfig.Headers : [];
    const headers = names.map(each => request.headers[each.toLowerCase()]?.value ?? null);
    const query = keyed.QueryStringsConfig.QueryStringBehavior === 'all' ? written(request.querystring) : '';
    const cookies = keyed.CookiesConfig.CookieBehavior === 'all' ? request.cookies : {};
    const gzip = keyed.EnableAcceptEncodingGzip === 'true' && /gzip/.test(request.headers['accept-encoding']?.value ?? '');
    return JSON.stringify([request.method, request.uri, query, headers, cookies, gzip]);
  }

  forwarded(behaviour, request) {
    const policy = this.resources[behaviour.OriginRequestPolicyId.Ref].Properties.OriginRequestPolicyConfig;
    const { HeaderBehavior: how, Headers: listed = [] } = policy.HeadersConfig;
    const headers = {};
    for (const [name, { value }] of Object.entries(request.headers)) {
      if (how === 'allExcept' ? !listed.includes(name) : how === 'whitelist' && listed.includes(name)) {
        headers[name] = value;
      }
    }
    const keyed = this.policy(behaviour)?.ParametersInCacheKeyAndForwardedToOrigin.HeadersConfig.Headers ?? [];
    for (const name of keyed) {
      headers[name] = request.headers[name]?.value;
    }
    for (const { HeaderName: name } of this.config.Origins[0].OriginCustomHeaders ?? []) {
      headers[name] = SECRET;
    }
    return { method: request.method, uri: request.uri, query: written(request.querystring), headers };
  }

  seconds(behaviour, answer) {
    if (answer.status >= 400) {
      const chosen = (this.config.CustomErrorResponses ?? []).find(each => Number(each.ErrorCode) === answer.status);
      const least = chosen ? Number(chosen.ErrorCachingMinTTL) : DEFAULT_ERROR_SECONDS;
      return ERRORS_KEPT.includes(answer.status) ? least : 0;
    }
    const policy = this.policy(behaviour);
    const control = answer.headers['cache-control'] ?? '';
    const least = Number(policy.MinTTL);
    if (/no-store|private|no-cache/.test(control)) {
      return least;
    }
    const shared = /s-maxage=(\d+)/.exec(control) ?? /max-age=(\d+)/.exec(control);
    const asked = shared ? Number(shared[1]) : Number(policy.DefaultTTL);
    return Math.max(least, Math.min(asked, Number(policy.MaxTTL)));
  }
}

function written(parameters) {
  return Object.entries(parameters).map(([name, { value }]) => `${name}=${value}`).join('&');
}
