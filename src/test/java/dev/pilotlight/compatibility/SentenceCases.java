package dev.pilotlight.compatibility;

import static dev.pilotlight.compatibility.Check.embeds;
import static dev.pilotlight.compatibility.Check.embedsText;
import static dev.pilotlight.compatibility.Check.gives;
import static dev.pilotlight.compatibility.Check.refuses;
import static dev.pilotlight.compatibility.Check.shows;

import dev.pilotlight.compatibility.Case.Group;

/// Limits, truncation, prompts and letter case, as sentence-transformers applies them.
final class SentenceCases {
  private static final Check OVER_THREE = refuses(Request.embed(Check.TEXT), 400, "4 tokens", "3");
  private static final String OWN = "0_Transformer/";
  private static final Request TRUNCATED = Request.embedWith("\"truncate\":true");

  private SentenceCases() {}

  static Group limits() {
    return Group.of(
        "The token limit",
        limitIn("sentence_bert_config.json"),
        limitIn("sentence_roberta_config.json"),
        limitIn("sentence_distilbert_config.json"),
        limitIn("sentence_camembert_config.json"),
        limitIn("sentence_albert_config.json"),
        limitIn("sentence_xlm-roberta_config.json"),
        limitIn("sentence_xlnet_config.json"));
  }

  static Group limitOrder() {
    return Group.of(
        "The token limit: order of the sources",
        Case.of(
            "the sentence config takes precedence over the tokenizer config",
            mean()
                .file(Folder.SENTENCE, "{\"max_seq_length\": 3}")
                .file(Folder.TOKENIZER_CONFIG, "{\"model_max_length\": 128}"),
            OVER_THREE),
        Case.of(
            "a limit of null in the sentence config",
            mean()
                .file(Folder.SENTENCE, "{\"max_seq_length\": null, \"do_lower_case\": false}")
                .file(Folder.TOKENIZER_CONFIG, "{\"model_max_length\": 3}"),
            OVER_THREE),
        Case.of(
            "a sentence config without a limit",
            mean()
                .file(Folder.SENTENCE, "{\"do_lower_case\": false}")
                .file(Folder.TOKENIZER_CONFIG, "{\"model_max_length\": 3}"),
            OVER_THREE,
            shows("max_tokens", "3", Folder.TOKENIZER_CONFIG)),
        Case.of(
            "`model_max_length` is capped by the positions",
            mean()
                .file(Folder.TOKENIZER_CONFIG, "{\"model_max_length\": 128}")
                .file(Folder.CONFIG, "{\"max_position_embeddings\": 3}"),
            OVER_THREE,
            shows("max_tokens", "3", Folder.CONFIG)),
        Case.of(
            "transformers' number for unknown is ignored",
            mean()
                .file(
                    Folder.TOKENIZER_CONFIG,
                    "{\"model_max_length\": 1000000000000000019884624838656}")
                .file(Folder.CONFIG, "{\"max_position_embeddings\": 3}"),
            OVER_THREE));
  }

  static Group positions() {
    return Group.of(
        "The token limit: positions, and what does not count",
        Case.of(
            "RoBERTa's positions start after the padding token",
            mean()
                .file(
                    Folder.CONFIG,
                    "{\"model_type\": \"roberta\", \"pad_token_id\": 1,"
                        + " \"max_position_embeddings\": 5}"),
            OVER_THREE),
        Case.of(
            "`pilotlight.json` sets the limit",
            mean().file(Folder.PILOTLIGHT, "{\"max_tokens\": 3}"),
            OVER_THREE,
            shows("max_tokens", "3", Folder.PILOTLIGHT)),
        Case.of(
            "the tokenizer file's own truncation and padding do not count",
            mean()
                .file(
                    Folder.TOKENIZER,
                    Words.changed(
                        "\"truncation\": null, \"padding\": null",
                        """
                        "truncation": {"direction": "Right", "max_length": 3,
                          "strategy": "LongestFirst", "stride": 0},
                        "padding": {"strategy": {"Fixed": 16}, "direction": "Right",
                          "pad_to_multiple_of": null, "pad_id": 0, "pad_type_id": 0,
                          "pad_token": "[PAD]"}""")),
            embeds(1, 1.25, 0.5)));
  }

  static Group truncation() {
    return Group.of(
        "Truncation",
        Case.of(
            "on the right, by default",
            mean().file(Folder.SENTENCE, "{\"max_seq_length\": 3}"),
            gives(TRUNCATED, 4 / 3.0, 5 / 3.0, 0)),
        Case.of(
            "on the left",
            mean()
                .file(Folder.SENTENCE, "{\"max_seq_length\": 3}")
                .file(Folder.TOKENIZER_CONFIG, "{\"truncation_side\": \"left\"}"),
            gives(TRUNCATED, 1 / 3.0, 1 / 3.0, 2 / 3.0),
            shows("truncation_side", "left", Folder.TOKENIZER_CONFIG)),
        Case.of(
            "by default, as `pilotlight.json` allows",
            mean()
                .file(Folder.SENTENCE, "{\"max_seq_length\": 3}")
                .file(Folder.PILOTLIGHT, "{\"truncate\": true}"),
            embeds(4 / 3.0, 5 / 3.0, 0)),
        Case.of(
            "allowed by `pilotlight.json`, refused by the request",
            mean()
                .file(Folder.SENTENCE, "{\"max_seq_length\": 3}")
                .file(Folder.PILOTLIGHT, "{\"truncate\": true}"),
            refuses(Request.embedWith("\"truncate\":false"), 400, "4 tokens", "3")));
  }

