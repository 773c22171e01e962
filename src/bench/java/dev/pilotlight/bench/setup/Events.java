package dev.pilotlight.bench.setup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The events that the function is sent: API Gateway's, as in `events/`.
public record Events(ObjectNode embeddings, ObjectNode created) {
  public static final String MODEL = "all-minilm-l6-v2";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String TEI = "/embed";
  private static final Path EMBEDDINGS = Path.of("events/embeddings.json");
  private static final Path CREATED = Path.of("events/s3-put.json");

  static Events read() throws IOException {
    return new Events(
        (ObjectNode) MAPPER.readTree(EMBEDDINGS.toFile()),
        (ObjectNode) MAPPER.readTree(CREATED.toFile()));
  }

  /// Asks for the embedding of one text.
  public byte[] embeddings(String text) throws IOException {
    return event(body(false).put("input", text));
  }

  /// Asks for the embedding of one text, as decimals instead of base64.
  public byte[] decimals(String text) throws IOException {
    return event(body(false).put("input", text).put("encoding_format", "float"));
  }

  /// Asks for the embedding of a text that may be over the model's limit.
  public byte[] truncated(String text) throws IOException {
    return event(body(true).put("input", text));
  }

  /// Asks for the embeddings of several texts.
  public byte[] embeddings(List<String> texts) throws IOException {
    ObjectNode body = body(false);
    texts.forEach(body.putArray("input")::add);
    return event(body);
  }

  /// Asks for the embedding of one text as text-embeddings-inference does.
  public byte[] tei(String text) throws IOException {
    ObjectNode event = embeddings.deepCopy().put("rawPath", TEI);
    ((ObjectNode) event.at("/requestContext/http")).put("path", TEI);
    ObjectNode body = MAPPER.createObjectNode().put("inputs", text);
    return MAPPER.writeValueAsBytes(event.put("body", MAPPER.writeValueAsString(body)));
  }

  /// Announces a new object in the bucket that starts the batch function.
  ///
  /// @param key of letters that no URL encodes
  public byte[] created(String key) throws IOException {
    ObjectNode event = created.deepCopy();
    ((ObjectNode) event.at("/Records/0/s3/object")).put("key", key);
    return MAPPER.writeValueAsBytes(event);
  }

  private static ObjectNode body(boolean truncate) {
    ObjectNode body =
        MAPPER.createObjectNode().put("model", MODEL).put("encoding_format", "base64");
    return truncate ? body.put("truncate", true) : body;
  }

  /// The body of a request for the embedding of one text.
  public byte[] body(String text) throws IOException {
    return MAPPER.writeValueAsBytes(body(false).put("input", text));
  }

  private byte[] event(ObjectNode body) throws IOException {
    return MAPPER.writeValueAsBytes(
        embeddings.deepCopy().put("body", MAPPER.writeValueAsString(body)));
  }
}
