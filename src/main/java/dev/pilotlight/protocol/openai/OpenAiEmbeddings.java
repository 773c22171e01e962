package dev.pilotlight.protocol.openai;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Task;
import dev.pilotlight.protocol.door.EmbeddingSize;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.MediaTypes;
import dev.pilotlight.protocol.http.ProtocolSettings;
import dev.pilotlight.protocol.http.ResponseHeaders;
import dev.pilotlight.protocol.http.UnknownFields;
import dev.pilotlight.protocol.json.Text;
import dev.pilotlight.support.json.JsonBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// `POST /v1/embeddings`, as OpenAI defines it.
///
/// Source: <https://platform.openai.com/docs/api-reference/embeddings/create>
public final class OpenAiEmbeddings {
  /// How vectors are written: as decimals, or as base64 of little-endian float32s, which is exact
  /// and requested by the official clients.
  public enum Encoding {
    FLOAT,
    BASE64
  }

  /// A decoded request.
  ///
  /// @param model the name of the model; empty for the default
  /// @param items in the order of `input`, at least one
  /// @param listed whether `input` was an array of items
  /// @param truncate whether texts over the model's limit are truncated; empty where the model
  ///   decides
  /// @param extras unknown fields that at least one model may ignore
  /// @param id of the answer; null for one without, as OpenAI has it
  public record Request(
      String model,
      List<Item> items,
      boolean listed,
      Encoding encoding,
      OptionalInt dimensions,
      Optional<Boolean> truncate,
      List<ExtraField> extras,
      @Nullable String id) {
    public Request {
      items = List.copyOf(items);
      extras = List.copyOf(extras);
    }

    /// A request whose answer has no id.
    public Request(
        String model,
        List<Item> items,
        boolean listed,
        Encoding encoding,
        OptionalInt dimensions,
        Optional<Boolean> truncate,
        List<ExtraField> extras) {
      this(model, items, listed, encoding, dimensions, truncate, extras, null);
    }

    /// The items as the model is to answer them.
    ///
    /// @throws Refusal INVALID if the model has prompts, but not the one that the request chooses;
    ///   for a model of images, if an item is not one: UNSUPPORTED_MEDIA_TYPE in another format
    public List<Item> itemsFor(ModelInfo model) {
      if (model.takesImages()) {
        return ImageItems.of(this);
      }
      boolean truncates = truncates(model);
      Optional<String> prompt =
          extras.isEmpty() ? Optional.empty() : PromptFields.prompt(this, model);
      List<Item> its = new ArrayList<>(items.size());
      for (Item item : items) {
        its.add(prompted(item.withTruncate(truncates), prompt));
      }
      return its;
    }

    private static Item prompted(Item item, Optional<String> prompt) {
      return prompt.isPresent() && item instanceof Item.Text text ? text.withPrompt(prompt) : item;
    }

    /// With another default for texts over the model's limit.
    ///
    /// @param otherwise empty where the model decides
    public Request withDefaultTruncate(Optional<Boolean> otherwise) {
      return truncate.isPresent() || otherwise.isEmpty()
          ? this
          : new Request(model, items, listed, encoding, dimensions, otherwise, extras, id);
    }

    /// The same request for the model that its URL names.
    public Request withModel(String name) {
      return new Request(name, items, listed, encoding, dimensions, truncate, extras, id);
    }

    boolean truncates(ModelInfo model) {
      return truncate.orElse(model.policy().truncates());
    }

    /// The requested length of the embeddings.
    public int size(ModelInfo model) {
      return dimensions.orElse(model.dimensions());
    }

    /// The path of an item in the body.
    public String field(int index) {
      return listed ? "input[%d]".formatted(index) : "input";
    }
  }

  private static final String MISTRAL = "mistral";
  private static final int RESPONSE_BYTES = 256;
  private static final int ITEM_BYTES = 160;
  private static final int FLOAT_BYTES = 13;
  private static final int FLOAT_BYTES_MIN = 4;

  private OpenAiEmbeddings() {}

  /// Reads a request and checks it as far as possible without the model.
  ///
  /// @param itemsMax the most items; OpenAI's own limit holds too
  /// @throws Refusal INVALID, naming the field
  public static Request read(HttpRequest request, int itemsMax, UnknownFields unknownFields) {
    MediaTypes.requireJson(request);
    String id = hasId(request) ? ResponseHeaders.requestId(request) : null;
    return request.readJson(json -> new EmbeddingsReader(json, itemsMax, unknownFields).read(id));
  }

  /// Whether the answer has an id: if the client is Mistral's, by its `User-Agent`. Its clients
  /// require an id, which OpenAI's answers do not have.
  public static boolean hasId(HttpRequest request) {
    return request.header("user-agent").orElse("").contains(MISTRAL);
  }

