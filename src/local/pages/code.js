// The request as code that runs: with what each language has by itself, and no library.
// A key is read from the environment, so that a copied text does not hold it.

export const LANGUAGES = { curl, Python: python, JavaScript: javascript, Java: java };

const json = body => JSON.stringify(body, null, 2);

function curl({ url, body, key }) {
  const quoted = `'${json(body).replaceAll("'", "'\\''")}'`;
  const bearer = key ? ` \\\n  -H "authorization: Bearer $PILOTLIGHT_KEY"` : "";
  return `curl -s '${url}' \\\n  -H 'content-type: application/json'${bearer} \\\n  -d ${quoted}`;
}

function python({ url, body, key }) {
  const bearer = key ? `\n    "authorization": "Bearer " + os.environ["PILOTLIGHT_KEY"],` : "";
  return `import json${key ? ", os" : ""}, urllib.request

body = ${literal(body, "")}
request = urllib.request.Request("${url}", json.dumps(body).encode(), {
    "content-type": "application/json",${bearer}
})
with urllib.request.urlopen(request) as answer:
    print(json.load(answer))`;
}

// JSON's strings and numbers are Python's; its words are not
function literal(value, indent) {
  const deeper = `${indent}    `;
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value);
  const inner = Array.isArray(value)
    ? value.map(item => literal(item, deeper))
    : Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${literal(item, deeper)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  if (inner.length === 0) return open + close;
  return `${open}\n${inner.map(item => `${deeper}${item},`).join("\n")}\n${indent}${close}`;
}

function javascript({ url, body, key }) {
  const bearer = key ? "\n    authorization: `Bearer ${process.env.PILOTLIGHT_KEY}`," : "";
  return `const answer = await fetch("${url}", {
  method: "POST",
  headers: {
    "content-type": "application/json",${bearer}
  },
  body: JSON.stringify(${json(body).replaceAll("\n", "\n  ")}),
});
console.log(await answer.json());`;
}

function java({ url, body, key }) {
  const text = json(body).replaceAll("\\", "\\\\").replaceAll('"""', '\\"""').replaceAll("\n", "\n      ");
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
