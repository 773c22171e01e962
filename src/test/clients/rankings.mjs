// Ranks documents with one client, and asks it for a model that does not exist. Prints
// {"ranking":[{"index":1,"score":0.9},…],"status":404}, the status being that of the client's error.
// node rankings.mjs URL CLIENT MODEL QUERY DOCUMENT…
import { createCohere } from "@ai-sdk/cohere";
import { createTogetherAI } from "@ai-sdk/togetherai";
import { CohereRerank } from "@llamaindex/cohere";
import { Document } from "@llamaindex/core/schema";
import { Mixedbread } from "@mixedbread/sdk";
import { rerank } from "ai";
import { CohereClient, CohereClientV2 } from "cohere-ai";
import { VoyageAIClient } from "voyageai";

const [url, client, model, query, ...documents] = process.argv.slice(2);
const key = "any";

const relevance = (it) => ({ index: it.index, score: it.relevanceScore });

async function vercel(provider, name) {
  const answer = await rerank({ model: provider.reranking(name), query, documents, maxRetries: 0 });
  return answer.ranking.map((it) => ({ index: it.originalIndex, score: it.score }));
}

const clients = {
  "cohere-v1": async (name) => {
    const cohere = new CohereClient({ token: key, environment: url });
    const input = { model: name, query, documents, returnDocuments: true };
    const answer = await cohere.rerank(input);
    if (answer.results.some((it) => it.document.text !== documents[it.index])) {
      throw new Error("a document is another one");
    }
    return answer.results.map(relevance);
  },
  "cohere-v2": async (name) => {
    const cohere = new CohereClientV2({ token: key, environment: url });
    const answer = await cohere.rerank({ model: name, query, documents });
    return answer.results.map(relevance);
  },
  "llamaindex-cohere": async (name) => {
    const settings = { apiKey: key, model: name, topN: documents.length, baseUrl: url };
    const nodes = documents.map((text, index) => ({ node: new Document({ text, id_: `${index}` }) }));
    const ranked = await new CohereRerank(settings).postprocessNodes(nodes, query);
    return ranked.map((it) => ({ index: Number(it.node.id_), score: it.score }));
  },
  voyage: async (name) => {
    const voyage = new VoyageAIClient({ apiKey: key, environment: `${url}/v1` });
    const answer = await voyage.rerank({ model: name, query, documents, returnDocuments: true });
    if (answer.data.some((it) => it.document !== documents[it.index])) {
      throw new Error("a document is another one");
    }
    return answer.data.map(relevance);
  },
  mixedbread: async (name) => {
    const mixedbread = new Mixedbread({ apiKey: key, baseURL: url, maxRetries: 0 });
    const input = { model: name, query, input: documents, return_input: true };
    const answer = await mixedbread.rerank({ ...input, top_k: documents.length });
    if (answer.data.some((it) => it.input !== documents[it.index])) {
      throw new Error("a document is another one");
    }
    return answer.data.map((it) => ({ index: it.index, score: it.score }));
  },
  "vercel-cohere": (name) => vercel(createCohere({ apiKey: key, baseURL: `${url}/v2` }), name),
  "vercel-together": (name) =>
    vercel(createTogetherAI({ apiKey: key, baseURL: `${url}/v1` }), name),
};

const ranking = await clients[client](model);
let status = 200;
try {
  await clients[client]("no-such-model");
} catch (error) {
  status = error.statusCode ?? error.status ?? 0;
}
console.log(JSON.stringify({ ranking, status }));
