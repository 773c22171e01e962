package dev.pilotlight.handler.keys;

import static dev.pilotlight.handler.models.TestModels.SAMPLE;

import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.protocol.http.Router;
import java.util.List;
import java.util.Objects;

/// A row of the permission matrix: a route, as a test reads it from the documents and not from the
/// code.
///
/// @param family of the route; empty for a health check
/// @param about how the model takes part
/// @param body of the request; empty for none
record RouteRow(String method, String path, String family, About about, String body) {
  /// The part that a model takes in a request.
  enum About {
    /// The path or the body names it, or it is the default.
    MODEL,
    /// The answer lists models.
    LIST,
    /// The stored result is of the model.
    RESULT,
    NONE
  }

  static final List<RouteRow> ALL =
      List.of(
          post("/v1/embeddings", "embeddings", "{'model':'%s','input':'x'}"),
          post("/openai/deployments/{model}/embeddings", "embeddings", "{'input':'x'}"),
          post(
              "/v1/embed",
              "embeddings",
              "{'model':'%s','texts':['x'],'input_type':'search_document'}"),
          post(
              "/v2/embed",
              "embeddings",
              "{'model':'%s','texts':['x'],'input_type':'search_document',"
                  + "'embedding_types':['float']}"),
          post("/api/embed", "embeddings", "{'model':'%s','input':'x'}"),
          post("/api/embeddings", "embeddings", "{'model':'%s','prompt':'x'}"),
          post("/embed", "embeddings", "{'inputs':'x'}"),
          post("/embed_all", "embeddings", "{'inputs':'x'}"),
          post("/embed_sparse", "embeddings", "{'inputs':'x'}"),
          post("/embeddings", "embeddings", "{'model':'%s','input':'x'}"),
          post("/similarity", "embeddings", "{'inputs':{'source_sentence':'a','sentences':['b']}}"),
          post("/v2/models/{model}/infer", "infer", infer()),
          post("/v2/models/{model}/versions/{version}/infer", "infer", infer()),
          post("/v1/models/{model}:predict", "infer", "{'instances':['x']}"),
          post("/vertex", "infer", "{'instances':['x'],'parameters':{'model':'%s'}}"),
          post("/rerank", "rerank", "{'query':'q','texts':['a']}"),
          post("/v1/rerank", "rerank", "{'model':'%s','query':'q','documents':['a']}"),
          post("/v2/rerank", "rerank", "{'model':'%s','query':'q','documents':['a']}"),
          post("/v1/reranking", "rerank", "{'model':'%s','query':'q','documents':['a']}"),
          post("/score", "rerank", "{'model':'%s','text_1':'a','text_2':'b'}"),
          post("/v1/score", "rerank", "{'model':'%s','text_1':'a','text_2':'b'}"),
          post("/predict", "classify", "{'inputs':'x'}"),
          post("/models/{model}/pipeline/{task}", "pipelines", "{'inputs':'x'}"),
          post("/pipeline/{task}/{model}", "pipelines", "{'inputs':'x'}"),
          post("/models/{model}", "pipelines", "{'inputs':'x'}"),
          post("/", "pipelines", "{'inputs':'x'}"),
          post("/invocations", "pipelines", "{'inputs':'x'}"),
          post("/tokenize", "tokenize", "{'inputs':'x'}"),
          post("/decode", "tokenize", "{'ids':[101]}"),
          // without a query, which a REST API changes: both are refused
          get("/v1/embeddings", "embeddings", About.NONE),
          get("/predict", "classify", About.NONE),
          get("/v1/results/{id}", "results", About.RESULT),
          json("/v1/files", "{'purpose':'batch','filename':'a.jsonl','bytes':2}"),
          get("/v1/files", "files", About.NONE),
          get("/v1/files/{file_id}", "files", About.NONE),
          get("/v1/files/{file_id}/content", "files", About.NONE),
          new RouteRow("DELETE", "/v1/files/{file_id}", "files", About.NONE, ""),
          json("/v1/uploads", "{'purpose':'batch','filename':'a.jsonl','bytes':2,'mime_type':'x'}"),
          json("/v1/uploads/{upload_id}/parts", "{}"),
          json("/v1/uploads/{upload_id}/complete", "{'part_ids':['part_0']}"),
          json("/v1/uploads/{upload_id}/cancel", "{}"),
          new RouteRow(
              "POST",
              "/v1/batches",
              "batches",
              About.NONE,
              "{'input_file_id':'x','endpoint':'/v1/embeddings','completion_window':'24h'}"),
          get("/v1/batches", "batches", About.NONE),
          get("/v1/batches/{batch_id}", "batches", About.NONE),
          new RouteRow("POST", "/v1/batches/{batch_id}/cancel", "batches", About.NONE, "{}"),
          get("/v1/usage", "usage", About.NONE),
          get("/v1/organization/usage/embeddings", "usage", About.NONE),
          get("/", "models", About.NONE),
          get("/v2", "models", About.NONE),
          get("/v1/models", "models", About.LIST),
          get("/v1/models/{model}", "models", About.MODEL),
          get("/v2/models", "models", About.LIST),
          get("/v2/models/{model}", "models", About.MODEL),
          get("/v2/models/{model}/versions/{version}", "models", About.MODEL),
          get("/v2/models/{model}/ready", "models", About.MODEL),
          get("/v2/models/{model}/versions/{version}/ready", "models", About.MODEL),
          get("/v2/models/{model}/config", "models", About.MODEL),
          get("/v2/models/{model}/versions/{version}/config", "models", About.MODEL),
          get("/info", "models", About.MODEL),
          new RouteRow("POST", "/v2/repository/index", "models", About.LIST, "{}"),
          get("/v2/models/stats", "control", About.LIST),
          get("/v2/models/{model}/stats", "control", About.MODEL),
          get("/v2/models/{model}/versions/{version}/stats", "control", About.MODEL),
          post("/v2/repository/models/{model}/load", "control", "{}"),
          new RouteRow("POST", "/v2/repository/models/{model}/unload", "control", About.NONE, "{}"),
          get("/v2/health/live", "", About.NONE),
          get("/v2/health/ready", "", About.NONE),
          get("/health", "", About.NONE),
          get("/ping", "", About.NONE));