  static Group texts() {
    return Group.of(
        "Prompts and letter case",
        Case.of(
            "`do_lower_case`, and a tokenizer that keeps case",
            mean()
                .file(Folder.TOKENIZER, Words.CASED)
                .file(Folder.SENTENCE, "{\"do_lower_case\": true}"),
            embedsText("Hello world", 1, 1.25, 0.5),
            shows("lower_case", "true", Folder.SENTENCE)),
        Case.of(
            "no `do_lower_case`, and a tokenizer that keeps case",
            mean().file(Folder.TOKENIZER, Words.CASED),
            embedsText("Hello world", 0.25, 1, 1.5)),
        Case.of(
            "`do_lower_case`, and a tokenizer without a normaliser",
            mean()
                .file(Folder.TOKENIZER, Words.BARE)
                .file(Folder.SENTENCE, "{\"do_lower_case\": true}"),
            embedsText("Hello world", 1.5, 2, 1)),
        Case.of(
            "`do_lower_case`, and a tokenizer that lower-cases already",
            mean().file(Folder.SENTENCE, "{\"do_lower_case\": true}"),
            embedsText("HELLO World", 1, 1.25, 0.5)),
        Case.of(
            "a default prompt",
            prompted("\"query\""),
            embeds(7 / 6.0, 8 / 6.0, 5 / 6.0),
            shows("prompt", "query: ", Folder.PROMPTS)),
        Case.of("prompts without a default", prompted("null"), embeds(1, 1.25, 0.5)),
        Case.of(
            "a default prompt that the list lacks",
            prompted("\"clustering\""),
            Check.fails(Folder.PROMPTS, "clustering")),
        Case.of(
            "mean without the prompt's tokens", withoutPrompt("mean"), embeds(1, 5 / 3.0, 2 / 3.0)),
        Case.of(
            "cls without the prompt's tokens: the first after it",
            withoutPrompt("cls"),
            embeds(3, 4, 0)),
        Case.of(
            "weighted mean without the prompt's tokens keeps the positions' weights",
            withoutPrompt("weightedmean"),
            embeds(0.8, 22 / 15.0, 10 / 15.0)),
        Case.of(
            "last token without the prompt's tokens", withoutPrompt("lasttoken"), embeds(0, 1, 0)),
        Case.of(
            "`include_prompt: false` and no prompt",
            Folder.sentence(Net.encoder())
                .file(Folder.POOLING, "{\"pooling_mode\": \"mean\", \"include_prompt\": false}"),
            embeds(1, 1.25, 0.5)),
        Case.of(
            "the prompt counts towards the limit",
            prompted("\"query\"").file(Folder.SENTENCE, "{\"max_seq_length\": 5}"),
            refuses(Request.embed(Check.TEXT), 400, "6 tokens", "5")));
  }

  static Group folders() {
    String limit = "{\"max_seq_length\": 3}";
    return Group.of(
        "The Transformer module in its own folder",
        Case.of(
            "its sentence config",
            inFolder().file(OWN + Folder.SENTENCE, limit),
            OVER_THREE,
            shows("max_tokens", "3", OWN + Folder.SENTENCE)),
        Case.of(
            "its tokenizer config",
            inFolder().file(OWN + Folder.TOKENIZER_CONFIG, "{\"model_max_length\": 3}"),
            OVER_THREE),
        Case.of(
            "its `config.json`, and one that sentence-transformers wrote for the whole",
            inFolder()
                .file(Folder.CONFIG, "{\"__version__\": \"0.4.0\"}")
                .file(
                    OWN + Folder.CONFIG,
                    "{\"model_type\": \"bert\", \"max_position_embeddings\": 3}"),
            OVER_THREE,
            shows("max_tokens", "3", OWN + Folder.CONFIG)),
        Case.of(
            "transformers' number for unknown in a sentence config is ignored",
            mean()
                .file(
                    Folder.SENTENCE,
                    "{\"max_seq_length\": 1e30, \"tokenizer_args\":"
                        + " {\"model_max_length\": 1000000000000000019884624838656}}")
                .file(Folder.TOKENIZER_CONFIG, "{\"model_max_length\": 3}"),
            OVER_THREE));
  }

  static Group modalities() {
    return Group.of(
        "What the Transformer module takes (`modality_config`, since sentence-transformers 5.4)",
        Case.of("text", modality("text", "forward"), embeds(1, 1.25, 0.5)),
        Case.of(
            "messages of a chat only",
            modality("message", "forward"),
            Check.fails("modality_config", "message", "text")),
        Case.of(
            "text by another method",
            modality("text", "get_text_features"),
            Check.fails("modality_config", "get_text_features")));
  }

  private static Folder modality(String name, String method) {
    return mean()
        .file(
            Folder.SENTENCE,
            ("{\"modality_config\": {\"%s\": {\"method\": \"%s\","
                    + " \"method_output_name\": \"last_hidden_state\"}}}")
                .formatted(name, method));
  }

  private static Folder inFolder() {
    return mean()
        .file(
            Folder.MODULES,
            Modules.POOLED.replaceFirst("\"path\": \"\"", "\"path\": \"0_Transformer\""));
  }

  private static Case limitIn(String file) {
    return Case.of(
        "limit in `" + file + "`",
        mean().file(file, "{\"max_seq_length\": 3}"),
        OVER_THREE,
        shows("max_tokens", "3", file));
  }

  private static Folder withoutPrompt(String mode) {
    return prompted("\"query\"")
        .file(
            Folder.POOLING,
            "{\"pooling_mode\": \"%s\", \"include_prompt\": false}".formatted(mode));
  }

  static Folder prompted(String defaultName) {
    return Folder.sentence(Net.encoder())
        .file(
            Folder.PROMPTS,
            """
            {"prompts": {"query": "query: ", "passage": "passage: "},
             "default_prompt_name": %s}"""
                .formatted(defaultName));
  }

  private static Folder mean() {
    return Folder.sentence(Net.encoder());
  }
}
