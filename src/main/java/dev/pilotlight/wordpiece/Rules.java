package dev.pilotlight.wordpiece;

import java.util.List;
import java.util.Optional;

/// The rules of a `tokenizer.json` of BERT's kind: everything but its vocabulary.
///
/// @param unknown the token of a word that the vocabulary has no pieces for
/// @param prefix of a piece that does not begin a word
/// @param wordCharsMax a longer word is unknown
/// @param added tokens that are found in the text itself
/// @param before the tokens put before every text
/// @param typeId of the text's own tokens
/// @param after the tokens put after every text
/// @param pair the tokens put around two texts; empty if a pair does not have both texts once
public record Rules(
    Normalization normalization,
    String unknown,
    String prefix,
    int wordCharsMax,
    List<Added> added,
    List<Special> before,
    int typeId,
    List<Special> after,
    Optional<Pair> pair) {
  public Rules {
    added = List.copyOf(added);
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  /// `BertNormalizer`'s settings.
  public record Normalization(
      boolean cleanText, boolean chineseCharacters, boolean stripAccents, boolean lowercase) {}

  /// An added token.
  ///
  /// @param normalized whether it is looked for in the normalised text
  /// @param stripLeft whether it takes the white space before it
  /// @param stripRight whether it takes the white space after it
  public record Added(
      String content, int id, boolean normalized, boolean stripLeft, boolean stripRight) {
    /// The same token, looked for in another form.
    Added as(String form) {
      return new Added(form, id, normalized, stripLeft, stripRight);
    }
  }

  /// The tokens that are put around two texts, and the type ids of the texts' own tokens.
  ///
  /// @param swapped whether the second text stands before the first
  public record Pair(
      List<Special> before,
      int firstTypeId,
      List<Special> between,
      int secondTypeId,
      List<Special> after,
      boolean swapped) {
    public Pair {
      before = List.copyOf(before);
      between = List.copyOf(between);
      after = List.copyOf(after);
    }
  }

  /// A token that is put around a text.
  public record Special(int id, int typeId) {}
}