  /// Checks a request against its model.
  ///
  /// @throws Refusal INVALID if the model does not produce embeddings, or not of the requested
  ///   size, does not accept token ids, or if a field without support would change its vectors
  public static void requireModel(Request request, ModelInfo model) {
    if (model.task() != Task.EMBEDDING && model.task() != Task.IMAGE_EMBEDDING) {
      throw Refusal.invalid(
          "model",
          "model %s does not produce embeddings; use /v2/models/%s/infer"
              .formatted(model.name(), model.name()));
    }
    EmbeddingSize.require(request.size(model), model);
    requireNoIds(request, model);
    request.extras().forEach(field -> requireNoEffect(field, request, model));
  }

  private static void requireNoIds(Request request, ModelInfo model) {
    boolean ids = request.items().getFirst() instanceof Item.Tokens;
    if (ids && !model.policy().acceptsTokenIds()) {
      throw Refusal.invalid(
          "input",
          ("input holds token ids, which are refused for %s, because clients send those of another"
                  + " tokenizer (tiktoken); accepted: a string or an array of strings. LangChain"
                  + " sends texts with OpenAIEmbeddings(check_embedding_ctx_length=False). For ids"
                  + " of the model's own tokenizer set \"token_ids\": \"accept\" in its"
                  + " pilotlight.json")
              .formatted(model.name()));
    }
  }

  private static void requireNoEffect(ExtraField field, Request request, ModelInfo model) {
    if (VectorFields.contains(field.name())
        && !VectorFields.changesNothing(field, request, model)) {
      throw Refusal.invalid(
          field.name(),
          "%s is %s, which is not supported and would change the embeddings of %s; leave it out"
              .formatted(field.name(), Text.shorten(field.value()), model.name()));
    }
  }

  /// The approximate size of an embedding as decimals, with its JSON object.
  public static long itemBytes(ModelInfo model) {
    return ITEM_BYTES + (long) model.dimensions() * FLOAT_BYTES;
  }

  /// The least size of an embedding in the answer: base64 is exact, a decimal has two digits.
  static long itemBytesMin(Request request, ModelInfo model) {
    return switch (request.encoding()) {
      case BASE64 -> JsonBytes.base64Length((long) request.size(model) * Float.BYTES);
      case FLOAT -> (long) request.size(model) * FLOAT_BYTES_MIN;
    };
  }

  /// Writes the answer to a request.
  ///
  /// @param answers one for each item, in their order
  public static HttpResponse write(Request request, ModelInfo model, List<Answer> answers) {
    long vectorBytes =
        switch (request.encoding()) {
          case FLOAT -> (long) model.dimensions() * FLOAT_BYTES;
          case BASE64 -> JsonBytes.base64Length((long) model.dimensions() * Float.BYTES);
        };
    long expected = RESPONSE_BYTES + answers.size() * (ITEM_BYTES + vectorBytes);
    JsonBytes json = new JsonBytes((int) Math.min(expected, ProtocolSettings.LAMBDA_BYTES_MAX));
    json.object();
    if (request.id() != null) {
      json.field("id", request.id());
    }
    json.field("object", "list").name("data").array();
    long tokens = 0;
    for (int i = 0; i < answers.size(); i++) {
      Answer answer = answers.get(i);
      tokens += answer.result().tokens();
      json.object().field("object", "embedding").field("index", i).name("embedding");
      byte[] full = answer.result().output(ModelInfo.EMBEDDING_OUTPUT).data();
      vector(json, EmbeddingSize.cut(full, request.size(model)), request.encoding());
      if (answer.id() != null) {
        json.field("id", answer.id());
      }
      json.endObject();
    }
    json.endArray().field("model", model.name()).name("usage").object();
    json.field("prompt_tokens", tokens).field("total_tokens", tokens).endObject().endObject();
    HttpResponse response = HttpResponse.json(200, json.toByteArray());
    return request.extras().isEmpty() ? response : withIgnored(response, request, model);
  }

  private static HttpResponse withIgnored(HttpResponse response, Request request, ModelInfo model) {
    List<String> ignored = PromptFields.ignored(request, model);
    return ignored.isEmpty()
        ? response
        : response.with(ResponseHeaders.IGNORED, ResponseHeaders.ignored(ignored));
  }

  private static void vector(JsonBytes json, byte[] embedding, Encoding encoding) {
    switch (encoding) {
      case BASE64 -> json.base64(embedding);
      case FLOAT -> {
        if (!json.floats(embedding)) {
          throw new IllegalStateException("a stored embedding holds NaN or infinity");
        }
      }
    }
  }
}
