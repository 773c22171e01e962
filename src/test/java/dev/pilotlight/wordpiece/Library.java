package dev.pilotlight.wordpiece;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.function.LongFunction;

/// The tokenizers library, loaded with the text of a `tokenizer.json`: the reference for ours.
public final class Library implements AutoCloseable {
  private static final TokenizersLibrary NATIVE = TokenizersLibrary.LIB;
  private static final ObjectMapper JSON = new ObjectMapper();
  private final long handle;

  public Library(String json) {
    this(open(json));
    NATIVE.disableTruncation(handle);
  }

  private Library(long handle) {
    this.handle = handle;
    NATIVE.disablePadding(handle);
  }

  /// The library with its own truncation, as transformers sets it for `truncation=True`.
  ///
  /// @param side `Left` or `Right`
  public static Library truncating(String json, int tokensMax, String side) throws IOException {
    ObjectNode file = (ObjectNode) JSON.readTree(json);
    file.putObject("truncation")
        .put("direction", side)
        .put("max_length", tokensMax)
        .put("strategy", "LongestFirst")
        .put("stride", 0);
    return new Library(open(file.toString()));
  }

  private static long open(String json) {
    LibUtils.checkStatus();
    return NATIVE.createTokenizerFromString(json);
  }

  public long[] ids(String text) {
    long encoding = NATIVE.encode(handle, text, true);
    try {
      return NATIVE.getTokenIds(encoding);
    } finally {
      NATIVE.deleteEncoding(encoding);
    }
  }

  public long[] typeIds(String text) {
    long encoding = NATIVE.encode(handle, text, true);
    try {
      return NATIVE.getTypeIds(encoding);
    } finally {
      NATIVE.deleteEncoding(encoding);
    }
  }

  public long[] ids(String first, String second) {
    return of(first, second, NATIVE::getTokenIds);
  }

  public long[] typeIds(String first, String second) {
    return of(first, second, NATIVE::getTypeIds);
  }

  private long[] of(String first, String second, LongFunction<long[]> part) {
    long encoding = NATIVE.encodeDual(handle, first, second, true);
    try {
      return part.apply(encoding);
    } finally {
      NATIVE.deleteEncoding(encoding);
    }
  }

  @Override
  public void close() {
    NATIVE.deleteTokenizer(handle);
  }
}
