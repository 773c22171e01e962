// Asks the clients of Hugging Face's inference API and of text-embeddings-inference. Prints
// {"root":[…],"one":[…],"many":[[…]…],"server":[[…]…],"scores":[…],"labels":[{label,score}…],
// "top":[…],"entities":[{entity_group,score,word,start,end}…],"status":404,"error":"…"}.
// node huggingface.mjs URL MODEL CLASSIFIER TAGGER TEXT…
import { HuggingfaceServerEmbeddingFunction } from "@chroma-core/huggingface-server";
import { InferenceClient } from "@huggingface/inference";

const [url, model, classifier, tagger, ...texts] = process.argv.slice(2);
const at = (path) => new InferenceClient("any", { endpointUrl: url + path });

const embedder = at(`/models/${model}/pipeline/feature-extraction`);
const answer = {
  root: await at("").featureExtraction({ inputs: texts[0] }),
  one: await embedder.featureExtraction({ inputs: texts[0], normalize: true, truncate: true }),
  many: await embedder.featureExtraction({ inputs: texts }),
  server: await new HuggingfaceServerEmbeddingFunction({ url: `${url}/embed` }).generate(texts),
  scores: await at(`/pipeline/sentence-similarity/${model}`).sentenceSimilarity({
    inputs: { source_sentence: texts[0], sentences: texts },
  }),
  labels: await at(`/models/${classifier}`).textClassification({ inputs: texts[0] }),
  top: await at(`/models/${classifier}`).textClassification({
    inputs: texts[0],
    parameters: { top_k: 1, function_to_apply: "sigmoid" },
  }),
  entities: await at(`/models/${tagger}`).tokenClassification({
    inputs: texts[1],
    parameters: { aggregation_strategy: "first", ignore_labels: [] },
  }),
};
try {
  await at("/models/no-such-model").featureExtraction({ inputs: texts[0] });
} catch (error) {
  answer.status = error.httpResponse.status;
  answer.error = error.message;
}
console.log(JSON.stringify(answer));
