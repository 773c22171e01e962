package dev.pilotlight.batch.lines;

import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.batch.input.FurtherFields;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelPolicy.Prompts;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.door.PromptName;
import dev.pilotlight.protocol.http.Names;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.http.Router;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.json.Text;
import dev.pilotlight.support.json.JsonBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads one JSON line of a batch, in one pass. There are two forms, and a line has one of them:
///
/// - OpenAI's: `custom_id`, `method`, `url`, `body`; the API's readers read the body;
/// - the simple one: `text`, with `text_pair` if it is a pair, or `inputs` (a string, an array of
///   strings, or tensors of the Open Inference Protocol), with `id`, `model`, `truncate` and
///   `prompt_name` as options, which may be null, as `text_pair` may.
///
/// [FurtherFields] are fields of neither form.
///
/// Used once; not thread-safe.
public final class BatchLineReader {
  static final int CUSTOM_ID_CHARS_MAX = 512;
  static final String LINE = "line";
  static final List<String> OF_REQUESTS = List.of("custom_id", "method", "url", "body");
  static final List<String> OF_TEXTS =
      List.of("id", "model", "text", "text_pair", "inputs", "truncate", Prompts.FIELD);
  private static final List<String> OPTIONS =
      List.of("model", "text_pair", "truncate", Prompts.FIELD);
  private static final List<String> CONTENTS =
      List.of("text", "inputs", "custom_id", "method", "url", "body");
  private static final String ACCEPTED =
      "custom_id, method, url and body, or else text or inputs, with id, model, text_pair,"
          + " truncate and prompt_name";
  private static final String ACCEPTED_INPUTS =
      "a string, an array of strings, or an array of tensors";

  private final byte[] line;
  private final int itemsMax;
  private final FurtherFields further;
  private final List<String> optionsAbsent = new ArrayList<>(OPTIONS);
  private final List<String> texts = new ArrayList<>(1);
  private LineId id = LineId.NONE;
  private @Nullable String customId;
  private @Nullable String method;
  private @Nullable String url;
  private byte @Nullable [] body;
  private @Nullable String model;
  private @Nullable String field;
  private @Nullable String second;
  private byte @Nullable [] tensors;
  private boolean listed;
  private Optional<Boolean> truncate = Optional.empty();
  private Optional<PromptName> promptName = Optional.empty();
  private @Nullable String ofOpenAi;
  private @Nullable String ofSimple;

  private BatchLineReader(byte[] line, int itemsMax, FurtherFields further) {
    this.line = line;
    this.further = further;
    this.itemsMax = itemsMax;
  }

  /// Reads a line. Never throws.
  ///
  /// @param line without its end
  /// @param itemsMax the most strings that `inputs` may have
  /// @param further collects other fields
  public static BatchLine read(byte[] line, int itemsMax, FurtherFields further) {
    try {
      return JsonReader.read(
          LINE,
          line,
          0,
          line.length,
          json -> new BatchLineReader(line, itemsMax, further).line(json));
    } catch (Refusal refusal) {
      further.clear();
      return BatchLineIds.wrong(line, refusal, further);
    }
  }

  /// The `custom_id` of a line in OpenAI's form, also of an invalid one.
  public static Optional<String> customId(byte[] line) {
    BatchLine.Wrong ids =
        BatchLineIds.wrong(
            line, Refusal.invalid(LINE, ""), new FurtherFields(FurtherFields.Rule.IGNORE));
    return ids.requestId();
  }

  /// A line with one text, as in files of text and CSV.
  public static BatchLine text(LineId id, String text) {
    return text.isEmpty()
        ? new BatchLine.Wrong(BatchLine.Form.SIMPLE, id, null, empty("text"), false)
        : new BatchLine.Texts(
            id,
            Optional.empty(),
            List.of(new Item.Text(text, false)),
            "text",
            false,
            Optional.empty(),
            Optional.empty());
  }

  private BatchLine line(JsonReader json) throws IOException {
    json.object(name -> field(json, name));
    if (ofOpenAi != null && ofSimple != null) {
      throw Refusal.invalid(
          LINE, "the line has %s and %s; accepted: %s".formatted(ofOpenAi, ofSimple, ACCEPTED));
    }
    if (ofOpenAi == null) {
      further.requireNoNearMiss(optionsAbsent);
      return simple();
    }
    return request();
  }

  private void field(JsonReader json, String name) throws IOException {
    switch (name) {
      case "custom_id", "method", "url", "body" -> {
        ofOpenAi = name;
        ofOpenAi(json, name);
      }
      case "id", "model", "text", "text_pair", "inputs", "truncate", Prompts.FIELD -> {
        ofSimple = name;
        ofSimple(json, name);
      }
      default -> further.read(json, name, line, ACCEPTED);
    }
  }

  private void ofOpenAi(JsonReader json, String name) throws IOException {
    switch (name) {
      case "custom_id" -> customId = BatchLineIds.customId(json);
      case "method" -> method = json.string();
      case "url" -> url = json.string();
      default -> {
        if (json.token() != JsonToken.START_OBJECT) {
          throw json.wrongType("an object");
        }
        body = skipped(json);
      }
    }
  }

