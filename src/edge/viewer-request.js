import cf from 'cloudfront';
import crypto from 'crypto';

// CloudFront runs this function before the cache lookup. It admits only requests with a live API key
// and sets every header in the cache key itself. The origin checks the key again.
// docs/edge.md describes the rules; template.yaml has a copy without comments and blank lines.

const store = cf.kvs();

const QUERY_CHARS_MAX = 4096;
const KEY = /^pl_([a-z0-9][a-z0-9-]{0,39})_[A-Za-z0-9_-]{49}$/;
const ACCEPTED = '; accepted: one API key, as Authorization: Bearer pl_…, x-api-key or api-key';

// health checks need no key
const OPEN = ['/v2/health/live', '/v2/health/ready', '/health', '/ping'];

// cacheable routes and their query parameters
const PARAMETERS = {
  '/v1/embeddings': ['dimensions', 'encoding_format', 'input', 'input_type', 'model', 'prompt_name', 'truncate'],
  '/predict': ['inputs', 'model', 'raw_scores', 'top_k', 'truncate', 'truncation_direction'],
};
const WITHOUT_PARAMETERS = /^\/(v1\/results|v1\/models|v2\/models)(\/|$)/;

// headers forwarded on cacheable requests; all others are dropped, so they cannot change a cached answer
const HEADERS = ['accept-encoding', 'cache-control', 'content-length', 'host', 'if-none-match', 'transfer-encoding', 'via'];

// the forms of errors that are not OpenAI's
const COHERE = ['/v1/embed', '/v2/embed', '/v1/rerank', '/v2/rerank', '/v1/reranking'];
const TEI = ['/rerank', '/predict', '/similarity', '/embed', '/embed_all', '/embed_sparse', '/tokenize', '/decode', '/info', '/health', '/ping'];
const FLAT = /^\/($|v2(\/|$)|api\/embed(dings)?$|models\/|pipeline\/|(invocations|vertex)$)|^\/v1\/models\/.+:predict$/;

async function handler(event) {
  const request = event.request;
  const headers = request.headers;
  Object.keys(headers).forEach(name => {
    if (name.startsWith('x-pl-')) {
      delete headers[name];
    }
  });
  const reads = request.method === 'GET' || request.method === 'HEAD';
  headers['x-pl-fresh'] = { value: bypassesCache(headers) ? event.context.requestId : '-' };
  if (reads && OPEN.includes(request.uri)) {
    headers['x-pl-tenant'] = { value: '-' };
    return request;
  }
  const key = keyOf(headers);
  if (key.error) {
    return refuse(event, key.status, key.error, key.field);
  }
  const found = await lookUp(key.text);
  if (found.error) {
    return refuse(event, found.status, found.error, null);
  }
  headers['x-pl-tenant'] = { value: found.owner };
  const names = reads ? parametersOf(request.uri) : null;
  if (names === null) {
    return request;
  }
  const query = canonical(request.rawQueryString() || '', names);
  if (query.error) {
    return refuse(event, query.status, query.error, query.field);
  }
  request.querystring = query.parameters;
  request.cookies = {};
  Object.keys(headers).forEach(name => {
    if (!HEADERS.includes(name) && !name.startsWith('x-pl-')) {
      delete headers[name];
    }
  });
  headers['x-pl-key'] = { value: key.text };
  return request;
}

function parametersOf(uri) {
  if (Object.prototype.hasOwnProperty.call(PARAMETERS, uri)) {
    return PARAMETERS[uri];
  }
  return WITHOUT_PARAMETERS.test(uri) ? [] : null;
}

// Whether the request refuses cached answers; it then gets a unique cache key.
function bypassesCache(headers) {
  const header = headers['cache-control'];
  if (!header) {
    return false;
  }
  const values = header.multiValue ? header.multiValue.map(each => each.value).join(',') : header.value;
  return values.split(',').some(each => {
    const directive = each.trim().toLowerCase();
    return /^(no-store|no-cache|only-if-cached)\b/.test(directive) || /^max-age\s*=\s*"?0*"?$/.test(directive);
  });
}

// The key of a request: in one header, or the same in several.
function keyOf(headers) {
  let text = null;
  let from = null;
  const names = ['authorization', 'x-api-key', 'api-key'];
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const header = headers[name];
    if (!header) {
      continue;
    }
    let value = header.multiValue ? '' : header.value.trim();
    if (name === 'authorization' && value !== '') {
      if (!/^bearer /i.test(value)) {
        return { status: 401, field: name, error: 'authorization has another scheme than Bearer' + ACCEPTED };
      }
      value = value.slice('bearer '.length).trim();
    }
    if (text !== null && text !== value) {
      return { status: 400, field: name, error: from + ' and ' + name + ' have different values' + ACCEPTED };
    }
    text = value;
    from = name;
  }
  if (text === null) {
    return { status: 401, field: null, error: 'the request has no API key' + ACCEPTED };
  }
  return KEY.test(text)
    ? { text: text }
    : { status: 401, field: from, error: 'the value of ' + from + ' is not an API key' + ACCEPTED };
}

