// Embeds texts with one client, and asks it for a model that does not exist. Prints
// {"vectors":[[…]…],"status":404}, the status being that of the client's error.
// node embeddings.mjs URL CLIENT MODEL TEXT…
import { createCohere } from "@ai-sdk/cohere";
import { createMistral } from "@ai-sdk/mistral";
import { Mistral } from "@mistralai/mistralai";
import { embedMany } from "ai";
import { CohereClient, CohereClientV2 } from "cohere-ai";
import { Ollama } from "ollama";

const [url, client, model, ...texts] = process.argv.slice(2);
const key = "any";

async function vercel(provider, name) {
  const answer = await embedMany({ model: provider.embedding(name), values: texts, maxRetries: 0 });
  return answer.embeddings;
}

const clients = {
  "cohere-v1": async (name) => {
    const cohere = new CohereClient({ token: key, environment: url });
    const answer = await cohere.embed({ model: name, texts, inputType: "search_document" });
    return answer.embeddings;
  },
  "cohere-v2": async (name) => {
    const cohere = new CohereClientV2({ token: key, environment: url });
    const embeddingTypes = ["float", "int8", "uint8", "binary", "ubinary"];
    const input = { model: name, texts, inputType: "search_query", embeddingTypes };
    const answer = await cohere.embed(input);
    if (answer.embeddings.ubinary[0].length * 8 !== answer.embeddings.int8[0].length) {
      throw new Error("the types do not fit each other");
    }
    return answer.embeddings.float;
  },
  ollama: async (name) => {
    const answer = await new Ollama({ host: url }).embed({ model: name, input: texts });
    return answer.embeddings;
  },
  "ollama-embeddings": async (name) => {
    const ollama = new Ollama({ host: url });
    const vectors = [];
    for (const prompt of texts) {
      vectors.push((await ollama.embeddings({ model: name, prompt })).embedding);
    }
    return vectors;
  },
  mistral: async (name) => {
    const mistral = new Mistral({ apiKey: key, serverURL: url });
    const answer = await mistral.embeddings.create({ model: name, inputs: texts });
    return answer.data.map((item) => item.embedding);
  },
  "vercel-cohere": (name) => vercel(createCohere({ apiKey: key, baseURL: `${url}/v2` }), name),
  "vercel-mistral": (name) => vercel(createMistral({ apiKey: key, baseURL: `${url}/v1` }), name),
};

const vectors = await clients[client](model);
let status = 200;
try {
  await clients[client]("no-such-model");
} catch (error) {
  status = error.statusCode ?? error.status_code ?? error.status ?? 0;
}
console.log(JSON.stringify({ vectors, status }));
