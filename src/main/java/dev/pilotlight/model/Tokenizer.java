package dev.pilotlight.model;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.pilotlight.domain.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Text to token ids by Hugging Face's own library: exact for every `tokenizer.json`.
///
/// It speaks to the library one layer below `HuggingFaceTokenizer`, which would ask EC2's metadata
/// service for telemetry's sake and build eight arrays a text where three are wanted. The library
/// loads from the file that `RUST_LIBRARY_PATH` names, else from a copy it makes in `DJL_CACHE_DIR`
/// (default `~/.djl.ai`), which must then be writable: under `/tmp` on Lambda.
///
/// Thread-safe: encoding only reads. Truncation, which would change the library's object, is done
/// here instead, to the same ids. [#close] must not overlap with other calls.
final class Tokenizer implements AutoCloseable {
  /// Texts up to so many characters are tokenised whole, whatever the limit: 40–300 ms.
  static final int CHARS_WHOLE = 100_000;

  /// With a high limit, so many characters per token of it.
  static final int CHARS_PER_TOKEN = 64;

  private static final String FIELD = "input";
  private static final int CUT_SEARCH_CHARS = 1_000;

  private final long handle;
  private final int tokensMax;
  private final int charsMax;
  // the special tokens behind every text, such as [SEP]
  private final long[] suffix;

  /// @param special 1 where a token was not in the text but put around it
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Encoded(long[] ids, long[] typeIds, long[] special) {
    int prefixLength() {
      int length = 0;
      while (length < special.length && special[length] == 1) {
        length++;
      }
      return length;
    }

    int suffixLength() {
      int length = 0;
      while (length < special.length && special[special.length - 1 - length] == 1) {
        length++;
      }
      return length;
    }
  }

  private Tokenizer(long handle, int tokensMax) {
    this.handle = handle;
    this.tokensMax = tokensMax;
    this.charsMax = Math.max(CHARS_WHOLE, CHARS_PER_TOKEN * tokensMax);
    Encoded probe = encoded("a");
    this.suffix = tail(probe.ids, probe.suffixLength());
    if (probe.prefixLength() + suffix.length >= tokensMax) {
      throw new LoadFailure("%d tokens at most leave no room for a text".formatted(tokensMax));
    }
  }

  /// @param tokensMax special tokens included
  /// @throws LoadFailure if the file or the library cannot be loaded
  static Tokenizer open(Path file, int tokensMax) {
    NativeLibraries.locate();
    long handle;
    try {
      LibUtils.checkStatus();
      handle = TokenizersLibrary.LIB.createTokenizerFromString(Files.readString(file));
    } catch (IOException e) {
      throw new LoadFailure("tokenizer.json cannot be read", e);
    } catch (RuntimeException e) {
      throw new LoadFailure("tokenizer.json is not one that the tokenizers library reads", e);
    } catch (LinkageError e) {
      throw new LoadFailure("the tokenizers library cannot be loaded", e);
    }
    try {
      // whatever the last training run left in the file
      TokenizersLibrary.LIB.disableTruncation(handle);
      TokenizersLibrary.LIB.disablePadding(handle);
      return new Tokenizer(handle, tokensMax);
    } catch (RuntimeException e) {
      TokenizersLibrary.LIB.deleteTokenizer(handle);
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
    Encoded encoded = encoded(whole ? text : text.substring(0, cut(text)));
    int count = encoded.ids.length;
    if (count == 0) {
      throw Refusal.invalid(FIELD, "the text has no tokens");
    }
    if (whole && count <= tokensMax) {
      return new TokenIds(encoded.ids, encoded.typeIds);
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
    int tail = encoded.suffixLength();
    return new TokenIds(shortened(encoded.ids, tail), shortened(encoded.typeIds, tail));
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
    TokenizersLibrary.LIB.deleteTokenizer(handle);
  }

  private Refusal tooLong(String count) {
    return Refusal.invalid(
        FIELD,
        "the text has %s tokens; the model takes %d: shorten it, or send \"truncate\": true"
            .formatted(count, tokensMax));
  }

  private Encoded encoded(String text) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long encoding = library.encode(handle, text, true);
    try {
      return new Encoded(
          library.getTokenIds(encoding),
          library.getTypeIds(encoding),
          library.getSpecialTokenMask(encoding));
    } finally {
      library.deleteEncoding(encoding);
    }
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
