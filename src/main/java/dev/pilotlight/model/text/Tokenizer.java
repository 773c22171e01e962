package dev.pilotlight.model.text;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.text.TokenCoder.Token;
import dev.pilotlight.model.format.LoadFailure;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Converts text to token ids, exactly as Hugging Face's library does for every `tokenizer.json`:
/// with our own WordPiece for BERT's kind, which loads faster, else with the library itself.
///
/// Thread-safe. Truncation would have to change the library's object, so it is done here, with the
/// same ids. [#close] must not overlap with other calls.
public final class Tokenizer implements AutoCloseable {
  /// Texts up to this many characters are tokenised whole, at any limit: 40–300 ms.
  static final int CHARS_WHOLE = 100_000;

  /// With a high limit, this many characters per token of the limit.
  static final int CHARS_PER_TOKEN = 64;

  private static final int CUT_SEARCH_CHARS = 1_000;

  private final EncoderFile file;
  private final TextEncoder encoder;
  private final int tokensMax;
  final int charsMax;
  private final boolean keepsEnd;
  // the special tokens before every text, such as [CLS], and after it, such as [SEP]
  private final long[] prefix;
  private final long[] suffix;
  private @Nullable TokenTexts texts;
  private volatile TokenNames.@Nullable Kept kept;

  private Tokenizer(EncoderFile file, int tokensMax, boolean keepsEnd) {
    this.file = file;
    this.encoder = file.encoder();
    this.tokensMax = tokensMax;
    this.charsMax = Math.max(CHARS_WHOLE, CHARS_PER_TOKEN * tokensMax);
    this.keepsEnd = keepsEnd;
    long[] sample = encoder.encode("a").ids();
    this.prefix = Arrays.copyOf(sample, encoder.before());
    this.suffix = Arrays.copyOfRange(sample, sample.length - encoder.after(), sample.length);
    if (encoder.before() + encoder.after() >= tokensMax) {
      throw new LoadFailure("a limit of %d tokens leaves no room for a text".formatted(tokensMax));
    }
  }

  /// Loads a `tokenizer.json`.
  ///
  /// @throws LoadFailure if the file or the library cannot be loaded
  public static Tokenizer open(Path file, TextOptions options) {
    return of(EncoderFile.open(file, options), options.tokensMax(), options.keepsEnd());
  }

  /// @param encoder closed with the tokenizer, and if the tokenizer cannot be made
  /// @param keepsEnd whether truncation drops the beginning of a text instead of its end
  static Tokenizer of(TextEncoder encoder, int tokensMax, boolean keepsEnd) {
    TextOptions options = new TextOptions(tokensMax, false, keepsEnd);
    return of(new EncoderFile(encoder, false, false, null, options), tokensMax, keepsEnd);
  }

  private static Tokenizer of(EncoderFile file, int tokensMax, boolean keepsEnd) {
    try {
      return new Tokenizer(file, tokensMax, keepsEnd);
    } catch (RuntimeException e) {
      file.encoder().close();
      throw e;
    }
  }

  /// Whether `tokenizer_config.json` changed the normaliser.
  public boolean flagged() {
    return file.flagged();
  }

  /// Whether it lower-cases by a normaliser that was added.
  public boolean lowerCased() {
    return file.lowerCased();
  }

  public int tokensMax() {
    return tokensMax;
  }

  /// The same tokenizer for a graph that takes fewer tokens; closing either closes both.
  ///
  /// @throws LoadFailure if that leaves no room for a text
  public Tokenizer limitedTo(int tokens) {
    return tokens >= tokensMax ? this : new Tokenizer(file, tokens, keepsEnd);
  }

  /// Whether a special token follows every text.
  public boolean endsWithSpecial() {
    return suffix.length > 0;
  }

  /// A text's tokens, special ones added; over the limit truncated as transformers does, on the
  /// side that the model's files name, the special tokens around the text kept.
  ///
  /// To bound the cost, no more than `max(100,000, 64 * limit)` characters are read: text that far
  /// after the limit cannot change the tokens before it.
  ///
  /// @throws Refusal if it is over the limit and `truncate` is false, or has no token
  public TokenIds encode(String text, boolean truncate) {
    return bounded(text, encoder.encode(read(text)), truncate);
  }

  /// As [#encode(String, boolean)], with the places of the tokens in the text.
  ///
  /// @throws LoadFailure if the file or the library cannot be loaded
  public TokenIds locate(String text, boolean truncate) {
    return TokenPlaces.locate(this, text, truncate);
  }

  /// @param encoded all tokens that are read of the text
  TokenIds bounded(String text, TokenIds encoded, boolean truncate) {
    boolean whole = isWhole(text);
    int count = encoded.count();
    if (count == 0) {
      throw Refusal.invalid(Item.FIELD, "the text has no tokens");
    }
    if (whole && count <= tokensMax) {
      return encoded;
    }
    if (!truncate) {
      throw tooLong((whole ? "" : "more than ") + count);
    }
    if (count <= tokensMax) {
      throw Refusal.invalid(
          Item.FIELD,
          "the text has %d characters, but only %d tokens in the first %d; no more are read"
              .formatted(text.length(), count, charsMax));
    }
    return new TokenIds(shorten(encoded.ids()), shorten(encoded.typeIds()), true);
  }

