package dev.pilotlight.wordpiece;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;

/// The tokenizers library, loaded with the text of a `tokenizer.json`.
public final class Library implements AutoCloseable {
  private static final TokenizersLibrary NATIVE = TokenizersLibrary.LIB;
  private final long handle;

  public Library(String json) {
    LibUtils.checkStatus();
    handle = NATIVE.createTokenizerFromString(json);
    NATIVE.disableTruncation(handle);
    NATIVE.disablePadding(handle);
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

  @Override
  public void close() {
    NATIVE.deleteTokenizer(handle);
  }
}
