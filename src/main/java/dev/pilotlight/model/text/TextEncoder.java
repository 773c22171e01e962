package dev.pilotlight.model.text;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.wordpiece.Located;
import dev.pilotlight.wordpiece.Rules;
import dev.pilotlight.wordpiece.WordPiece;
import java.util.Arrays;
import java.util.Optional;

/// Text to token ids, whole and however many: [Tokenizer] bounds them.
///
/// Thread-safe; [#close] must not overlap with other calls.
sealed interface TextEncoder permits LibraryEncoder, TextEncoder.OwnWordPiece {
  /// The tokens of a text, the special ones around it included.
  TokenIds encode(String text);

  /// As [#encode(String)], with the places of the tokens; empty if they are not known here.
  ///
  /// @param skipped code points before the text, which are not read
  Optional<TokenIds> locate(String text, int skipped);

  /// The tokens of two texts for one run, the special ones around and between them included.
  ///
  /// @throws Refusal if the tokenizer has no form for two texts
  PairTokens encode(String first, String second);

  /// The refusal of two texts by a tokenizer that has no form for them.
  static Refusal noPairs() {
    return Refusal.invalid(
        Item.FIELD,
        "the post_processor of the model's tokenizer.json does not put both texts into a pair"
            + " once; accepted: one text");
  }

  /// How many special tokens are put before every text.
  int before();

  /// How many special tokens are put after every text, such as one \[SEP\].
  int after();

  /// Frees what is not on the heap.
  void close();

  /// For tokenizers of BERT's kind: loads in a fraction of the library's time.
  record OwnWordPiece(WordPiece wordPiece) implements TextEncoder {
    @Override
    public TokenIds encode(String text) {
      long[] ids = wordPiece.ids(text);
      return new TokenIds(ids, wordPiece.typeIds(ids.length));
    }

    @Override
    public Optional<TokenIds> locate(String text, int skipped) {
      return wordPiece.locate(text).map(tokens -> at(tokens, text, skipped));
    }

    private TokenIds at(Located tokens, String text, int skipped) {
      int count = tokens.ids().length;
      boolean[] special = new boolean[count];
      Arrays.fill(special, 0, before(), true);
      Arrays.fill(special, count - after(), count, true);
      TokenPlaces places =
          new TokenPlaces(text, skipped, tokens.names(), tokens.from(), tokens.to(), special);
      return new TokenIds(tokens.ids(), wordPiece.typeIds(count), false, places);
    }

    @Override
    public PairTokens encode(String first, String second) {
      Rules.Pair around = wordPiece.pair().orElseThrow(TextEncoder::noPairs);
      return PairTokens.of(wordPiece.ownIds(first), wordPiece.ownIds(second), around);
    }

    @Override
    public int before() {
      return wordPiece.before();
    }

    @Override
    public int after() {
      return wordPiece.after();
    }

    /// Does nothing: all of it is on the heap.
    @Override
    public void close() {}
  }
}
