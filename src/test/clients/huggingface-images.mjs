// Asks the client of Hugging Face's inference API about an image, which it sends as bytes. Prints
// {"blob":[{label,score}…],"buffer":[{label,score}…],"status":415,"error":"…"}.
// node huggingface-images.mjs URL MODEL BASE64
import { InferenceClient } from "@huggingface/inference";

const [url, model, base64] = process.argv.slice(2);
const bytes = Uint8Array.from(Buffer.from(base64, "base64"));
const client = new InferenceClient("any", { endpointUrl: `${url}/models/${model}` });

const answer = {
  blob: await client.imageClassification({ inputs: new Blob([bytes], { type: "image/png" }) }),
  buffer: await client.imageClassification({ data: bytes.buffer }),
};
try {
  await client.imageClassification({ data: new Blob([bytes], { type: "image/gif" }) });
} catch (error) {
  answer.status = error.httpResponse.status;
  answer.error = error.message;
}
console.log(JSON.stringify(answer));
