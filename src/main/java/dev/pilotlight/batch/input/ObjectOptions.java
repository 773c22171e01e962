package dev.pilotlight.batch.input;

import dev.pilotlight.batch.input.FurtherFields.Rule;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Encoding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Options for answering the lines of an object, from its user metadata. [InputFormat] has the
/// options for reading it.
///
/// @param model that answers lines which name none
/// @param parquet whether the output is a Parquet file
/// @param encoding of embeddings that answer plain texts
/// @param truncate whether to truncate texts over the model's limit if a line does not choose;
///   empty if the model decides
/// @param fields the rule for further fields of lines; empty for the deployment's
/// @param ignored names of metadata that have no effect on this object, in order
public record ObjectOptions(
    Optional<String> model,
    boolean parquet,
    Encoding encoding,
    Optional<Boolean> truncate,
    Optional<Rule> fields,
    List<String> ignored) {
  private static final String MODEL = "model";
  private static final String ENCODING = "encoding-format";
  private static final String TRUNCATE = "truncate";
  private static final String FIELDS = "fields";
  private static final String OUTPUT = "output-format";
  private static final String LINES = "jsonl";
  private static final String PARQUET = "parquet";
  private static final String FLOAT = "float";
  private static final List<String> OF_COLUMNS = List.of("text-column", "id-column");

  /// All names with an effect.
  public static final List<String> KNOWN =
      List.of(MODEL, ENCODING, TRUNCATE, FIELDS, OUTPUT, "text-column", "id-column");

  /// Reads an object's options from its user metadata.
  ///
  /// @param metadata names in lower case
  /// @throws BatchException.Unreadable if a value is not accepted
  public static ObjectOptions of(Map<String, String> metadata, InputFormat format) {
    Set<String> ignored = new TreeSet<>(metadata.keySet());
    ignored.removeAll(KNOWN);
    boolean parquet = isParquet(metadata.getOrDefault(OUTPUT, LINES));
    if (!format.kind().hasColumns()) {
      OF_COLUMNS.stream().filter(metadata::containsKey).forEach(ignored::add);
    }
    Optional<Rule> fields = Optional.ofNullable(metadata.get(FIELDS)).map(ObjectOptions::rule);
    if (fields.filter(rule -> !hasEffect(rule, format.kind())).isPresent()) {
      ignored.add(FIELDS);
    }
    return new ObjectOptions(
        Optional.ofNullable(metadata.get(MODEL)),
        parquet,
        parquet
            ? encodingForParquet(metadata.getOrDefault(ENCODING, FLOAT))
            : encoding(metadata.getOrDefault(ENCODING, FLOAT)),
        Optional.ofNullable(metadata.get(TRUNCATE)).map(ObjectOptions::truth),
        fields,
        List.copyOf(ignored));
  }

  /// The columns of a CSV are carried or ignored, and a text has no fields.
  private static boolean hasEffect(Rule rule, InputFormat.Kind kind) {
    return switch (kind) {
      case JSONL -> true;
      case TEXT -> false;
      case CSV, TSV, PARQUET -> rule != Rule.REFUSE;
    };
  }

  /// Rejects an unknown output-format instead of ignoring it.
  private static boolean isParquet(String output) {
    return switch (output) {
      case LINES -> false;
      case PARQUET -> true;
      default -> throw refused(OUTPUT, output, LINES + ", " + PARQUET);
    };
  }

  /// The file's embeddings are lists of floats. The intermediate lines hold base64.
  private static Encoding encodingForParquet(String name) {
    if (!name.equals(FLOAT)) {
      throw refused(ENCODING, name, FLOAT + " with output-format parquet");
    }
    return Encoding.BASE64;
  }

  private static Encoding encoding(String name) {
    return switch (name) {
      case FLOAT -> Encoding.FLOAT;
      case "base64" -> Encoding.BASE64;
      default -> throw refused(ENCODING, name, "float, base64");
    };
  }

  private static boolean truth(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw refused(TRUNCATE, value, "true, false");
    };
  }

  private static Rule rule(String value) {
    return switch (value) {
      case "ignore" -> Rule.IGNORE;
      case "carry" -> Rule.CARRY;
      case "refuse" -> Rule.REFUSE;
      default -> throw refused(FIELDS, value, "ignore, carry, refuse");
    };
  }

  private static BatchException refused(String name, String value, String accepted) {
    return new BatchException.Unreadable(
        "the object's metadata have %s %s; accepted: %s".formatted(name, value, accepted), null);
  }
}
