package dev.pilotlight.batch.input;

import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.door.NearMiss;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.json.Text;
import dev.pilotlight.protocol.openai.VectorFields;
import dev.pilotlight.support.json.JsonBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Fields of a batch's line that are not inputs or options, such as `"stars":5`, and their trace in
/// the line of the output. Not thread-safe.
public final class FurtherFields {
  /// How to treat them.
  public enum Rule {
    /// Answer the line and name them in `ignored`. Refuse a field that would change the answer on
    /// other servers or in a request's form, and a near miss of an option.
    NAME,
    /// Answer the line without a trace of them.
    IGNORE,
    /// Answer the line and copy them, with their values, to `fields`.
    CARRY,
    /// Refuse the line.
    REFUSE
  }

  private static final int NAMED_MAX = 20;
  private static final Set<String> OPTIONS_OF_REQUESTS = Set.of("dimensions", "encoding_format");

  private final Rule rule;
  private final List<String> names = new ArrayList<>();
  private final Map<String, byte[]> values = new LinkedHashMap<>();
  private @Nullable String changesAnswer;

  public FurtherFields(Rule rule) {
    this.rule = rule;
  }

  /// Adds a text, such as another column of a CSV, if values are carried.
  public void add(String name, String value) {
    if (rule == Rule.CARRY) {
      values.put(name, new JsonBytes(value.length() + 2).string(value).toByteArray());
    }
  }

  /// Reads the value under the cursor.
  ///
  /// @param document of the reader
  /// @param accepted names of fields, for the message
  /// @throws Refusal INVALID if the rule is [Rule#REFUSE]
  public void read(JsonReader json, String name, byte[] document, String accepted)
      throws IOException {
    switch (rule) {
      case REFUSE -> throw json.unknownField(accepted);
      case CARRY -> values.put(name, value(json, document));
      case IGNORE, NAME -> {
        names.add(name);
        boolean changes = VectorFields.contains(name) || OPTIONS_OF_REQUESTS.contains(name);
        changesAnswer = changes && !json.isNull() ? name : changesAnswer;
        json.skip();
      }
    }
  }

  /// Forgets all fields, before the line is read once more.
  public void clear() {
    names.clear();
    values.clear();
    changesAnswer = null;
  }

  /// Refuses a field that would change the answer, and a near miss of an option.
  ///
  /// @param options that the line does not have
  public void requireNoNearMiss(List<String> options) {
    if (rule != Rule.NAME) {
      return;
    }
    if (changesAnswer != null) {
      throw Refusal.invalid(
          changesAnswer,
          ("%s would change the answer, and a line of this form cannot have it; accepted: a line"
                  + " with custom_id, method, url and body, or the object's user metadata fields"
                  + " ignore or carry, with which the line is answered without it")
              .formatted(changesAnswer));
    }
    for (String name : names) {
      Optional<String> meant = NearMiss.of(name, options);
      if (meant.isPresent()) {
        throw Refusal.invalid(
            name,
            ("%s is not a known field; did you mean %s? With the object's user metadata fields"
                    + " ignore or carry the line is answered without it")
                .formatted(Text.shorten(name), meant.get()));
      }
    }
  }

  /// Such as ` (did you mean text by txet?)`; empty if no name is near.
  public String near(List<String> known) {
    for (String name : names) {
      Optional<String> meant = NearMiss.of(name, known);
      if (meant.isPresent()) {
        return " (did you mean %s by %s?)".formatted(meant.get(), Text.shorten(name));
      }
    }
    return "";
  }

  /// A line of the output with the trace of these fields.
  ///
  /// @param line an object of JSON that is not empty, and a newline
  public byte[] addTo(byte[] line) {
    boolean named = rule == Rule.NAME && !names.isEmpty();
    if (!named && values.isEmpty()) {
      return line;
    }
    byte[] fields = named ? ignored() : carried();
    int end = line.length - "}\n".length();
    byte[] longer = Arrays.copyOf(line, line.length + fields.length + 1);
    longer[end] = ',';
    System.arraycopy(fields, 0, longer, end + 1, fields.length);
    longer[longer.length - 2] = '}';
    longer[longer.length - 1] = '\n';
    return longer;
  }

  /// A member without the braces around it.
  private byte[] ignored() {
    JsonBytes json = new JsonBytes().object().name("ignored").array();
    names.stream().limit(NAMED_MAX).forEach(json::string);
    if (names.size() > NAMED_MAX) {
      json.string("… and %d more".formatted(names.size() - NAMED_MAX));
    }
    return member(json.endArray());
  }

  private byte[] carried() {
    JsonBytes json = new JsonBytes().object().name("fields").object();
    values.forEach((name, value) -> json.name(name).raw(value));
    return member(json.endObject());
  }

  private static byte[] member(JsonBytes json) {
    byte[] object = json.endObject().toByteArray();
    return Arrays.copyOfRange(object, 1, object.length - 1);
  }

  private static byte[] value(JsonReader json, byte[] document) throws IOException {
    if (json.token() == JsonToken.START_OBJECT || json.token() == JsonToken.START_ARRAY) {
      int start = json.start();
      json.skip();
      return oneLine(Arrays.copyOfRange(document, start, json.end()));
    }
    JsonBytes value = new JsonBytes();
    if (json.token() == JsonToken.VALUE_STRING) {
      value.string(json.string());
    } else {
      value.literal(json.parser().getText());
    }
    return value.toByteArray();
  }

  /// White space between tokens may be a carriage return, which ends a line for some readers.
  private static byte[] oneLine(byte[] json) {
    for (int i = 0; i < json.length; i++) {
      json[i] = json[i] == '\r' ? (byte) ' ' : json[i];
    }
    return json;
  }
}
