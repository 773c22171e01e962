package dev.pilotlight.compatibility;

import static dev.pilotlight.compatibility.Check.answers;
import static dev.pilotlight.compatibility.Check.gives;
import static dev.pilotlight.compatibility.Check.refuses;

import dev.pilotlight.compatibility.Case.Group;

/// Request fields and inputs that clients send besides a text.
final class RequestCases {
  private static final double[] MEAN = {1, 1.25, 0.5};
  private static final String ACCEPT = "{\"token_ids\": \"accept\"}";
  private static final String BASE64 = "\"encoding_format\":\"base64\"";

  private RequestCases() {}

  static Group tokenIds() {
    return Group.of(
        "Token ids",
        Case.of(
            "refused, as they are another tokenizer's",
            mean(),
            refuses(
                Request.embedding("\"input\":[[4,5]]"), 400, "check_embedding_ctx_length=False"),
            refuses(Request.embedding("\"input\":[4,5]"), 400, "check_embedding_ctx_length=False")),
        Case.of(
            "accepted, as `pilotlight.json` allows",
            mean().file(Folder.PILOTLIGHT, ACCEPT),
            gives(Request.embedding("\"input\":[[2,4,5,3]]"), MEAN)),
        Case.of(
            "over the vocabulary of the config",
            mean().file(Folder.PILOTLIGHT, ACCEPT).file(Folder.CONFIG, "{\"vocab_size\": 12}"),
            refuses(Request.embedding("\"input\":[[12]]"), 400, "12", "0 to 11")),
        Case.of(
            "over the vocabulary of a nested config",
            mean()
                .file(Folder.PILOTLIGHT, ACCEPT)
                .file(Folder.CONFIG, "{\"text_config\": {\"vocab_size\": 12}}"),
            refuses(Request.embedding("\"input\":[[999999]]"), 400, "999999")),
        Case.of(
            "over the table of a graph whose config has no size",
            mean().file(Folder.PILOTLIGHT, ACCEPT),
            refuses(Request.embedding("\"input\":[[12]]"), 400, "12")),
        Case.of(
            "negative",
            mean().file(Folder.PILOTLIGHT, ACCEPT),
            refuses(Request.embedding("\"input\":[[-1]]"), 400, "-1")),
        Case.of(
            "2^31",
            mean().file(Folder.PILOTLIGHT, ACCEPT),
            refuses(Request.embedding("\"input\":[[2147483648]]"), 400, "2147483648")));
  }

  static Group fields() {
    return Group.of(
        "Request fields that OpenAI lacks",
        Case.of(
            "unknown: ignored, and named in a header",
            mean(),
            gives(Request.embedWith("\"extra_body\":{}"), MEAN),
            new Check.Header(
                Request.embedWith("\"extra_body\":{}"), "pilotlight-ignored", "extra_body")),
        Case.of(
                "unknown: refused by the setting",
                mean(),
                refuses(Request.embedWith("\"extra_body\":{}"), 400, "extra_body"))
            .with("PILOTLIGHT_UNKNOWN_FIELDS", "refuse"),
        refused("task", "\"retrieval.query\""),
        refused("prompt", "\"query: \""),
        refused("instruction", "\"Represent this\""),
        refused("normalize", "true"),
        refused("truncate_prompt_tokens", "2"),
        refused("embedding_types", "[\"int8\"]"),
        refused("dimension", "2"),
        Case.of("`input_type` null", mean(), gives(Request.embedWith("\"input_type\":null"), MEAN)),
        Case.of(
            "`normalize: false` for a model that is not normalised",
            mean(),
            gives(Request.embedWith("\"normalize\":false"), MEAN)),
        Case.of("`user`", mean(), gives(Request.embedWith("\"user\":\"u\""), MEAN)));
  }

  static Group prompts() {
    return Group.of(
        "Prompts that a request chooses",
        chosen("`prompt_name`", "null", "\"prompt_name\":\"query\""),
        chosen("`input_type` for queries", "null", "\"input_type\":\"search_query\""),
        chosen(
            "`prompt_name` in place of the default prompt",
            "\"passage\"",
            "\"prompt_name\":\"query\""),
        Case.of(
            "`prompt_name` that the list lacks",
            SentenceCases.prompted("null"),
            refuses(Request.embedWith("\"prompt_name\":\"q\""), 400, "prompt_name", "query")),
        withoutPrompts("input_type", "\"query\""),
        withoutPrompts("prompt_name", "\"query\""));
  }

  private static Case chosen(String what, String defaultName, String fields) {
    return Case.of(
        what,
        SentenceCases.prompted(defaultName),
        gives(Request.embedWith(fields), 7 / 6.0, 8 / 6.0, 5 / 6.0));
  }

  static Group notNumbers() {
    return Group.of(
        "NaN and infinity",
        Case.of(
            "NaN as floats",
            notANumber("Neg", "Sqrt"),
            refuses(Request.embed(Check.TEXT), 500, "m")),
        Case.of(
            "NaN as base64",
            notANumber("Neg", "Sqrt"),
            refuses(Request.embedWith(BASE64), 500, "m")),
        Case.of(
            "NaN in a batch",
            notANumber("Neg", "Sqrt"),
            refuses(Request.embedding("\"input\":[\"hello\",\"world\"]," + BASE64), 500, "m")),
        Case.of(
            "infinity for one of two texts",
            notANumber("Log"),
            gives(Request.embed(Check.TEXT), Math.log(4), Math.log(5), Math.log(2)),
            refuses(Request.embedding("\"input\":[\"hello world\",\"hello\"]"), 500, "m")),
        Case.of(
            "NaN among a classifier's logits",
            Folder.text(Net.standard().pooledThen("logits", "Neg", "Sqrt").graph())
                .file(Folder.CONFIG, "{\"architectures\": [\"BertForSequenceClassification\"]}"),
            refuses(Request.infer(Check.TEXT), 500, "m")),
        Case.of(
            "a vector of zeros is not divided by its length",
            Folder.text(Net.standard().pooledThen("sentence_embedding", "Neg", "Relu").graph()),
            gives(Request.embed(Check.TEXT), 0, 0, 0)),
        Case.of(
            "infinity as tensors",
            notANumber("Log"),
            refuses(Request.infer("hello"), 500, "m"),
            answers(Request.infer(Check.TEXT), "embedding")));
  }

  private static Case refused(String field, String value) {
    return Case.of(
        "`" + field + "`",
        mean(),
        refuses(Request.embedWith("\"%s\":%s".formatted(field, value)), 400, field));
  }

  private static Case withoutPrompts(String field, String value) {
    String fields = "\"%s\":%s".formatted(field, value);
    return Case.of(
        "`%s` for a model without prompts: ignored, and named".formatted(field),
        mean(),
        gives(Request.embedWith(fields), MEAN),
        new Check.Header(Request.embedWith(fields), "pilotlight-ignored", field));
  }

  private static Folder notANumber(String... operators) {
    return Folder.sentence(Net.standard().pooledThen("sentence_embedding", operators).graph());
  }

  private static Folder mean() {
    return Folder.sentence(Net.encoder());
  }
}
