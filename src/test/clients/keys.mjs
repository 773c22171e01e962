// Embeds a text with OpenAI's client, once for each API key. Prints a list with, for each, either
// {"dimensions":384} or the client's error: {"name":…,"status":401,"code":…,"type":…,"scheme":…}.
// node keys.mjs URL MODEL KEY…
import OpenAI from "openai";

const [url, model, ...keys] = process.argv.slice(2);

async function embed(apiKey) {
  const client = new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 2 });
  try {
    const answer = await client.embeddings.create({ model, input: "hello world" });
    return { dimensions: answer.data[0].embedding.length };
  } catch (error) {
    const { status, code, type, headers } = error;
    const name = error.constructor.name;
    return { name, status, code, type, scheme: headers?.get("www-authenticate") };
  }
}

const answers = [];
for (const key of keys) {
  answers.push(await embed(key));
}
console.log(JSON.stringify(answers));
