package dev.pilotlight.wordpiece;

import java.nio.charset.StandardCharsets;

/// Reads a vocabulary straight from the bytes of a `tokenizer.json`: tens of thousands of pairs
/// `"token": id`, which would take a JSON library several times as long.
///
/// Every other form is [Unreadable]: a JSON library reads it then.
final class VocabularyReader {
  private static final int JSON_BYTES_PER_TOKEN = 16;
  private static final int ID_DIGITS_MAX = 9;

  private final byte[] json;
  private final Vocabulary vocabulary;
  private int at;

  /// The file has a form that this reader does not support.
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;
  }

  /// @param json followed by a 0, which no JSON text contains and at which every loop here stops
  /// @param at after the opening brace
  VocabularyReader(byte[] json, int at) {
    this.json = json;
    this.at = at;
    this.vocabulary = new Vocabulary((json.length - at) / JSON_BYTES_PER_TOKEN);
  }

  /// Where the object ends, once it is read.
  int end() {
    return at;
  }

  Vocabulary read() throws Unreadable {
    skipSpace();
    if (json[at] != '}') {
      pair();
      while (json[at] == ',') {
        at++;
        skipSpace();
        pair();
      }
    }
    expect('}');
    return vocabulary;
  }

  private void pair() throws Unreadable {
    expect('"');
    int begin = at;
    int i = begin;
    int hash = 0;
    int bits = 0;
    byte c = json[i];
    while (c != '"' && c != '\\' && (c < 0 || c >= ' ')) {
      hash = Vocabulary.hash(hash, c);
      bits |= c;
      c = json[++i];
    }
    at = i;
    if (c == '\\') {
      escaped(begin);
      return;
    }
    expect('"');
    if ((bits < 0 && !Utf8.isValid(json, begin, i)) || i - begin > Vocabulary.TOKEN_BYTES_MAX) {
      throw new Unreadable();
    }
    vocabulary.put(json, begin, i, hash, id());
  }

  /// Reads a token with a backslash in it; there are few.
  private void escaped(int begin) throws Unreadable {
    while (json[at] != '"') {
      if ((json[at] >= 0 && json[at] < ' ') || json[at + 1] == 0) {
        throw new Unreadable();
      }
      at += json[at] == '\\' ? 2 : 1;
    }
    String token;
    try {
      token = Escapes.resolved(new String(json, begin, at - begin, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new Unreadable();
    }
    if (!Utf8.isValid(json, begin, at) || !Utf8.isWellFormed(token)) {
      throw new Unreadable();
    }
    at++;
    byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > Vocabulary.TOKEN_BYTES_MAX) {
      throw new Unreadable();
    }
    vocabulary.put(bytes, 0, bytes.length, Vocabulary.hash(bytes), id());
  }

  private int id() throws Unreadable {
    skipSpace();
    expect(':');
    skipSpace();
    int begin = at;
    int i = begin;
    int id = 0;
    byte c = json[i];
    while (c >= '0' && c <= '9' && i - begin < ID_DIGITS_MAX) {
      id = 10 * id + c - '0';
      c = json[++i];
    }
    at = i;
    if (i == begin || (json[begin] == '0' && i > begin + 1)) {
      throw new Unreadable();
    }
    // whatever else the number has is neither a comma nor a brace
    skipSpace();
    return id;
  }

  private void skipSpace() {
    int i = at;
    byte c = json[i];
    while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      c = json[++i];
    }
    at = i;
  }

  private void expect(char c) throws Unreadable {
    if (json[at] != c) {
      throw new Unreadable();
    }
    at++;
  }
}
