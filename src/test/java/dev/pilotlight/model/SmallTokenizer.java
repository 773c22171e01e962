package dev.pilotlight.model;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A `tokenizer.json` of BERT's kind with a few dozen tokens.
public final class SmallTokenizer {
  public static final String TEMPLATE =
      """
      {"type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
          {"Sequence": {"id": "A", "type_id": 0}},
          {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {
          "[CLS]": {"id": "[CLS]", "ids": [1], "tokens": ["[CLS]"]},
          "[SEP]": {"id": "[SEP]", "ids": [2], "tokens": ["[SEP]"]}}}""";

  static final String MASK =
      """
      {"id": 3, "content": "[MASK]", "single_word": false, "lstrip": false, "rstrip": false,
        "normalized": false, "special": true}""";

  public static final String JSON =
      """
      {"version": "1.0", "truncation": null, "padding": null,
      "added_tokens": [{"id": 2, "content": "[SEP]", "single_word": false, "lstrip": false,
        "rstrip": false, "normalized": false, "special": true}, %s],
      "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
        "strip_accents": null, "lowercase": true},
      "pre_tokenizer": {"type": "BertPreTokenizer"},
      "post_processor": %s,
      "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
      "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
        "max_input_chars_per_word": 100, "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2,
        "[MASK]": 3, "hello": 4, "\u6f22": 5, "\\"": 6, "\\\\": 7, "\\u00fc": 8, "un": 9,
        "##ing": 10, "\uD83D\uDE00": 11, ".": 12, "Hello": 13%s}}}
      """
          .formatted(MASK, TEMPLATE, letters());

  private SmallTokenizer() {}

  private static String letters() {
    return IntStream.rangeClosed('a', 'z')
        .mapToObj(c -> ", \"%1$c\": %2$d, \"##%1$c\": %3$d".formatted(c, 2 * c, 2 * c + 1))
        .collect(Collectors.joining());
  }
}
