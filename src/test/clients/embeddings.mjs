// Embeds texts with one client, and asks it for a model that does not exist. Prints
// {"vectors":[[…]…],"status":404}, the status being that of the client's error.
// node embeddings.mjs URL CLIENT MODEL TEXT…
import { createCohere } from "@ai-sdk/cohere";
import { createMistral } from "@ai-sdk/mistral";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { createTogetherAI } from "@ai-sdk/togetherai";
import { HuggingFaceInferenceEmbeddings } from "@langchain/community/embeddings/hf";
import { OpenAIEmbedding } from "@llamaindex/openai";
import { Mistral } from "@mistralai/mistralai";
import { Mixedbread } from "@mixedbread/sdk";
import { embedMany } from "ai";
import { CohereClient, CohereClientV2 } from "cohere-ai";
import { Ollama } from "ollama";
import OpenAI from "openai";
import { VoyageAIClient } from "voyageai";

const [url, client, model, ...texts] = process.argv.slice(2);
const key = "any";

async function vercel(provider, name) {
  const answer = await embedMany({ model: provider.embeddingModel(name), values: texts, maxRetries: 0 });
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
  mixedbread: async (name) => {
    const mixedbread = new Mixedbread({ apiKey: key, baseURL: url, maxRetries: 0 });
    const answer = await mixedbread.embed({ model: name, input: texts });
    return answer.data.map((item) => item.embedding);
  },
  openai: async (name) => {
    const openai = new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0 });
    const answer = await openai.embeddings.create({ model: name, input: texts });
    return answer.data.map((item) => item.embedding);
  },
  "vercel-openai": (name) => {
    const settings = { name: "pilotlight", apiKey: key, baseURL: `${url}/v1` };
    return vercel(createOpenAICompatible(settings), name);
  },
  langchain: async (name) => {
    const endpointUrl = `${url}/models/${name}/pipeline/feature-extraction`;
    const settings = { apiKey: key, model: name, endpointUrl, maxRetries: 0 };
    const embeddings = new HuggingFaceInferenceEmbeddings(settings);
    const vectors = await embeddings.embedDocuments(texts);
    const query = await embeddings.embedQuery(texts[0]);
    if (String(query) !== String(vectors[0])) {
      throw new Error("a query has another embedding than the same document");
    }
    return vectors;
  },
  llamaindex: (name) => {
    const settings = { apiKey: key, model: name, baseURL: `${url}/v1`, maxRetries: 0 };
    return new OpenAIEmbedding(settings).getTextEmbeddingsBatch(texts);
  },
  voyage: async (name) => {
    const voyage = new VoyageAIClient({ apiKey: key, environment: `${url}/v1` });
    const answer = await voyage.embed({ model: name, input: texts });
    return answer.data.map((item) => item.embedding);
  },
  "vercel-cohere": (name) => vercel(createCohere({ apiKey: key, baseURL: `${url}/v2` }), name),
  "vercel-mistral": (name) => vercel(createMistral({ apiKey: key, baseURL: `${url}/v1` }), name),
  "vercel-together": (name) =>
    vercel(createTogetherAI({ apiKey: key, baseURL: `${url}/v1` }), name),
};

const vectors = await clients[client](model);
let status = 200;
try {
  await clients[client]("no-such-model");
} catch (error) {
  const response = error.httpResponse ?? error.response ?? error;
  status = response.statusCode ?? response.status_code ?? response.status ?? 0;
}
console.log(JSON.stringify({ vectors, status }));
