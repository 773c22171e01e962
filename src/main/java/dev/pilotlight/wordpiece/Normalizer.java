package dev.pilotlight.wordpiece;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// `BertNormalizer`: cleaning, spaces around Chinese characters, accents off, lower case.
final class Normalizer {
  private static final int ASCII = 0x80;
  private static final int POINT_MASK = 0x1f_ffff;
  private static final int PLACE_BIT = 21;
  private static final int RANK_BIT = 53;

  private final Rules.Normalization rules;
  // what becomes of each; -1: removed
  private final byte[] ascii = new byte[ASCII];

  Normalizer(Rules.Normalization rules) {
    this.rules = rules;
    for (int c = 0; c < ASCII; c++) {
      ascii[c] = (byte) ascii(c);
    }
  }

  private int ascii(int c) {
    if (rules.cleanText()) {
      if (c == '\t' || c == '\n' || c == '\r') {
        return ' ';
      }
      if (c < ' ' || c == 0x7f) {
        return -1;
      }
    }
    return lower(c);
  }

  private int lower(int c) {
    return rules.lowercase() && c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
  }

  String normalize(String text) {
    byte[] utf8 = Utf8.of(text);
    Utf8 out = new Utf8(utf8.length);
    normalize(utf8, 0, utf8.length, out);
    return new String(out.bytes(), 0, out.length(), StandardCharsets.UTF_8);
  }

  /// Adds the normalised form of a part of a text.
  void normalize(byte[] text, int from, int to, Utf8 out) {
    for (int i = from; i < to; i++) {
      int c = text[i];
      if (c < 0) {
        new Beyond(out).rest(text, i, to);
        return;
      }
      if (ascii[c] >= 0) {
        out.from(i);
        out.add(ascii[c]);
      }
    }
  }

  /// From the first character on that is not ASCII.
  ///
  /// Canonical decomposition puts combining characters in order. The marks among them are gone by
  /// then, but not all are marks by the library's tables: the others wait here for the next
  /// character that is not combining.
  private final class Beyond {
    private final Characters characters = Characters.all();
    private final Utf8 out;
    // rank, place and code point in one number each, so that to sort them is to order them stably
    private long[] waiting = new long[8];
    private int waitingCount;

    Beyond(Utf8 out) {
      this.out = out;
    }

    void rest(byte[] text, int from, int to) {
      for (int i = from; i < to; i += Utf8.size(text[i])) {
        out.from(i);
        if (text[i] >= 0) {
          simple(ascii[text[i]]);
        } else {
          add(Utf8.point(text, i));
        }
      }
      flush();
    }

    /// @param c in its final form; -1: none
    private void simple(int c) {
      if (c >= 0) {
        flush();
        out.add(c);
      }
    }

    private void add(int point) {
      int run = characters.run(point);
      if (rules.cleanText() && characters.is(run, Characters.REMOVED)) {
        return;
      }
      if (rules.cleanText() && Characters.isSpace(point)) {
        simple(' ');
      } else if (rules.chineseCharacters() && Characters.isChinese(point)) {
        simple(' ');
        stripped(point, run);
        simple(' ');
      } else {
        stripped(point, run);
      }
    }

    private void stripped(int point, int run) {
      if (!rules.stripAccents()) {
        lowered(point, run);
      } else if (characters.is(run, Characters.MARK)) {
        if (characters.is(run, Characters.BREAK)) {
          flush();
        }
      } else if (Hangul.isSyllable(point)) {
        flush();
        Hangul.decompose(point, out);
      } else if (characters.is(run, Characters.SEQUENCE)) {
        for (int i = 0; i < characters.sequenceLength(run); i++) {
          ordered(characters.sequenceAt(run, i));
        }
      } else {
        ordered(characters.strippedOf(run, point));
      }
    }

    private void ordered(int point) {
      if (point < ASCII) {
        simple(lower(point));
        return;
      }
      int run = characters.run(point);
      int rank = characters.rank(run);
      if (rank == 0) {
        flush();
        lowered(point, run);
        return;
      }
      if (waitingCount == waiting.length) {
        waiting = Arrays.copyOf(waiting, 2 * waitingCount);
      }
      waiting[waitingCount] = (long) rank << RANK_BIT | (long) waitingCount << PLACE_BIT | point;
      waitingCount++;
    }

    private void flush() {
      if (waitingCount > 0) {
        out.reorder();
      }
      if (waitingCount > 1) {
        Arrays.sort(waiting, 0, waitingCount);
      }
      for (int i = 0; i < waitingCount; i++) {
        int point = (int) waiting[i] & POINT_MASK;
        lowered(point, characters.run(point));
      }
      waitingCount = 0;
    }

    private void lowered(int point, int run) {
      if (!rules.lowercase()) {
        out.add(point);
      } else if (point == '\u0130') {
        // the one letter whose lower case is two: a dotted i
        out.add('i');
        out.add('\u0307');
      } else {
        out.add(characters.lowerOf(run, point));
      }
    }
  }
}