  /// The tokens of two texts for one run, special ones added; over the limit truncated as
  /// transformers does by `longest_first`, on the side that the model's files name.
  ///
  /// No more of either text is read than of a single one.
  ///
  /// @throws Refusal if they are over the limit together and `truncate` is false, if they have no
  ///   token, or if the tokenizer has no form for two texts
  public TokenIds encode(String first, String second, boolean truncate) {
    return new PairTokenizer(this).encode(first, second, truncate);
  }

  /// The same for a text that the caller tokenised, special tokens included.
  ///
  /// @param vocabulary ids are below it
  /// @throws Refusal if the list is empty, an id is not in the vocabulary, or there are too many
  public TokenIds check(int[] ids, long vocabulary, boolean truncate) {
    if (ids.length == 0) {
      throw Refusal.invalid(Item.FIELD, "the list of token ids is empty; at least one is needed");
    }
    long[] given = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= vocabulary) {
        throw Refusal.invalid(
            Item.FIELD,
            "token id %d is not in the vocabulary; accepted: 0 to %d"
                .formatted(ids[i], vocabulary - 1));
      }
      given[i] = ids[i];
    }
    boolean tooLong = given.length > tokensMax;
    if (tooLong) {
      if (!truncate) {
        throw tooLong(Integer.toString(given.length));
      }
      boolean opened = Arrays.equals(Arrays.copyOf(given, prefix.length), prefix);
      int from = given.length - suffix.length;
      boolean closed = Arrays.equals(given, from, given.length, suffix, 0, suffix.length);
      given = shorten(given, opened ? prefix.length : 0, closed ? suffix.length : 0);
    }
    return new TokenIds(given, new long[given.length], tooLong);
  }

  /// As [dev.pilotlight.domain.text.TokenCoder#tokenize]; throws a [LoadFailure] if it cannot.
  public List<Token> tokens(String text, boolean addsSpecial) {
    return texts().tokens(text, addsSpecial);
  }

  /// As [dev.pilotlight.domain.text.TokenCoder#encode]; throws a [LoadFailure] if it cannot.
  public int[] bareIds(String text) {
    return texts().ids(text);
  }

  /// As [dev.pilotlight.domain.text.TokenCoder#decode]; throws a [LoadFailure] if it cannot.
  public String decode(int[] ids, boolean skipsSpecial) {
    return texts().decode(ids, skipsSpecial);
  }

  /// As [#decode] without ids that the tokenizer does not have.
  public String decodeKnown(long[] ids, boolean skipsSpecial) {
    return texts().decodeKnown(ids, skipsSpecial);
  }

  /// As [dev.pilotlight.domain.text.TokenCoder#tokenIds]; throws a [LoadFailure] if it cannot.
  public OptionalInt[] tokenIds(List<String> names) {
    TokenNames.Kept known = kept;
    if (known == null) {
      known = new TokenNames.Kept();
      kept = known;
    }
    return known.ids(names, file, this::texts);
  }

  /// As [dev.pilotlight.domain.text.TokenCoder#truncated].
  public Optional<int[]> truncated(String text, boolean withEnd) {
    Tokenizer side = withEnd == keepsEnd ? this : new Tokenizer(file, tokensMax, withEnd);
    TokenIds ids = side.encode(text, true);
    return ids.truncated() ? Optional.of(ids.withoutTypes()) : Optional.empty();
  }

  synchronized TokenTexts texts() {
    TokenTexts open = texts;
    if (open == null) {
      open = TokenTexts.open(file);
      texts = open;
    }
    return open;
  }

  TextEncoder encoder() {
    return encoder;
  }

  boolean keepsEnd() {
    return keepsEnd;
  }

  /// Whether a text is read to its end.
  boolean isWhole(String text) {
    return text.length() <= charsMax;
  }

  /// As much of a text as is read.
  String read(String text) {
    if (isWhole(text)) {
      return text;
    }
    return keepsEnd ? text.substring(start(text)) : text.substring(0, cut(text));
  }

  @Override
  public synchronized void close() {
    if (texts != null) {
      texts.close();
    }
    encoder.close();
  }

  private Refusal tooLong(String count) {
    return Refusal.invalid(
        Item.FIELD,
        "the text has %s tokens; the model takes %d: shorten it, or send \"truncate\": true"
            .formatted(count, tokensMax));
  }

  /// Where the part that is read of a text's end starts: after a space, if one is near.
  private int start(String text) {
    int first = text.length() - charsMax;
    for (int i = first; i < first + CUT_SEARCH_CHARS; i++) {
      if (Character.isWhitespace(text.charAt(i))) {
        return i;
      }
    }
    return Character.isLowSurrogate(text.charAt(first)) ? first + 1 : first;
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

  long[] shorten(long[] values) {
    return shorten(values, encoder.before(), encoder.after());
  }

  /// As many as the limit: the first `head` and the last `tail`, and of those between the first or
  /// the last.
  private long[] shorten(long[] values, int head, int tail) {
    long[] kept = Arrays.copyOf(values, tokensMax);
    // where the end is kept, all after the head comes from the end
    int last = keepsEnd ? tokensMax - head : tail;
    System.arraycopy(values, values.length - last, kept, tokensMax - last, last);
    return kept;
  }
}
