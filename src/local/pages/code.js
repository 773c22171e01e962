// The request as code that runs: with what each language has by itself, and no library. A body that
// a person typed stands there as a text, with each of its digits.
// A key is read from the environment, so that a copied text does not hold it.

import { pretty } from "./parts.js";

export const LANGUAGES = { curl, Python: python, JavaScript: javascript, Java: java };

function curl({ url, body, text, key }) {
  const quoted = `'${(body ? pretty(body) : text).replaceAll("'", "'\\''")}'`;
  const bearer = key ? ` \\\n  -H "authorization: Bearer $PILOTLIGHT_KEY"` : "";
  return `curl -s '${url}' \\\n  -H 'content-type: application/json'${bearer} \\\n  -d ${quoted}`;
}

function python({ url, body, text, key }) {
  const bearer = key ? `\n    "authorization": "Bearer " + os.environ["PILOTLIGHT_KEY"],` : "";
  return `import json${key ? ", os" : ""}, urllib.request

body = ${body ? literal(body) : `"""${escaped(text, '"""')}"""`}
request = urllib.request.Request("${url}", ${body ? "json.dumps(body)" : "body"}.encode(), {
    "content-type": "application/json",${bearer}
})
with urllib.request.urlopen(request) as answer:
    print(json.dumps(json.load(answer)))`;
}

// within quotes of a language that takes a backslash for its own
const escaped = (text, ...quotes) =>
  quotes.reduce((it, quote) => it.replaceAll(quote, () => `\\${quote}`), text.replaceAll("\\", "\\\\"));

// JSON's strings and numbers are Python's; its three words are not
function literal(body) {
  const words = { true: "True", false: "False", null: "None" };
  return pretty(body).replace(/"(?:[^"\\]|\\.)*"|\b(true|false|null)\b/g, (all, word) => words[word] ?? all);
}

function javascript({ url, body, text, key }) {
  const bearer = key ? "\n    authorization: `Bearer ${process.env.PILOTLIGHT_KEY}`," : "";
  const sent = body ? `JSON.stringify(${pretty(body).replaceAll("\n", "\n  ")})`
    : `\`${escaped(text, "`", "${")}\``;
  return `const answer = await fetch("${url}", {
  method: "POST",
  headers: {
    "content-type": "application/json",${bearer}
  },
  body: ${sent},
});
console.log(await answer.text());`;
}

function java({ url, body, text, key }) {
  const block = escaped(body ? pretty(body) : text, '"""').replaceAll("\n", "\n      ");
  const bearer = key ? `\n      .header("authorization", "Bearer " + System.getenv("PILOTLIGHT_KEY"))` : "";
  return `import java.net.URI;
import java.net.http.*;

void main() throws Exception {
  String body = """
      ${block}""";
  var request = HttpRequest.newBuilder(URI.create("${url}"))
      .header("content-type", "application/json")${bearer}
      .POST(HttpRequest.BodyPublishers.ofString(body)).build();
  IO.println(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
}`;
}
