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
  OLLAMA_EMBEDDINGS(Form.OPEN_INFERENCE, "/api/embeddings");

  /// The form of a door's errors.
  public enum Form {
    OPENAI,
    /// `{"error":"…"}`, as under `/v2`.
    OPEN_INFERENCE,
    TEI,
    COHERE
  }

  private static final String POST = "POST";

  private final Form form;
  private final String method;
  private final String path;

  Door(Form form, String path) {
    this(form, POST, path);
  }

  Door(Form form, String method, String path) {
    this.form = form;
    this.method = method;
    this.path = path;
  }

  public Form form() {
    return form;
  }

  String method() {
    return method;
  }

  String path() {
    return path;
  }
}
