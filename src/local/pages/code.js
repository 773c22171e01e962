// The request as code that runs: with what each language has by itself, and no library.
// A key is read from the environment, so that a copied text does not hold it.

import { pretty } from "./parts.js";

export const LANGUAGES = { curl, Python: python, JavaScript: javascript, Java: java };

function curl({ url, body, key }) {
  const quoted = `'${pretty(body).replaceAll("'", "'\\''")}'`;
  const bearer = key ? ` \\\n  -H "authorization: Bearer $PILOTLIGHT_KEY"` : "";
  return `curl -s '${url}' \\\n  -H 'content-type: application/json'${bearer} \\\n  -d ${quoted}`;
}

function python({ url, body, key }) {
  const bearer = key ? `\n    "authorization": "Bearer " + os.environ["PILOTLIGHT_KEY"],` : "";
  return `import json${key ? ", os" : ""}, urllib.request

body = ${literal(body)}
request = urllib.request.Request("${url}", json.dumps(body).encode(), {
    "content-type": "application/json",${bearer}
})
with urllib.request.urlopen(request) as answer:
    print(json.dumps(json.load(answer)))`;
}

// JSON's strings and numbers are Python's; its three words are not
function literal(body) {
  const words = { true: "True", false: "False", null: "None" };
  return pretty(body).replace(/"(?:[^"\\]|\\.)*"|\b(true|false|null)\b/g, (all, word) => words[word] ?? all);
}

function javascript({ url, body, key }) {
  const bearer = key ? "\n    authorization: `Bearer ${process.env.PILOTLIGHT_KEY}`," : "";
  return `const answer = await fetch("${url}", {
  method: "POST",
  headers: {
    "content-type": "application/json",${bearer}
  },
  body: JSON.stringify(${pretty(body).replaceAll("\n", "\n  ")}),
});
console.log(JSON.stringify(await answer.json()));`;
}

function java({ url, body, key }) {
  const text = pretty(body).replaceAll("\\", "\\\\").replaceAll('"""', '\\"""').replaceAll("\n", "\n      ");
  const bearer = key ? `\n      .header("authorization", "Bearer " + System.getenv("PILOTLIGHT_KEY"))` : "";
  return `import java.net.URI;
import java.net.http.*;

void main() throws Exception {
  String body = """
      ${text}""";
  var request = HttpRequest.newBuilder(URI.create("${url}"))
      .header("content-type", "application/json")${bearer}
      .POST(HttpRequest.BodyPublishers.ofString(body)).build();
  IO.println(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
}`;
}
