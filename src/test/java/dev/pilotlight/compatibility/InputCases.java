package dev.pilotlight.compatibility;

import static dev.pilotlight.compatibility.Check.embeds;
import static dev.pilotlight.compatibility.Check.fails;
import static dev.pilotlight.compatibility.Check.refuses;
import static dev.pilotlight.compatibility.Check.shows;
import static dev.pilotlight.domain.tensor.Datatype.BOOL;
import static dev.pilotlight.domain.tensor.Datatype.FP16;
import static dev.pilotlight.domain.tensor.Datatype.FP32;
import static dev.pilotlight.domain.tensor.Datatype.INT32;
import static dev.pilotlight.domain.tensor.Datatype.INT64;

import dev.pilotlight.compatibility.Case.Group;
import dev.pilotlight.domain.tensor.Datatype;

/// The inputs of a graph besides token ids.
final class InputCases {
  private static final double[] MEAN = {1, 1.25, 0.5};
  private static final Object[] ROWS = {"batch", "seq"};
  private static final String LONG = "hello world hello world hello world hello";

  private InputCases() {}

  static Group kinds() {
    return Group.of(
        "Inputs",
        Case.of("no mask", folder(Net.ids("input_ids", INT64, ROWS)), embeds(MEAN)),
        Case.of(
            "`token_type_ids`",
            folder(standard().addsEach("token_type_ids", INT64, ROWS)),
            embeds(MEAN)),
        Case.of(
            "`input_type` for the token types",
            folder(standard().addsEach("input_type", INT64, ROWS)),
            embeds(MEAN)),
        Case.of(
            "INT32",
            folder(Net.ids("input_ids", INT32, ROWS).mask("attention_mask", INT32, ROWS)),
            embeds(MEAN)),
        Case.of("a mask in FP32", folder(masked(FP32)), embeds(MEAN)),
        Case.of("a mask in BOOL", folder(masked(BOOL)), embeds(MEAN)),
        Case.of(
            "TensorFlow's names",
            folder(
                Net.ids("input_word_ids", INT32, ROWS)
                    .mask("input_mask", INT32, ROWS)
                    .addsEach("input_type_ids", INT32, ROWS)),
            embeds(MEAN)),
        Case.of(
            "BERT's first names",
            folder(
                Net.ids("input_ids", INT64, ROWS)
                    .mask("input_mask", INT64, ROWS)
                    .addsEach("segment_ids", INT64, ROWS)),
            embeds(MEAN)),
        Case.of(
            "names that end in `:0`",
            folder(Net.ids("input_ids:0", INT64, ROWS).mask("attention_mask:0", INT64, ROWS)),
            embeds(MEAN)),
        Case.of(
            "no declared rank",
            folder(
                Net.ids("input_ids", INT64, Net.ANY_RANK)
                    .mask("attention_mask", INT64, Net.ANY_RANK)),
            embeds(MEAN)));
  }

  static Group more() {
    return Group.of(
        "Positions, caches, and inputs that a text does not fill",
        Case.of(
            "`position_ids` from 0",
            folder(standard().addsEach("position_ids", INT64, ROWS)),
            embeds(2.5, 2.75, 2)),
        Case.of(
            "RoBERTa's `position_ids` from 2",
            folder(standard().addsEach("position_ids", INT64, ROWS))
                .file(Folder.CONFIG, "{\"model_type\": \"roberta\", \"pad_token_id\": 1}"),
            embeds(4.5, 4.75, 4)),
        Case.of(
            "`past_key_values.*` of a decoder",
            folder(past(FP32, 2, "past", 4).addsEach("position_ids", INT64, ROWS)),
            embeds(2.5, 2.75, 2)),
        Case.of("`past_key_values.*` in FP16", folder(past(FP16, 2, "past", 4)), embeds(MEAN)),
        Case.of(
            "`past_key_values.*` without a declared number of heads",
            folder(past(FP32, "heads", "past", "size")),
            fails("past_key_values.0.key")),
        Case.of(
            "an input that a text does not fill",
            folder(standard().addsSum("pixel_values", FP32, "batch", 3, 4, 4)),
            fails("pixel_values")),
        Case.of(
            "an encoder's output as input",
            folder(standard().addsSum("encoder_hidden_states", FP32, "batch", "encoder", 3)),
            fails("encoder_hidden_states")));
  }

