package dev.pilotlight.protocol.openai;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.ModelPolicy.Prompts;
import dev.pilotlight.protocol.door.InputType;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Encoding;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Request;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Fields by which other servers change a vector or its form. This one supports those of
/// [PromptFields]. Ignoring another would give a wrong answer, unless its value changes nothing for
/// the model.
public final class VectorFields {
  /// Whether a field's value changes nothing.
  private interface Rule {
    boolean changesNothing(String value, Request request, ModelInfo model);
  }

  private static final String RIGHT = "right";
  private static final Set<String> NO_TEXT = Set.of("\"\"", "[]");
  private static final int MODEL_LIMIT = -1;
  private static final Map<String, Rule> RULES = rules();

  private VectorFields() {}

  public static boolean contains(String name) {
    return RULES.containsKey(name);
  }

  static Set<String> names() {
    return RULES.keySet();
  }

  /// @param field one of [#names]
  static boolean changesNothing(ExtraField field, Request request, ModelInfo model) {
    Rule rule = RULES.get(field.name());
    return field.isNull() || (rule != null && rule.changesNothing(field.value(), request, model));
  }

  private static Map<String, Rule> rules() {
    Map<String, Rule> rules = new LinkedHashMap<>();
    Rule text = (value, _, _) -> NO_TEXT.contains(value);
    // applied if the model has prompts
    put(rules, (_, _, _) -> true, Prompts.FIELD, InputType.FIELD);
    put(rules, text, "task", "task_type", "text_type");
    put(rules, text, "instruction", "query_instruction", "messages", "images");
    put(rules, (value, _, model) -> isPrompt(value, model), "prompt");
    Rule unitLength = (value, _, model) -> value.equals(fact(model, "normalised").orElse(""));
    put(rules, unitLength, "normalize", "normalise", "normalized", "normalised", "use_activation");
    Rule limit = (value, _, model) -> isModelLimit(value, model);
    put(rules, limit, "truncate_prompt_tokens", "max_tokens", "max_length");
    put(rules, (value, request, model) -> isTruncation(value, request, model), "truncation");
    Rule side = (value, _, model) -> isSide(value, model);
    put(rules, side, "truncation_side", "truncation_direction");
    Rule encoding = (value, request, _) -> isEncoding(value, request);
    put(rules, encoding, "embedding_types", "embedding_type", "encoding_type", "output_dtype");
    put(rules, (value, _, _) -> value.equals("\"float32\""), "embed_dtype");
    put(rules, (value, _, _) -> Set.of("\"little\"", "\"native\"").contains(value), "endianness");
    Rule size = (value, request, model) -> value.equals(Integer.toString(request.size(model)));
    put(rules, size, "output_dimension", "output_dimensionality", "dimensionality", "dim", "dims");
    Rule no = (value, _, _) -> value.equals("false");
    put(rules, no, "late_chunking", "return_multivector");
    put(rules, (value, _, _) -> value.equals("true"), "add_special_tokens");
    Rule pooling = (value, _, model) -> isText(value, fact(model, "pooling").orElse(""));
    put(rules, pooling, "pooling", "pooling_type");
    put(rules, (value, _, model) -> isText(value, modality(model)), "modality");
    return rules;
  }

  private static void put(Map<String, Rule> rules, Rule rule, String... names) {
    for (String name : names) {
      rules.put(name, rule);
    }
  }

  private static Optional<String> fact(ModelInfo model, String name) {
    return model.facts().stream()
        .filter(fact -> fact.name().equals(name))
        .map(Fact::value)
        .findFirst();
  }

  private static String modality(ModelInfo model) {
    return model.takesImages() ? "image" : "text";
  }

  private static boolean isPrompt(String value, ModelInfo model) {
    Optional<String> prompt = fact(model, "prompt");
    return NO_TEXT.contains(value)
        ? prompt.isEmpty()
        : prompt.isPresent() && value.equals('"' + prompt.get() + '"');
  }

  /// A text over the model's own limit is refused, or truncated by the model's policy, anyway.
  private static boolean isModelLimit(String value, ModelInfo model) {
    try {
      long tokens = Long.parseLong(value);
      return tokens == MODEL_LIMIT || tokens >= model.maxTokens();
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /// `true` is safe: if texts are not truncated, one over the limit is refused.
  private static boolean isTruncation(String value, Request request, ModelInfo model) {
    return value.equals("true") || (value.equals("false") && !request.truncates(model));
  }

  private static boolean isSide(String value, ModelInfo model) {
    return isText(value, fact(model, "truncation_side").orElse(RIGHT));
  }

  /// Both give float32s; only `encoding_format` decides how they are written.
  private static boolean isEncoding(String value, Request request) {
    boolean base64 = request.encoding() == Encoding.BASE64;
    return isOneOrList(value, "float") || (base64 && isOneOrList(value, "base64"));
  }

  private static boolean isOneOrList(String value, String text) {
    return isText(value, text) || value.equals("[\"" + text + "\"]");
  }

  private static boolean isText(String value, String text) {
    return value.toLowerCase(Locale.ROOT).equals('"' + text.toLowerCase(Locale.ROOT) + '"');
  }
}