  private static String infer() {
    return "{'inputs':[{'name':'text','datatype':'BYTES','shape':[1],'data':['x']}]}";
  }

  private static RouteRow post(String path, String family, String body) {
    return new RouteRow("POST", path, family, About.MODEL, body);
  }

  private static RouteRow get(String path, String family, About about) {
    return new RouteRow("GET", path, family, about, "");
  }

  private static RouteRow json(String path, String body) {
    return new RouteRow("POST", path, "files", About.NONE, body);
  }

  /// Whether only a function with keys has an answer.
  boolean isOfKeys() {
    return family.equals("usage");
  }

  boolean needsKey() {
    return !family.isEmpty();
  }

  /// The request to the sample model, whose result has an id.
  TestRequest request(String id) {
    String target =
        path.replace("{model}", SAMPLE)
            .replace("{version}", "1")
            .replace("{task}", "feature-extraction")
            .replace("{id}", id);
    return body.isEmpty()
        ? TestRequest.of(method, target)
        : TestRequest.post(target, body.replace("%s", SAMPLE).replace('\'', '"'));
  }

  Router.Template template() {
    return new Router.Template(method, path);
  }

  /// The members of an error in the route's protocol.
  List<String> errorMembers() {
    return switch (form()) {
      case "tei" -> List.of("error", "error_type");
      case "tei-openai" -> List.of("message", "code", "type");
      case "cohere" -> List.of("message");
      case "flat" -> List.of("error");
      default -> List.of("message", "type", "param", "code");
    };
  }

  /// Whether the members are those of the field `error`.
  boolean hasNestedError() {
    return form().equals("openai");
  }

  /// Whether an invalid request has the status of text-embeddings-inference.
  boolean isTei() {
    return form().startsWith("tei");
  }

  private String form() {
    if (List.of("/v1/embed", "/v2/embed", "/v1/rerank", "/v2/rerank", "/v1/reranking")
        .contains(path)) {
      return "cohere";
    }
    if (path.startsWith("/v2") || path.startsWith("/api/") || family.equals("pipelines")) {
      return "flat";
    }
    if (path.equals("/") || path.equals("/vertex") || path.endsWith(":predict")) {
      return "flat";
    }
    if (path.equals("/embeddings")) {
      return "tei-openai";
    }
    boolean isOpenAi =
        path.startsWith("/v1") || path.startsWith("/openai") || path.equals("/score");
    return isOpenAi ? "openai" : "tei";
  }

  @Override
  public String toString() {
    return Objects.requireNonNull(method) + " " + path;
  }
}
