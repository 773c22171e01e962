// Uploads, lists, reads and deletes files with OpenAI's client, and uploads one in parts. Prints
// {"read":…,"listed":true,"deleted":true,"gone":404,"upload":"completed","large":…,"same":true}.
// node files.mjs URL KEY
import OpenAI, { toFile } from "openai";

const [url, apiKey] = process.argv.slice(2);
const client = new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 2 });
const answer = {};

const lines = await toFile(Buffer.from('{"custom_id":"1"}\n'), "requests.jsonl");
const file = await client.files.create({
  file: lines,
  purpose: "batch",
  expires_after: { anchor: "created_at", seconds: 3600 },
});
answer.listed = false;
for await (const each of client.files.list({ purpose: "batch", limit: 1 })) {
  answer.listed ||= each.id === file.id;
}
answer.read = await (await client.files.content(file.id)).text();
answer.deleted = (await client.files.delete(file.id)).deleted;
answer.gone = await client.files.retrieve(file.id).then(
  () => 200,
  (error) => error.status,
);

const all = Buffer.alloc(9_000_000, "0123456789\n");
const upload = await client.uploads.create({
  filename: "large.jsonl",
  purpose: "batch",
  mime_type: "text/jsonl",
  bytes: all.length,
});
const parts = [];
for (let from = 0; from < all.length; from += 4 * 1024 * 1024) {
  const data = await toFile(all.subarray(from, from + 4 * 1024 * 1024), "part");
  parts.push((await client.uploads.parts.create(upload.id, { data })).id);
}
const done = await client.uploads.complete(upload.id, { part_ids: parts });
answer.upload = done.status;
const large = Buffer.from(await (await client.files.content(done.file.id)).arrayBuffer());
answer.large = large.length;
answer.same = large.equals(all);
console.log(JSON.stringify(answer));