  static Group constants() {
    return Group.of(
        "Constants for inputs",
        Case.of(
            "`task_id` without a value",
            folder(standard().addsSum("task_id", INT64)),
            fails("task_id", "inputs")),
        Case.of(
            "`task_id`, a scalar",
            folder(standard().addsSum("task_id", INT64))
                .file(Folder.PILOTLIGHT, "{\"inputs\": {\"task_id\": 1}}"),
            embeds(2, 2.25, 1.5)),
        Case.of(
            "`task_id`, one per item",
            folder(standard().addsSum("task_id", INT64, "batch"))
                .file(Folder.PILOTLIGHT, "{\"inputs\": {\"task_id\": 2}}"),
            embeds(3, 3.25, 2.5)),
        Case.of(
            "a real number",
            folder(standard().addsSum("scale", FP32, 1))
                .file(Folder.PILOTLIGHT, "{\"inputs\": {\"scale\": 0.5}}"),
            embeds(1.5, 1.75, 1)),
        Case.of(
            "a switch of type BOOL",
            folder(standard().addsSum("use_cache_branch", BOOL, 1))
                .file(Folder.PILOTLIGHT, "{\"inputs\": {\"use_cache_branch\": 0}}"),
            embeds(MEAN)),
        Case.of(
            "a list of numbers",
            folder(standard().addsSum("shift", FP32, 2))
                .file(Folder.PILOTLIGHT, "{\"inputs\": {\"shift\": [1, 2]}}"),
            embeds(4, 4.25, 3.5)),
        Case.of(
            "a constant for an input that the graph lacks",
            folder(standard()).file(Folder.PILOTLIGHT, "{\"inputs\": {\"task_id\": 1}}"),
            fails("task_id")),
        Case.of(
            "a constant that is not a number",
            folder(standard().addsSum("task_id", INT64))
                .file(Folder.PILOTLIGHT, "{\"inputs\": {\"task_id\": \"one\"}}"),
            fails("inputs.task_id")),
        Case.of(
            "a fraction for an integer",
            folder(standard().addsSum("task_id", INT64))
                .file(Folder.PILOTLIGHT, "{\"inputs\": {\"task_id\": 1.5}}"),
            fails("task_id")));
  }

  static Group fixed() {
    return Group.of(
        "Fixed sizes",
        Case.of(
            "eight tokens: padded, and pooled over the mask",
            padded(fixed("batch")),
            embeds(MEAN),
            shows("max_tokens", "8", "")),
        Case.of(
            "one item of any length",
            folder(Net.ids("input_ids", INT64, 1, "seq").mask("attention_mask", INT64, 1, "seq")),
            embeds(MEAN)),
        Case.of("one item of eight tokens", padded(fixed(1)), embeds(MEAN)),
        Case.of(
            "eight tokens, and no file that names the padding token",
            folder(fixed("batch")),
            fails("fixed length", "pad_token")),
        Case.of(
            "eight tokens, last token",
            padded(fixed("batch")).file(Folder.POOLING, "{\"pooling_mode\": \"lasttoken\"}"),
            embeds(0, 1, 0)),
        Case.of(
            "eight tokens, maximum",
            padded(fixed("batch")).file(Folder.POOLING, "{\"pooling_mode\": \"max\"}"),
            embeds(3, 4, 2)),
        Case.of(
            "eight tokens, padded on the left, first token",
            folder(fixed("batch"))
                .file(Folder.POOLING, "{\"pooling_mode\": \"cls\"}")
                .file(Folder.TOKENIZER, padding("Left")),
            embeds(1, 0, 0)),
        Case.of(
            "eight tokens and positions, padded on the right",
            padded(fixed("batch").addsEach("position_ids", INT64, "batch", 8)),
            embeds(2.5, 2.75, 2)),
        Case.of(
            "eight tokens and positions, padded on the left",
            folder(fixed("batch").addsEach("position_ids", INT64, "batch", 8))
                .file(Folder.TOKENIZER, padding("Left")),
            embeds(2.5, 2.75, 2)),
        Case.of(
            "nine tokens for eight",
            padded(fixed("batch")),
            refuses(Request.embed(LONG), 400, "9 tokens", "8")),
        Case.of(
            "eight tokens without a mask",
            folder(Net.ids("input_ids", INT64, "batch", 8)),
            fails("attention_mask")),
        Case.of(
            "four items: the same one four times",
            folder(
                Net.ids("input_ids", INT64, 4, "seq")
                    .mask("attention_mask", INT64, 4, "seq")
                    .spread()),
            embeds(MEAN)));
  }

  private static Net fixed(Object batch) {
    return Net.ids("input_ids", INT64, batch, 8).mask("attention_mask", INT64, batch, 8);
  }

  private static String padding(String side) {
    return Words.changed(
        "\"padding\": null",
        """
        "padding": {"strategy": "BatchLongest", "direction": "%s", "pad_to_multiple_of": null,
          "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"}"""
            .formatted(side));
  }

  private static Net past(Datatype type, Object heads, Object length, Object size) {
    return Net.ids("input_ids", INT64, ROWS)
        .mask("attention_mask", INT64, "batch", "past + seq")
        .addsSum("past_key_values.0.key", type, "batch", heads, length, size)
        .addsSum("past_key_values.0.value", type, "batch", heads, length, size);
  }

  private static Net masked(Datatype type) {
    return Net.ids("input_ids", INT64, ROWS).mask("attention_mask", type, ROWS);
  }

  private static Net standard() {
    return Net.standard();
  }

  private static Folder padded(Net net) {
    return folder(net).file(Folder.TOKENIZER_CONFIG, "{\"pad_token\": \"[PAD]\"}");
  }

  private static Folder folder(Net net) {
    return Folder.sentence(net.hidden("last_hidden_state").graph());
  }
}
