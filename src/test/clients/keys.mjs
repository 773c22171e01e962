// Embeds a text with OpenAI's client, once for each API key. Prints a list with, for each, either
// {"dimensions":384,"tokens":…,"statuses":[429,200]} or the client's error:
// {"name":…,"status":401,"code":…,"type":…,"scheme":…}. The client repeats a refusal by itself, and
// the statuses are those of all its requests. A key after "usage:" reads the operator's page of
// today's usage in place: {"usage":{…}}.
// node keys.mjs URL MODEL [usage:]KEY…
import OpenAI from "openai";

const [url, model, ...keys] = process.argv.slice(2);

async function embed(apiKey) {
  const statuses = [];
  const client = new OpenAI({
    apiKey,
    baseURL: `${url}/v1`,
    maxRetries: 3,
    fetch: async (...request) => {
      const response = await fetch(...request);
      statuses.push(response.status);
      return response;
    },
  });
  try {
    const answer = await client.embeddings.create({ model, input: "hello world" });
    const tokens = answer.usage.total_tokens;
    return { dimensions: answer.data[0].embedding.length, tokens, statuses };
  } catch (error) {
    const { status, code, type, headers } = error;
    const name = error.constructor.name;
    return { name, status, code, type, scheme: headers?.get("www-authenticate") };
  }
}

async function usage(adminAPIKey) {
  const client = new OpenAI({ apiKey: null, adminAPIKey, baseURL: `${url}/v1`, maxRetries: 0 });
  const today = Math.floor(Date.now() / 86_400_000) * 86_400;
  return {
    usage: await client.admin.organization.usage.embeddings({
      start_time: today,
      bucket_width: "1d",
      group_by: ["model", "project_id"],
    }),
  };
}

const answers = [];
for (const key of keys) {
  answers.push(await (key.startsWith("usage:") ? usage(key.slice(6)) : embed(key)));
}
console.log(JSON.stringify(answers));
