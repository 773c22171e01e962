package dev.pilotlight.wordpiece;

import java.util.function.IntPredicate;

/// A `tokenizer.json` whose tokens are single code points, so that the ids spell the normalised
/// text: twice the code point, plus one where a word begins, plus two where it goes on; 0 is
/// unknown.
public final class Alphabet {
  private static final int FIRST_ESCAPED = 0x20;

  private Alphabet() {}

  /// The file's text.
  ///
  /// @param points those with tokens; surrogates have none
  public static String json(Rules.Normalization rules, IntPredicate points) {
    return """
    {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
     "normalizer": {"type": "BertNormalizer", "clean_text": %b, "handle_chinese_chars": %b,
       "strip_accents": %b, "lowercase": %b},
     "pre_tokenizer": {"type": "BertPreTokenizer"}, "post_processor": null, "decoder": null,
     "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
       "max_input_chars_per_word": 100, "vocab":"""
            .formatted(
                rules.cleanText(),
                rules.chineseCharacters(),
                rules.stripAccents(),
                rules.lowercase())
        + vocabulary(points)
        + "}}";
  }

  private static StringBuilder vocabulary(IntPredicate points) {
    StringBuilder json = new StringBuilder("{\"[UNK]\": 0");
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      if (!isSurrogate(point) && points.test(point)) {
        json.append(",\"");
        append(json, point).append("\":").append(2 * point + 1).append(",\"##");
        append(json, point).append("\":").append(2 * point + 2);
      }
    }
    return json.append('}');
  }

  private static StringBuilder append(StringBuilder json, int point) {
    return point < FIRST_ESCAPED || point == '"' || point == '\\'
        ? json.append("\\u%04x".formatted(point))
        : json.appendCodePoint(point);
  }

  static boolean isSurrogate(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }

  static int pointOf(long id) {
    return (int) ((id - 1) >> 1);
  }

  static boolean beginsWord(long id) {
    return (id & 1) == 1;
  }
}
