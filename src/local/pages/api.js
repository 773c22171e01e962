// Calls of the API. The key is in this variable, and nowhere else.
let key = "";

export function useKey(given) {
  key = given;
}

export const hasKey = () => key !== "";

/** A refusal, or a failure to connect: its message is the API's own. */
export class Refused extends Error {
  constructor(status, message, requestId) {
    super(message);
    this.status = status;
    this.requestId = requestId;
  }
}

/** The message of an error, in any of the API's shapes. */
export function messageOf(body) {
  try {
    const json = JSON.parse(body);
    const error = json.error?.message ?? json.error ?? json.message;
    return typeof error === "string" ? error : body;
  } catch {
    return body || "an answer without a body";
  }
}

async function ask(path, options) {
  const headers = new Headers(options.headers);
  if (key) headers.set("authorization", `Bearer ${key}`);
  const begun = performance.now();
  let response, text;
  try {
    response = await fetch(path, { ...options, headers });
    text = await response.text();
  } catch (failure) {
    throw new Refused(0, `The runner does not answer (${failure.message}). Is it still running?`);
  }
  const ms = performance.now() - begun;
  if (!response.ok) {
    throw new Refused(response.status, messageOf(text), response.headers.get("x-request-id"));
  }
  return { response, text, ms };
}

/** Reads; a 503, such as of a model whose files are still being copied, is asked again a few times. */
export async function get(path) {
  for (let left = 5; ; left--) {
    try {
      return JSON.parse((await ask(path, { headers: { accept: "application/json" } })).text);
    } catch (refused) {
      if (refused.status !== 503 || left === 0) throw refused;
      await new Promise(then => setTimeout(then, 1000));
    }
  }
}

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
const MARK = "\ufdd0"; // a code point that is kept for such uses, and in no text

/** JSON whose numbers are strings of their digits behind a mark: as numbers, large integers are rounded. */
export const exact = text =>
  JSON.parse(text.replace(STRING_OR_NUMBER, all => all[0] === '"' ? all : `"${MARK}${all}"`));

/** A value of exact JSON as it was written. */
export const digits = value => typeof value === "string" && value[0] === MARK ? value.slice(1) : String(value);

/** A number, or an exact one. */
export const isNumber = value => typeof value === "number" || (typeof value === "string" && value[0] === MARK);

/** The text of exact JSON. */
export const unmarked = text => text.replace(new RegExp(`"${MARK}([^"]*)"`, "g"), "$1");

/** Runs a request; the result has what the page shows below the answer. */
export async function run(request, fresh) {
  const headers = { "content-type": "application/json", accept: "application/json" };
  if (fresh) headers["cache-control"] = "no-cache";
  const { response, text, ms } =
    await ask(request.path, { method: "POST", headers, body: request.text });
  const json = request.exact ? exact(text) : JSON.parse(text);
  const header = name => response.headers.get(name) ?? "";
  return {
    json, ms, tier: tier(header("cache-status")), stages: stages(header("server-timing")),
    cost: header("pilotlight-cost-usd"), ignored: header("pilotlight-ignored"),
    tokens: json.usage?.total_tokens ?? (header("x-compute-tokens") || undefined),
  };
}

/** The tier by `Cache-Status`: {hit, name}. */
export function tier(status) {
  const parts = status.split(";").map(part => part.trim());
  const detail = parts.find(part => part.startsWith("detail="))?.slice(7).replaceAll('"', "") ?? "";
  if (parts.includes("hit")) return { hit: true, name: detail || "cache" };
  if (parts.includes("fwd=partial")) {
    const counts = detail.split(" ").filter(count => !count.endsWith("=0"));
    return { hit: false, name: counts.join(", ").replaceAll("=", " ") };
  }
  return { hit: false, name: "model" };
}

function stages(timing) {
  return timing.split(",").filter(Boolean).map(stage => {
    const [name, duration] = stage.trim().split(";dur=");
    return { name, ms: Number(duration) };
  });
}
