package dev.pilotlight.model;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.wordpiece.WordPiece;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// Text to token ids, exactly as Hugging Face's library has them for every `tokenizer.json`: by a
/// WordPiece of our own for BERT's kind, which loads faster, else by the library itself.
///
/// Thread-safe. Truncation, for which the library's object would have to be changed, is done here,
/// to the same ids. [#close] must not overlap with other calls.
final class Tokenizer implements AutoCloseable {
  /// Texts up to so many characters are tokenised whole, whatever the limit: 40–300 ms.
  static final int CHARS_WHOLE = 100_000;

  /// With a high limit, so many characters per token of it.
  static final int CHARS_PER_TOKEN = 64;

  private static final String FIELD = "input";
  private static final int CUT_SEARCH_CHARS = 1_000;

  private final TextEncoder encoder;
  private final int tokensMax;
  private final int charsMax;
  // the special tokens behind every text, such as [SEP]
  private final long[] suffix;

  private Tokenizer(TextEncoder encoder, int tokensMax) {
    this.encoder = encoder;
    this.tokensMax = tokensMax;
    this.charsMax = Math.max(CHARS_WHOLE, CHARS_PER_TOKEN * tokensMax);
    this.suffix = tail(encoder.encode("a").ids(), encoder.after());
    if (encoder.before() + encoder.after() >= tokensMax) {
      throw new LoadFailure("%d tokens at most leave no room for a text".formatted(tokensMax));
    }
  }

  /// @param tokensMax special tokens included
  /// @throws LoadFailure if the file or the library cannot be loaded
  static Tokenizer open(Path file, int tokensMax) {
    Optional<WordPiece> own = WordPieceFile.read(file);
    return of(
        own.isPresent() ? new WordPieceEncoder(own.get()) : LibraryEncoder.open(file), tokensMax);
  }

  /// @param encoder closed with the tokenizer, and if there can be none
  static Tokenizer of(TextEncoder encoder, int tokensMax) {
    try {
      return new Tokenizer(encoder, tokensMax);
    } catch (RuntimeException e) {
      encoder.close();
      throw e;
    }
  }

  /// A text's tokens, special ones added; over the limit cut as transformers does, the special
  /// tokens behind the text kept.
  ///
  /// To bound the cost, no more than `max(100,000, 64 * limit)` characters are read: what comes
  /// that far behind the limit cannot change the tokens before it.
  ///
  /// @throws Refusal if it is over the limit and not to be cut, or has no token
  TokenIds encode(String text, boolean truncate) {
    boolean whole = text.length() <= charsMax;
    TokenIds encoded = encoder.encode(whole ? text : text.substring(0, cut(text)));
    int count = encoded.count();
    if (count == 0) {
      throw Refusal.invalid(FIELD, "the text has no tokens");
    }
    if (whole && count <= tokensMax) {
      return encoded;
    }
    if (!truncate) {
      throw tooLong((whole ? "" : "more than ") + count);
    }
    if (count <= tokensMax) {
      throw Refusal.invalid(
          FIELD,
          "the text has %d characters, but only %d tokens in the first %d; no more are read"
              .formatted(text.length(), count, charsMax));
    }
    int tail = encoder.after();
    return new TokenIds(shortened(encoded.ids(), tail), shortened(encoded.typeIds(), tail));
  }

  /// The same for a text that the caller tokenised, special tokens included.
  ///
  /// @param vocabulary ids are below it
  /// @throws Refusal if there is none, one is not in the vocabulary, or there are too many
  TokenIds check(int[] ids, int vocabulary, boolean truncate) {
    if (ids.length == 0) {
      throw Refusal.invalid(FIELD, "there is no token id; at least one is needed");
    }
    long[] given = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= vocabulary) {
        throw Refusal.invalid(
            FIELD, "token id %d is not from 0 to %d".formatted(ids[i], vocabulary - 1));
      }
      given[i] = ids[i];
    }
    if (given.length > tokensMax) {
      if (!truncate) {
        throw tooLong(Integer.toString(given.length));
      }
      boolean closed = Arrays.equals(tail(given, suffix.length), suffix);
      given = shortened(given, closed ? suffix.length : 0);
    }
    return new TokenIds(given, new long[given.length]);
  }

  @Override
  public void close() {
    encoder.close();
  }

  private Refusal tooLong(String count) {
    return Refusal.invalid(
        FIELD,
        "the text has %s tokens; the model takes %d: shorten it, or send \"truncate\": true"
            .formatted(count, tokensMax));
  }

  /// Where to cut a text that is longer than what is read: before a space, if one is near.
  private int cut(String text) {
    for (int i = charsMax; i > charsMax - CUT_SEARCH_CHARS; i--) {
      if (Character.isWhitespace(text.charAt(i))) {
        return i;
      }
    }
    return Character.isLowSurrogate(text.charAt(charsMax)) ? charsMax - 1 : charsMax;
  }

  /// The first and, of those behind the text, the last `tail`: as many as the limit.
  private long[] shortened(long[] values, int tail) {
    long[] kept = Arrays.copyOf(values, tokensMax);
    System.arraycopy(values, values.length - tail, kept, tokensMax - tail, tail);
    return kept;
  }

  private static long[] tail(long[] values, int length) {
    return Arrays.copyOfRange(values, values.length - length, values.length);
  }
}
