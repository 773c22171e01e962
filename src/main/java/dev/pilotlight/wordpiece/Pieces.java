package dev.pilotlight.wordpiece;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// `BertPreTokenizer` and the WordPiece model: normalised text into words, words into the longest
/// pieces that the vocabulary has.
final class Pieces {
  private static final byte[] NO_PREFIX = {};
  private static final byte LETTER = 0;
  private static final byte SPACE = 1;
  private static final byte PUNCTUATION = 2;
  private static final byte[] ASCII = new byte[0x80];

  static {
    Arrays.fill(ASCII, '!', '0', PUNCTUATION);
    Arrays.fill(ASCII, ':', 'A', PUNCTUATION);
    Arrays.fill(ASCII, '[', 'a', PUNCTUATION);
    Arrays.fill(ASCII, '{', 0x7f, PUNCTUATION);
    Arrays.fill(ASCII, '\t', '\r' + 1, SPACE);
    ASCII[' '] = SPACE;
  }

  private final Vocabulary vocabulary;
  private final byte[] prefix;
  private final int prefixHash;
  private final int unknown;
  private final int wordCharsMax;

  Pieces(Vocabulary vocabulary, String prefix, int unknown, int wordCharsMax) {
    this.vocabulary = vocabulary;
    this.prefix = prefix.getBytes(StandardCharsets.UTF_8);
    this.prefixHash = Vocabulary.hash(this.prefix);
    this.unknown = unknown;
    this.wordCharsMax = wordCharsMax;
  }

  /// Adds the ids of a part of a normalised text.
  void add(byte[] text, int from, int to, Ids ids) {
    int[] hashes = new int[vocabulary.bytesMax() + 1];
    int begin = from;
    int chars = 0;
    int next;
    for (int i = from; i < to; i = next) {
      next = i + Utf8.size(text[i]);
      byte kind = text[i] >= 0 ? ASCII[text[i]] : kind(Utf8.point(text, i));
      if (kind == LETTER) {
        chars++;
      } else {
        word(text, begin, i, chars, hashes, ids);
        if (kind == PUNCTUATION) {
          word(text, i, next, 1, hashes, ids);
        }
        begin = next;
        chars = 0;
      }
    }
    word(text, begin, to, chars, hashes, ids);
  }

  private static byte kind(int point) {
    if (Characters.isSpace(point)) {
      return SPACE;
    }
    Characters characters = Characters.all();
    return characters.is(characters.run(point), Characters.PUNCTUATION) ? PUNCTUATION : LETTER;
  }

  private void word(byte[] text, int from, int to, int chars, int[] hashes, Ids ids) {
    if (chars > wordCharsMax) {
      ids.addPart(unknown, from, to);
      return;
    }
    int known = ids.size();
    int begin = from;
    while (begin < to) {
      int end = piece(text, begin, to, begin == from ? NO_PREFIX : prefix, hashes, ids);
      if (end == begin) {
        ids.shrink(known);
        ids.addPart(unknown, from, to);
        return;
      }
      begin = end;
    }
  }

  /// Adds the longest piece. Returns its end, or its begin if no piece matches.
  ///
  /// @param hashes room for those of all beginnings of the word
  private int piece(byte[] text, int from, int to, byte[] before, int[] hashes, Ids ids) {
    int longest = Math.min(to - from, vocabulary.bytesMax() - before.length);
    int hash = before.length == 0 ? 0 : prefixHash;
    for (int i = 0; i < longest; i++) {
      hash = Vocabulary.hash(hash, text[from + i]);
      hashes[i] = hash;
    }
    for (int length = longest; length > 0; length--) {
      int id = vocabulary.find(before, text, from, from + length, hashes[length - 1]);
      if (id != Vocabulary.NONE) {
        ids.addPart(id, from, from + length);
        return from + length;
      }
    }
    return from;
  }
}
