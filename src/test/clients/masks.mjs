// Asks Hugging Face's client to fill masks. Prints {"one":[…],"targets":[…],"status":400,
// "error":"…"}.
// node masks.mjs URL MODEL TEXT
import { InferenceClient } from "@huggingface/inference";

const [url, model, text] = process.argv.slice(2);
const at = (path) => new InferenceClient("any", { endpointUrl: url + path });

const answer = {
  one: await at(`/models/${model}`).fillMask({ inputs: text }),
  targets: await at(`/pipeline/fill-mask/${model}`).fillMask({
    inputs: text,
    parameters: { top_k: 2, targets: ["capital", "heart", "city"] },
  }),
};
try {
  await at(`/models/${model}`).fillMask({ inputs: "no mask" });
} catch (error) {
  answer.status = error.httpResponse.status;
  answer.error = error.message;
}
console.log(JSON.stringify(answer));
