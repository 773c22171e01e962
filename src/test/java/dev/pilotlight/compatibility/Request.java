package dev.pilotlight.compatibility;

/// A request as the documentation shows it and as it is sent.
///
/// @param body JSON; empty for `GET`
/// @param shown as Markdown
record Request(String method, String path, String body, String shown) {
  private static final String EMBEDDINGS = "/v1/embeddings";

  static Request get(String path) {
    return new Request("GET", path, "", Markdown.code("GET " + path));
  }

  static Request post(String path, String body) {
    return new Request("POST", path, body, Markdown.code(path) + " " + Markdown.code(body));
  }

  /// One text to the embeddings route.
  static Request embed(String text) {
    String body = "{\"model\":\"%s\",\"input\":\"%s\"}".formatted(Folder.MODEL, text);
    return new Request("POST", EMBEDDINGS, body, Markdown.code(text));
  }

  /// @param more fields of the request besides the model and the text, without braces
  static Request embedWith(String more) {
    String body = "{\"model\":\"%s\",\"input\":\"hello world\",%s}".formatted(Folder.MODEL, more);
    return new Request("POST", EMBEDDINGS, body, Markdown.code(more));
  }

  /// @param fields all of the request, without braces, the model apart
  static Request embedding(String fields) {
    String body = "{\"model\":\"%s\",%s}".formatted(Folder.MODEL, fields);
    return new Request("POST", EMBEDDINGS, body, Markdown.code(fields));
  }

  /// One text to the infer route.
  static Request infer(String text) {
    String body =
        "{\"inputs\":[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"%s\"]}]}"
            .formatted(text);
    return new Request("POST", inferPath(), body, Markdown.code(text));
  }

  /// Tensors to the infer route.
  ///
  /// @param inputs the list's elements, without brackets
  static Request tensors(String inputs) {
    return new Request("POST", inferPath(), "{\"inputs\":[" + inputs + "]}", Markdown.code(inputs));
  }

  private static String inferPath() {
    return "/v2/models/" + Folder.MODEL + "/infer";
  }
}
