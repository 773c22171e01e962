// Makes a batch with OpenAI's client, waits for its end and reads its files; then asks for a file that
// does not exist. Prints {"status":…,"total":…,"completed":…,"failed":…,"output":[…],"errors":[…],
// "listed":true,"unknown":400}.
// node batches.mjs URL MODEL
import OpenAI, { toFile } from "openai";

const [url, model] = process.argv.slice(2);
const client = new OpenAI({ apiKey: "any", baseURL: `${url}/v1`, maxRetries: 2 });
const request = (id, asked) =>
  JSON.stringify({
    custom_id: id,
    method: "POST",
    url: "/v1/embeddings",
    body: { model: asked, input: `text of ${id}` },
  });
const lines = [request("a", model), request("b", "none"), request("c", model)].join("\n");
const file = await client.files.create({
  file: await toFile(Buffer.from(lines), "requests.jsonl"),
  purpose: "batch",
});
const create = (id) =>
  client.batches.create({
    input_file_id: id,
    endpoint: "/v1/embeddings",
    completion_window: "24h",
    metadata: { run: "1" },
  });
let batch = await create(file.id);
while (!["completed", "failed", "expired", "cancelled"].includes(batch.status)) {
  await new Promise((resolve) => setTimeout(resolve, 300));
  batch = await client.batches.retrieve(batch.id);
}
const ids = async (id) =>
  (await (await client.files.content(id)).text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).custom_id);
const answer = {
  status: batch.status,
  ...batch.request_counts,
  output: await ids(batch.output_file_id),
  errors: await ids(batch.error_file_id),
  listed: false,
};
for await (const each of client.batches.list({ limit: 1 })) {
  answer.listed ||= each.id === batch.id && each.metadata.run === "1";
}
answer.unknown = await create("file-none").then(
  () => 200,
  (error) => error.status,
);
console.log(JSON.stringify(answer));
