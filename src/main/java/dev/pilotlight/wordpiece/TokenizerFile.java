package dev.pilotlight.wordpiece;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// A `tokenizer.json` in two parts: its vocabulary, and the rest as JSON with an empty one.
public final class TokenizerFile {
  private static final String VOCABULARY = "\"vocab\"";
  // both stand before the vocabulary in every file that the tokenizers library has written
  private static final String MODEL = "\"WordPiece\"";
  private static final String NORMALIZER = "\"BertNormalizer\"";

  private final Vocabulary vocabulary;
  private final byte[] rest;

  TokenizerFile(Vocabulary vocabulary, byte[] rest) {
    this.vocabulary = vocabulary;
    this.rest = rest;
  }

  /// Reads a file if it may be of BERT's kind. The caller decides by the rest whether it is.
  ///
  /// @param isSaved whether packaging saved the vocabulary next to it: a file of this name from
  ///   anybody else may hold another vocabulary
  public static Optional<TokenizerFile> read(Path path, boolean isSaved) throws IOException {
    byte[] json = bytes(path);
    TokenizerFile saved =
        isSaved ? SavedVocabulary.load(SavedVocabulary.fileFor(path), json) : null;
    return saved == null ? parse(json) : Optional.of(saved);
  }

  /// Parses a file and saves the result in its directory, where [#read] finds it. If the file
  /// cannot be of BERT's kind, it saves nothing, and deletes what was saved before.
  ///
  /// @return whether it saved the result
  public static boolean save(Path path) throws IOException {
    byte[] json = bytes(path);
    Files.deleteIfExists(SavedVocabulary.fileFor(path));
    Optional<TokenizerFile> parsed = parse(json);
    if (parsed.isPresent()) {
      SavedVocabulary.write(SavedVocabulary.fileFor(path), json, parsed.get());
    }
    return parsed.isPresent();
  }

  private static Optional<TokenizerFile> parse(byte[] json) {
    int key = indexOf(VOCABULARY, json, json.length);
    if (json[0] != '{'
        || key < 0
        || indexOf(MODEL, json, key) < 0
        || indexOf(NORMALIZER, json, key) < 0) {
      return Optional.empty();
    }
    int begin = key + VOCABULARY.length();
    while (json[begin] == ':' || json[begin] == ' ') {
      begin++;
    }
    if (json[begin] != '{') {
      return Optional.empty();
    }
    VocabularyReader reader = new VocabularyReader(json, begin + 1);
    try {
      Vocabulary vocabulary = reader.read();
      return Optional.of(new TokenizerFile(vocabulary, without(json, begin + 1, reader.end() - 1)));
    } catch (VocabularyReader.Unreadable _) {
      return Optional.empty();
    }
  }

  /// All but the vocabulary.
  public byte[] rest() {
    return rest.clone();
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  /// A file followed by a 0.
  static byte[] bytes(Path path) throws IOException {
    try (FileInputStream file = new FileInputStream(path.toFile())) {
      byte[] bytes = new byte[Math.toIntExact(Files.size(path)) + 1];
      int length = file.readNBytes(bytes, 0, bytes.length - 1);
      return length == bytes.length - 1 ? bytes : Arrays.copyOf(bytes, length + 1);
    }
  }

  private static byte[] without(byte[] json, int from, int to) {
    byte[] rest = new byte[json.length - 1 - (to - from)];
    System.arraycopy(json, 0, rest, 0, from);
    System.arraycopy(json, to, rest, from, rest.length - from);
    return rest;
  }

  private static int indexOf(String ascii, byte[] in, int end) {
    byte[] sought = ascii.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i <= end - sought.length; i++) {
      int same = 0;
      while (same < sought.length && in[i + same] == sought[same]) {
        same++;
      }
      if (same == sought.length) {
        return i;
      }
    }
    return -1;
  }
}