  private void ofSimple(JsonReader json, String name) throws IOException {
    optionsAbsent.remove(name);
    switch (name) {
      case "id" -> id = BatchLineIds.id(json);
      case "model" -> model = json.isNull() ? null : json.string();
      case "truncate" -> truncate = json.isNull() ? truncate : Optional.of(json.bool());
      case "text_pair" -> second = json.isNull() ? null : text(json);
      case Prompts.FIELD -> promptName = PromptName.read(json);
      case "text" -> {
        source(json, name);
        texts.add(text(json));
      }
      default -> {
        source(json, name);
        inputs(json);
      }
    }
  }

  private void source(JsonReader json, String name) {
    if (field != null) {
      throw Refusal.invalid(
          json.path(), "the line has %s and %s; one of them is accepted".formatted(field, name));
    }
    field = name;
  }

  private void inputs(JsonReader json) throws IOException {
    switch (json.token()) {
      case VALUE_STRING -> texts.add(text(json));
      case START_ARRAY -> list(json);
      default -> throw json.wrongType(ACCEPTED_INPUTS);
    }
  }

  /// Reads an array, whose first element determines the type of all.
  private void list(JsonReader json) throws IOException {
    int start = json.start();
    JsonToken[] kind = {JsonToken.NOT_AVAILABLE};
    json.array(
        index -> {
          kind[0] = index == 0 ? json.token() : kind[0];
          switch (kind[0]) {
            case VALUE_STRING -> element(json);
            case START_OBJECT -> json.skip(); // the protocol's reader reports faults
            default -> throw json.wrongType("a string or a tensor");
          }
        });
    switch (kind[0]) {
      case VALUE_STRING -> listed = true;
      case START_OBJECT -> tensors = Arrays.copyOfRange(line, start, json.end());
      default -> throw Refusal.invalid("inputs", "inputs is empty; accepted: " + ACCEPTED_INPUTS);
    }
  }

  private void element(JsonReader json) throws IOException {
    if (texts.size() == itemsMax) {
      throw Refusal.invalid(
          "inputs",
          "inputs has more than %d strings; accepted: 1 to %d in a line"
              .formatted(itemsMax, itemsMax));
    }
    texts.add(text(json));
  }

  private static String text(JsonReader json) throws IOException {
    String text = json.string();
    if (text.isEmpty()) {
      throw empty(json.path());
    }
    return text;
  }

  private static Refusal empty(String path) {
    return Refusal.invalid(path, path + " is empty; accepted: a string that is not empty");
  }

  private byte[] skipped(JsonReader json) throws IOException {
    int start = json.start();
    json.skip();
    return Arrays.copyOfRange(line, start, json.end());
  }

  private BatchLine request() {
    String custom = required("custom_id", customId, "a string of 1 to 512 characters");
    String verb = required("method", method, "POST");
    String path = required("url", url, Route.INFERENCE_PATHS);
    if (!verb.equals("POST")) {
      throw Refusal.invalid(
          "method", "method is '%s'; accepted: POST".formatted(Text.shorten(verb)));
    }
    // no path is the root for a request under a stage, which a line is not
    if (path.isEmpty() || !Router.allowed(path).contains("POST")) {
      throw Refusal.invalid(
          "url", "url is '%s'; accepted: %s".formatted(Text.shorten(path), Route.INFERENCE_PATHS));
    }
    return new BatchLine.Request(custom, path, required("body", body, "an object"));
  }

  private BatchLine simple() {
    Optional<String> named = Optional.ofNullable(model).map(Names::model);
    if (second != null && !"text".equals(field)) {
      throw Refusal.invalid(
          "text_pair",
          "text_pair is the second text of a pair, and the line has %s; accepted: text with it"
              .formatted(field == null ? "no first one" : field));
    }
    if (tensors != null) {
      return new BatchLine.Tensors(id, named, inferBody(tensors));
    }
    if (field == null) {
      throw Refusal.invalid(
          LINE,
          "the line has neither text nor inputs nor a request%s; accepted: %s"
              .formatted(further.near(CONTENTS), ACCEPTED));
    }
    List<Item> items = new ArrayList<>(texts.size());
    if (second != null) {
      items.add(new Item.Pair(texts.getFirst(), second, false));
    } else {
      texts.forEach(text -> items.add(new Item.Text(text, false)));
    }
    return new BatchLine.Texts(id, named, items, field, listed, truncate, promptName);
  }

  private byte[] inferBody(byte[] inputs) {
    JsonBytes json = new JsonBytes(inputs.length).object();
    if (truncate.isPresent() || promptName.isPresent()) {
      json.name("parameters").object();
      truncate.ifPresent(truncates -> json.field("truncate", truncates));
      promptName.ifPresent(prompt -> json.field(Prompts.FIELD, prompt.name()));
      json.endObject();
    }
    return json.name("inputs").raw(inputs).endObject().toByteArray();
  }

  private static <T> T required(String name, @Nullable T value, String accepted) {
    if (value == null) {
      throw Refusal.invalid(name, "%s is missing; accepted: %s".formatted(name, accepted));
    }
    return value;
  }
}
