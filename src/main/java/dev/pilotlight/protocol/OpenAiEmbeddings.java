package dev.pilotlight.protocol;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Task;
import java.util.List;
import java.util.OptionalInt;

/// `POST /v1/embeddings`, as OpenAI defines it.
///
/// Source: <https://platform.openai.com/docs/api-reference/embeddings/create>
public final class OpenAiEmbeddings {
  /// How vectors are written: as decimals, or as base64 of little-endian float32s, which is exact
  /// and what the official clients ask for.
  public enum Encoding {
    FLOAT,
    BASE64
  }

  /// What a body asks for.
  ///
  /// @param items in the order of `input`, at least one
  /// @param listed whether `input` was an array of items
  public record Request(
      String model, List<Item> items, boolean listed, Encoding encoding, OptionalInt dimensions) {
    public Request {
      items = List.copyOf(items);
    }

    /// Where an item stands in the body.
    public String field(int index) {
      return listed ? "input[%d]".formatted(index) : "input";
    }
  }

  private static final int RESPONSE_BYTES = 256;
  private static final int ITEM_BYTES = 160;
  private static final int FLOAT_BYTES = 13;
  // the least that item and vector take in an event, where quotes are escaped
  private static final int ITEM_BYTES_MIN =
      "{_'object_':_'embedding_',_'index_':0,_'embedding_':,_'id_':_'_'},".length()
          + "0123456789012345678901234567890123456789012".length();
  private static final int DECIMAL_BYTES_MIN = "0.0,".length();
  private static final int DECIMAL_BYTES_LIKELY = InferSize.EMBEDDING_DECIMAL_BYTES;
  private static final int QUOTES_BYTES = 4;

  private OpenAiEmbeddings() {}

  /// Reads and checks what can be checked without the model.
  ///
  /// @param itemsMax the most items; OpenAI's own limit holds too
  /// @throws Refusal INVALID, naming the field
  public static Request read(HttpRequest request, int itemsMax) {
    MediaTypes.requireJson(request);
    byte[] body = request.body();
    return JsonReader.read(
        body, 0, body.length, json -> new EmbeddingsReader(json, itemsMax).read());
  }

  /// Checks what depends on the model.
  ///
  /// @throws Refusal INVALID if it gives no embeddings, or not of the wanted size
  public static void requireModel(Request request, ModelInfo model) {
    if (model.task() != Task.EMBEDDING) {
      throw Refusal.invalid(
          "model",
          "%s gives no embeddings; accepted: a model that does; it answers at /v2/models/%s/infer"
              .formatted(model.name(), model.name()));
    }
    EmbeddingSize.require(request.dimensions().orElse(model.dimensions()), model);
  }

  /// Refuses, before anything is run, what will not fit a response: decimals count as what computed
  /// ones have at least on average. Says nothing about clients that accept gzip: what that makes of
  /// an answer is only known afterwards.
  ///
  /// @throws Refusal TOO_LARGE
  public static void requireFits(
      Request request, ModelInfo model, HttpRequest http, ProtocolSettings settings) {
    long bytes =
        bytes(request.items().size(), model.dimensions(), request.encoding(), DECIMAL_BYTES_LIKELY);
    if (bytes > settings.responseBytesMax() && !Bodies.acceptsGzip(http)) {
      throw LambdaEvents.tooLarge(bytes, settings.responseBytesMax());
    }
  }

  /// The least that an uncompressed answer takes in its event.
  static long minimumBytes(int items, int dimensions, Encoding encoding) {
    return bytes(items, dimensions, encoding, DECIMAL_BYTES_MIN);
  }

  private static long bytes(int items, int dimensions, Encoding encoding, int decimalBytes) {
    long vector =
        switch (encoding) {
          case FLOAT -> 1L + (long) dimensions * decimalBytes;
          case BASE64 -> QUOTES_BYTES + base64Bytes(dimensions);
        };
    return items * (ITEM_BYTES_MIN + vector);
  }

  /// About what an embedding takes as decimals, with what stands around it.
  static long itemBytes(ModelInfo model) {
    return ITEM_BYTES + (long) model.dimensions() * FLOAT_BYTES;
  }

  private static long base64Bytes(int dimensions) {
    return (dimensions * (long) Float.BYTES + 2) / 3 * 4;
  }

  /// Writes the answer to a request.
  ///
  /// @param answers one for each item, in their order
  /// @throws Refusal INVALID for decimals of a vector that has none, because it holds NaN
  public static HttpResponse write(Request request, ModelInfo model, List<Answer> answers) {
    long vectorBytes =
        switch (request.encoding()) {
          case FLOAT -> (long) model.dimensions() * FLOAT_BYTES;
          case BASE64 -> base64Bytes(model.dimensions());
        };
    long expected = RESPONSE_BYTES + answers.size() * (ITEM_BYTES + vectorBytes);
    JsonBytes json = new JsonBytes((int) Math.min(expected, ProtocolSettings.LAMBDA_BYTES_MAX));
    json.object().field("object", "list").name("data").array();
    long tokens = 0;
    for (int i = 0; i < answers.size(); i++) {
      Answer answer = answers.get(i);
      tokens += answer.result().tokens();
      json.object().field("object", "embedding").field("index", i).name("embedding");
      byte[] full = answer.result().output(ModelInfo.EMBEDDING_OUTPUT).data();
      int places = request.dimensions().orElse(model.dimensions());
      vector(json, EmbeddingSize.cut(full, places), request.encoding(), i);
      json.field("id", answer.key().id()).endObject();
    }
    json.endArray().field("model", model.name()).name("usage").object();
    json.field("prompt_tokens", tokens).field("total_tokens", tokens).endObject().endObject();
    return HttpResponse.json(200, json.toByteArray());
  }

  private static void vector(JsonBytes json, byte[] embedding, Encoding encoding, int index) {
    switch (encoding) {
      case BASE64 -> json.base64(embedding);
      case FLOAT -> {
        if (!json.floats(embedding)) {
          throw Refusal.invalid(
              "encoding_format",
              ("the embedding of input[%d] holds NaN or infinity, which no JSON number can say;"
                      + " accepted: base64")
                  .formatted(index));
        }
      }
    }
  }
}
