// The list of batches, with buttons to cancel or retry.
import { messageOf, Refused } from "./api.js";
import { byId, element } from "./parts.js";

const PATH = "/playground/batches/";
const TURN_MS = 2000;
const TURN_MS_MAX = 30000;
const ACTIVE = ["queued", "running", "waiting", "in-shards", "stalled", "failing", "cancelling"];
const BUSY = ["running", "waiting", "in-shards", "cancelling"];
const TIERS = { done: "hit", failing: "bad", failed: "bad" };
const ENDED = ["done", "cancelled", "failed"];

const open = new Set(); // keys whose reasons are open
let timer, shown = "", pauseMs = TURN_MS;

/** Shows the list, and refreshes it while a batch is active. */
export function startBatchList() {
  byId("batches-refresh").addEventListener("click", () => showBatches());
  return showBatches();
}

/** Reads the list and shows it. */
export async function showBatches() {
  clearTimeout(timer);
  try {
    const { batches, more } = await call(PATH, {});
    const text = JSON.stringify(batches.map(({ age_seconds: _, ...rest }) => rest));
    pauseMs = text === shown ? Math.min(pauseMs * 2, TURN_MS_MAX) : TURN_MS;
    if (text !== shown) show(batches, more);
    shown = text;
    if (batches.some(batch => ACTIVE.includes(batch.state))) timer = setTimeout(showBatches, pauseMs);
  } catch (failure) {
    shown = "";
    byId("batches").replaceChildren(element("p", { class: "failed" }, failure.message));
  }
}

// keeps the keyboard focus when the list is rebuilt
function show(batches, more) {
  const focused = document.activeElement?.dataset?.does;
  byId("batches").replaceChildren(...(batches.length === 0 ? [element("p", { class: "hint" }, "There is no batch yet.")]
    : [element("ul", { class: "batches" }, ...batches.map(row))]));
  if (more > 0) byId("batches").append(element("p", { class: "hint" }, `Not shown: ${more} older batches.`));
  if (focused) [...byId("batches").querySelectorAll("[data-does]")].find(it => it.dataset.does === focused)?.focus();
}

function row(batch) {
  const figures = [counted(batch.lines, "line"), counted(batch.failed, "error")];
  if (batch.lines_per_second > 0) figures.push(`${batch.lines_per_second} lines/s`);
  if (batch.estimated_cost_usd !== null) figures.push(`${batch.estimated_cost_usd} USD in AWS, estimated`);
  figures.push(new Date(batch.put).toLocaleString());
  const parts = [
    element("p", { class: "batch-name" }, element("b", { class: "mono" }, batch.key), " ",
      element("span", { class: `tier ${TIERS[batch.state] ?? ""}` }, batch.state)),
  ];
  if (batch.percent !== null && !ENDED.includes(batch.state)) {
    parts.push(element("progress", { max: 100, value: batch.percent, "aria-label": `Progress of ${batch.key}` }));
  }
  parts.push(element("p", { class: "hint" }, figures.join(" · ")));
  if (batch.reason) parts.push(reason(batch));
  const actions = element("p", { class: "links" });
  if (ACTIVE.includes(batch.state) && batch.state !== "cancelling") actions.append(action(batch, "cancel", "Cancel"));
  // a batch that keeps failing does not end by itself
  if (!BUSY.includes(batch.state) || (batch.state === "cancelling" && batch.reason)) {
    actions.append(action(batch, "retry", batch.state === "done" ? "Answer again" : "Retry"));
  }
  return element("li", {}, ...parts, actions);
}

const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

function reason(batch) {
  const details = element("details", { open: open.has(batch.key) },
    element("summary", { "data-does": `reason ${batch.key}` }, "Why it failed"), element("p", { class: "failed" }, batch.reason));
  details.addEventListener("toggle", () => details.open ? open.add(batch.key) : open.delete(batch.key));
  return details;
}

function action(batch, verb, text) {
  const button = element("button", { type: "button", class: "quiet", "data-does": `${verb} ${batch.key}`,
    "aria-label": `${text}: ${batch.key}` }, text);
  button.addEventListener("click", async () => {
    const status = byId("batches-status");
    try {
      await call(`${PATH}${verb}?key=${encodeURIComponent(batch.key)}`, { method: "POST" });
      status.textContent = verb === "cancel" ? `${batch.key} is being cancelled.` : `${batch.key} is queued again.`;
    } catch (failure) {
      status.textContent = failure.message;
    }
    await showBatches();
  });
  return button;
}

async function call(path, options) {
  let response, text;
  try {
    response = await fetch(path, { ...options, cache: "no-store" });
    text = await response.text();
  } catch (failure) {
    throw new Refused(0, `The runner does not answer (${failure.message}).`);
  }
  if (!response.ok) throw new Refused(response.status, messageOf(text));
  return JSON.parse(text);
}
