package dev.pilotlight.wordpiece;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds added tokens, such as `[SEP]`, in a text: from left to right, at each place the longest.
final class AddedTokens {
  private final List<Token> tokens;
  // by a token's first byte
  private final boolean[] first = new boolean[0x100];

  /// @param content as it is in the text, never empty
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Token(byte[] content, Rules.Added rules) {}

  /// Receives the parts of a text.
  interface Parts {
    void token(int id, int from, int to);

    void text(int from, int to);
  }

  AddedTokens(List<Rules.Added> added) {
    tokens =
        added.stream()
            .map(token -> new Token(token.content().getBytes(StandardCharsets.UTF_8), token))
            .toList();
    tokens.forEach(token -> first[token.content[0] & 0xff] = true);
  }

  void split(byte[] text, int length, Parts parts) {
    int done = 0;
    int i = 0;
    while (i < length) {
      Token token = first[text[i] & 0xff] ? longest(text, i, length) : null;
      if (token == null) {
        i++;
        continue;
      }
      int begin = token.rules.stripLeft() ? Math.max(done, spaceBefore(text, i)) : i;
      if (done < begin) {
        parts.text(done, begin);
      }
      // the next token may begin in the white space that this one takes
      i += token.content.length;
      done = token.rules.stripRight() ? spaceAfter(text, i, length) : i;
      parts.token(token.rules.id(), begin, done);
    }
    if (done < length) {
      parts.text(done, length);
    }
  }

  private @Nullable Token longest(byte[] text, int at, int length) {
    Token longest = null;
    for (Token token : tokens) {
      if ((longest == null || token.content.length > longest.content.length)
          && isAt(token.content, text, at, length)) {
        longest = token;
      }
    }
    return longest;
  }

  private static boolean isAt(byte[] content, byte[] text, int at, int length) {
    if (content.length > length - at) {
      return false;
    }
    for (int i = 0; i < content.length; i++) {
      if (content[i] != text[at + i]) {
        return false;
      }
    }
    return true;
  }

  private static int spaceBefore(byte[] text, int at) {
    int begin = at;
    while (begin > 0 && Characters.isSpace(Utf8.point(text, Utf8.before(text, begin)))) {
      begin = Utf8.before(text, begin);
    }
    return begin;
  }

  private static int spaceAfter(byte[] text, int at, int length) {
    int end = at;
    while (end < length && Characters.isSpace(Utf8.point(text, end))) {
      end += Utf8.size(text[end]);
    }
    return end;
  }
}