// The cache partition of a key: tenant, generation, and a digest of its rights if the key is limited.
async function lookUp(text) {
  const invalid = { status: 401, error: 'the API key is not valid: it is unknown, revoked or expired; accepted: a live key' };
  const unavailable = { status: 503, error: 'API keys cannot be checked now; send the request again' };
  const digest = hash(text);
  let entry;
  try {
    entry = await store.get(digest, { format: 'json' });
  } catch (e) {
    // get() also throws if the key does not exist
    try {
      return (await store.exists(digest)) ? unavailable : invalid;
    } catch (again) {
      return unavailable;
    }
  }
  const expires = entry ? entry.expires : null;
  const isValid = entry && typeof entry.tenant === 'string' && Number.isInteger(entry.generation) && isList(entry.models) && isList(entry.routes);
  if (!isValid || (expires !== undefined && !Number.isInteger(expires))) {
    return unavailable;
  }
  const isExpired = expires !== undefined && expires <= Math.floor(Date.now() / 1000);
  if (entry.state !== 'live' || isExpired || KEY.exec(text)[1] !== entry.tenant) {
    return invalid;
  }
  const isLimited = entry.models !== undefined || entry.routes !== undefined;
  const rights = isLimited ? hash(JSON.stringify([sorted(entry.models), sorted(entry.routes)])) : '*';
  return { owner: entry.tenant + '#' + entry.generation + ':' + rights };
}

function isList(value) {
  return value === undefined || Array.isArray(value);
}

function sorted(list) {
  return list ? list.slice().sort() : null;
}

function hash(text) {
  return crypto.createHash('sha256').update(text).digest('base64url');
}

// Normalises the query: sorted parameters, no duplicates, one encoding.
function canonical(raw, names) {
  if (raw.length > QUERY_CHARS_MAX) {
    return tooLong(raw.length);
  }
  const values = {};
  const parts = raw === '' ? [] : raw.split('&');
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    const equals = part.indexOf('=');
    const name = decoded(equals < 0 ? part : part.slice(0, equals));
    const value = equals < 0 ? '' : decoded(part.slice(equals + 1));
    if (name === null || value === null) {
      return invalid('query', 'the query is not percent-encoded UTF-8; accepted: as encodeURIComponent writes it');
    }
    if (!names.includes(name)) {
      const short = name.slice(0, 100) || 'an empty name';
      return invalid(name ? short : 'query', short + ' is not a parameter; accepted: ' + (names.join(', ') || 'none'));
    }
    if (Object.prototype.hasOwnProperty.call(values, name)) {
      return invalid(name, name + ' occurs twice; accepted: one value, or POST');
    }
    values[name] = value;
  }
  const parameters = {};
  let chars = -1;
  Object.keys(values).sort().forEach(name => {
    // %20 would be longer
    const value = encodeURIComponent(values[name]).replace(/%20/g, '+');
    parameters[name] = { value: value };
    chars += name.length + value.length + 2;
  });
  return chars > QUERY_CHARS_MAX ? tooLong(chars) : { parameters: parameters };
}

function invalid(field, error) {
  return { status: 400, field: field, error: error };
}

function tooLong(chars) {
  const error = 'the query has ' + chars + ' characters; accepted: up to ' + QUERY_CHARS_MAX + ', and longer texts by POST';
  return { status: 413, field: 'query', error: error };
}

function decoded(text) {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch (e) {
    return null;
  }
}

// An error as the API writes it at the path.
function refuse(event, status, message, field) {
  const described = { 400: 'Bad Request', 401: 'Unauthorized', 413: 'Content Too Large', 422: 'Unprocessable Content', 503: 'Service Unavailable' };
  const path = event.request.uri.replace(/(.)\/+$/, '$1');
  if (status === 400 && (TEI.includes(path) || path === '/embeddings')) {
    status = 422;
  }
  const headers = {
    'content-type': { value: 'application/json' },
    'cache-control': { value: 'no-store' },
    'x-request-id': { value: event.context.requestId },
  };
  if (status === 401) {
    headers['www-authenticate'] = { value: 'Bearer' };
  }
  if (status === 503) {
    headers['retry-after'] = { value: '1' };
  }
  const response = { statusCode: status, statusDescription: described[status], headers: headers };
  if (event.request.method !== 'HEAD') {
    const body = bodyOf(path, status, message, field);
    response.body = { encoding: 'text', data: JSON.stringify(body) };
  }
  return response;
}

function bodyOf(path, status, message, field) {
  const naming = field === null || message.includes(field) ? message : field + ': ' + message;
  if (COHERE.includes(path)) {
    return { message: naming };
  }
  if (TEI.includes(path)) {
    return { error: naming, error_type: status === 503 ? 'Unhealthy' : 'Validation' };
  }
  if (FLAT.test(path)) {
    return { error: naming };
  }
  const type = status < 500 ? 'invalid_request_error' : 'server_error';
  const code = { 400: 'invalid_value', 401: 'invalid_api_key', 413: 'too_large', 503: 'unavailable' }[status];
  return path === '/embeddings'
    ? { message: naming, code: status, type: status === 503 ? 'Unhealthy' : 'Validation' }
    : { error: { message: message, type: type, param: field, code: code } };
}
