package dev.pilotlight.model.text;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.pilotlight.model.format.FileKind;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.onnx.NativeLibraries;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Hugging Face's own library: exact for every `tokenizer.json`.
///
/// It is called one layer below `HuggingFaceTokenizer`, which would ask EC2's metadata service for
/// telemetry and build eight arrays a text instead of the three that are needed. The library loads
/// from the file that `RUST_LIBRARY_PATH` names, else from a copy it makes in `DJL_CACHE_DIR`
/// (default `~/.djl.ai`), which must then be writable: under `/tmp` on Lambda.
///
/// Encoding only reads. Truncation would change the library's object, so [Tokenizer] does it.
final class LibraryEncoder implements TextEncoder {
  private static final int REASON_CHARS_MAX = 300;
  private static final String SAMPLE = "a";

  private final long handle;
  private final int before;
  private final int after;
  private volatile boolean pairs;

  private LibraryEncoder(long handle) {
    this.handle = handle;
    long[] special = special(SAMPLE);
    int i = 0;
    while (i < special.length && special[i] == 1) {
      i++;
    }
    this.before = i;
    int trailing = 0;
    while (trailing < special.length - before && special[special.length - 1 - trailing] == 1) {
      trailing++;
    }
    this.after = trailing;
  }

  /// @throws LoadFailure if the file or the library cannot be loaded
  static LibraryEncoder open(Path file) {
    return of(content(file));
  }

  /// @param json the content of a `tokenizer.json`
  static LibraryEncoder of(String json) {
    NativeLibraries.locate();
    long handle;
    try {
      LibUtils.checkStatus();
      handle = TokenizersLibrary.LIB.createTokenizerFromString(json);
    } catch (RuntimeException e) {
      throw new LoadFailure("the tokenizers library cannot read tokenizer.json: " + reason(e), e);
    } catch (LinkageError e) {
      throw new LoadFailure("the tokenizers library cannot be loaded", e);
    }
    try {
      // settings that the last training run left in the file
      TokenizersLibrary.LIB.disableTruncation(handle);
      TokenizersLibrary.LIB.disablePadding(handle);
      return new LibraryEncoder(handle);
    } catch (RuntimeException e) {
      TokenizersLibrary.LIB.deleteTokenizer(handle);
      throw e;
    }
  }

  /// The content of a `tokenizer.json`.
  ///
  /// @throws LoadFailure if it cannot be read, or is not one
  static String content(Path file) {
    try {
      FileKind.refuse(file);
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new LoadFailure("tokenizer.json is not UTF-8", e);
    } catch (IOException e) {
      throw LoadFailure.passing("tokenizer.json cannot be read", e);
    }
  }

  /// The library's own words, which name line and column.
  private static String reason(RuntimeException failure) {
    String message = String.valueOf(failure.getMessage()).strip();
    return message.length() <= REASON_CHARS_MAX
        ? message
        : message.substring(0, REASON_CHARS_MAX) + "…";
  }

  @Override
  public TokenIds encode(String text) {
    return encode(text, true);
  }

  /// @param addsSpecial whether the special tokens around the text are added
  TokenIds encode(String text, boolean addsSpecial) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long encoding = library.encode(handle, text, addsSpecial);
    try {
      return new TokenIds(library.getTokenIds(encoding), library.getTypeIds(encoding));
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  @Override
  public Optional<TokenIds> locate(String text, int skipped) {
    return Optional.of(tokens(text, true).at(text, skipped));
  }

  @Override
  public PairTokens encode(String first, String second) {
    if (!pairs) {
      requirePairs();
      pairs = true;
    }
    return encodeBoth(first, second);
  }

  private PairTokens encodeBoth(String first, String second) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long encoding = library.encodeDual(handle, first, second, true);
    try {
      return new PairTokens(
          library.getTokenIds(encoding),
          library.getTypeIds(encoding),
          library.getSequenceIds(encoding));
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  /// A template for two texts may leave one out, or repeat one.
  private void requirePairs() {
    int own = encode(SAMPLE).count() - before - after;
    PairTokens both = encodeBoth(SAMPLE, SAMPLE);
    boolean once = both.own(PairTokens.FIRST) == own && both.own(PairTokens.SECOND) == own;
    if (!once || ordinary(SAMPLE, SAMPLE) != 2 * own) {
      throw TextEncoder.noPairs();
    }
  }

  /// The number of tokens of a pair that are not special.
  private int ordinary(String first, String second) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long encoding = library.encodeDual(handle, first, second, true);
    try {
      int ordinary = 0;
      for (long special : library.getSpecialTokenMask(encoding)) {
        ordinary += special == 0 ? 1 : 0;
      }
      return ordinary;
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  /// A text's tokens with their places in it.
  ///
  /// @param addsSpecial whether the special tokens around the text are added
  LibraryTokens tokens(String text, boolean addsSpecial) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long encoding = library.encode(handle, text, addsSpecial);
    try {
      return new LibraryTokens(
          library.getTokenIds(encoding),
          library.getTypeIds(encoding),
          library.getTokens(encoding),
          library.getSpecialTokenMask(encoding),
          library.getTokenCharSpans(encoding));
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  /// The text of token ids; the library leaves out ids that it does not have.
  String decode(long[] ids, boolean skipsSpecial) {
    return TokenizersLibrary.LIB.decode(handle, ids, skipsSpecial);
  }

  /// 1 for each special token around the text, 0 for the text's own.
  private long[] special(String text) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long encoding = library.encode(handle, text, true);
    try {
      return library.getSpecialTokenMask(encoding);
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  @Override
  public int before() {
    return before;
  }

  @Override
  public int after() {
    return after;
  }

  @Override
  public void close() {
    TokenizersLibrary.LIB.deleteTokenizer(handle);
  }
}
