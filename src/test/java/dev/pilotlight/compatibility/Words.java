package dev.pilotlight.compatibility;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A vocabulary of a few words, a vector for each, and tokenizers over it.
final class Words {
  static final int SIZE = 3;

  private record Word(String token, float x, float y, float z) {}

  /// In the order of their ids.
  private static final List<Word> WORDS =
      List.of(
          new Word("[PAD]", 9, 9, 9),
          new Word("[UNK]", 5, 5, 5),
          new Word("[CLS]", 1, 0, 0),
          new Word("[SEP]", 0, 1, 0),
          new Word("hello", 3, 4, 0),
          new Word("world", 0, 0, 2),
          new Word("query", 2, 2, 2),
          new Word(":", 1, 1, 1),
          new Word("Hello", 0, 3, 4),
          new Word("passage", 4, 0, 4),
          new Word("good", 0, 2, 0),
          new Word("bad", 2, 0, 0));

  static final int COUNT = WORDS.size();

  /// Lower-cases, and encloses a text in `[CLS]` and `[SEP]`.
  static final String JSON = bert(true);

  /// Keeps case.
  static final String CASED = bert(false);

  /// Splits at spaces, without special tokens; not BERT's kind, so the general library reads it.
  static final String BARE =
      """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
       "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null,
       "decoder": null,
       "model": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": {%s}}}
      """
          .formatted(vocabulary());

  private Words() {}

  /// The rows of the ids' vectors.
  static float[] vectors() {
    float[] vectors = new float[COUNT * SIZE];
    for (int id = 0; id < COUNT; id++) {
      Word word = WORDS.get(id);
      vectors[id * SIZE] = word.x;
      vectors[id * SIZE + 1] = word.y;
      vectors[id * SIZE + 2] = word.z;
    }
    return vectors;
  }

  /// The rows of a Markdown table.
  static String table() {
    return IntStream.range(0, COUNT)
        .mapToObj(
            id -> {
              Word word = WORDS.get(id);
              return "| `%s` | %d | %.0f, %.0f, %.0f |"
                  .formatted(word.token, id, word.x, word.y, word.z);
            })
        .collect(Collectors.joining("\n"));
  }

  /// [#JSON] with some of its parts replaced.
  static String changed(String part, String replacement) {
    if (!JSON.contains(part)) {
      throw new IllegalArgumentException("the tokenizer has no " + part);
    }
    return JSON.replace(part, replacement);
  }

  private static String vocabulary() {
    return IntStream.range(0, COUNT)
        .mapToObj(id -> "\"%s\": %d".formatted(WORDS.get(id).token, id))
        .collect(Collectors.joining(", "));
  }

  private static String special(int id) {
    return """
        {"id": %d, "content": "%s", "single_word": false, "lstrip": false, "rstrip": false,
         "normalized": false, "special": true}"""
        .formatted(id, WORDS.get(id).token);
  }

  private static String bert(boolean lowerCase) {
    return """
        {"version": "1.0", "truncation": null, "padding": null,
         "added_tokens": [%s, %s, %s, %s],
         "normalizer": {"type": "BertNormalizer", "clean_text": true,
           "handle_chinese_chars": true, "strip_accents": null, "lowercase": %s},
         "pre_tokenizer": {"type": "BertPreTokenizer"},
         "post_processor": {"type": "TemplateProcessing",
           "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
             {"Sequence": {"id": "A", "type_id": 0}},
             {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
           "pair": [{"Sequence": {"id": "A", "type_id": 0}},
             {"Sequence": {"id": "B", "type_id": 1}}],
           "special_tokens": {
             "[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
             "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
         "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
         "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
           "max_input_chars_per_word": 100, "vocab": {%s}}}
        """
        .formatted(special(0), special(1), special(2), special(3), lowerCase, vocabulary());
  }
}
