package dev.pilotlight.protocol.http;

/// The request targets of the further doors. The class loads with the first request that is at none
/// of the router's own routes.
public enum Door {
  AZURE_EMBEDDINGS(Form.OPENAI, "/openai/deployments/{model}/embeddings"),
  // Cohere's embeddings
  COHERE_EMBED_V1(Form.COHERE, "/v1/embed"),
  COHERE_EMBED_V2(Form.COHERE, "/v2/embed"),
  // Ollama
  OLLAMA_EMBED(Form.OPEN_INFERENCE, "/api/embed"),
  OLLAMA_EMBEDDINGS(Form.OPEN_INFERENCE, "/api/embeddings"),

  // rankings
  RERANK(Form.TEI, "/rerank"),
  RERANK_V1(Form.COHERE, "/v1/rerank"),
  RERANK_V2(Form.COHERE, "/v2/rerank"),
  RERANKING(Form.COHERE, "/v1/reranking"),
  SCORE(Form.OPENAI, "/score"),
  SCORE_V1(Form.OPENAI, "/v1/score"),

  // labels and similarity
  PREDICT(Form.TEI, "/predict"),
  SIMILARITY(Form.TEI, "/similarity"),
  KSERVE_PREDICT(Form.OPEN_INFERENCE, "/v1/models/{model}:predict"),
  // the same for Vertex AI's custom containers
  VERTEX(Form.OPEN_INFERENCE, "/vertex"),

  // text-embeddings-inference
  EMBED(Form.TEI, "/embed"),
  EMBED_ALL(Form.TEI, "/embed_all"),
  EMBED_SPARSE(Form.TEI, "/embed_sparse"),
  TEI_EMBEDDINGS(Form.TEI_OPENAI, "/embeddings"),
  TOKENIZE(Form.TEI, Work.QUESTION, "POST", "/tokenize"),
  DECODE(Form.TEI, Work.QUESTION, "POST", "/decode"),
  INFO(Form.TEI, Work.QUESTION, "GET", "/info"),
  HEALTH(Form.TEI, Work.HEALTH, "GET", "/health"),
  PING(Form.TEI, Work.HEALTH, "GET", "/ping"),

  // Hugging Face, the longer paths first: a name may have slashes
  MODEL_PIPELINE(Form.HUGGING_FACE, "/models/{model}/pipeline/{task}"),
  PIPELINE_MODEL(Form.HUGGING_FACE, "/pipeline/{task}/{model}"),
  MODEL(Form.HUGGING_FACE, "/models/{model}"),
  OWN_TASK(Form.HUGGING_FACE, "/"),
  INVOCATIONS(Form.HUGGING_FACE, "/invocations");

  /// The form of a door's errors.
  public enum Form {
    OPENAI,
    /// `{"error":"…"}`, as under `/v2`.
    OPEN_INFERENCE,
    TEI,
    /// As [#TEI], on its route in OpenAI's form.
    TEI_OPENAI,
    COHERE,
    HUGGING_FACE
  }

  /// The work that a request is.
  public enum Work {
    /// It runs a model.
    INFERENCE,
    /// It asks about a model, and runs nothing.
    QUESTION,
    /// It asks whether the function is ready.
    HEALTH
  }

  private final Form form;
  private final Work work;
  private final String method;
  private final String path;

  Door(Form form, String path) {
    this(form, Work.INFERENCE, "POST", path);
  }

  Door(Form form, Work work, String method, String path) {
    this.form = form;
    this.work = work;
    this.method = method;
    this.path = path;
  }

  public Form form() {
    return form;
  }

  public Work work() {
    return work;
  }

  String method() {
    return method;
  }

  String path() {
    return path;
  }
}
