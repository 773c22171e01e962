package dev.pilotlight.model.text;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.text.TokenCoder.Token;
import dev.pilotlight.model.format.LoadFailure;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;

/// The place of each token in its text, and the text of ids: by Hugging Face's library, because our
/// WordPiece makes no text of ids, and does not find the places in every text. It opens with the
/// first request that needs it.
///
/// Thread-safe; [#close] must not overlap with other calls.
final class TokenTexts {
  private final LibraryEncoder library;
  private final boolean isCopy;
  private final BitSet known;

  private TokenTexts(LibraryEncoder library, boolean isCopy, BitSet known) {
    this.library = library;
    this.isCopy = isCopy;
    this.known = known;
  }

  /// @throws LoadFailure if the file or the library cannot be loaded
  static TokenTexts open(EncoderFile file) {
    String json = file.json();
    BitSet known = KnownIds.read(json);
    return file.encoder() instanceof LibraryEncoder loaded
        ? new TokenTexts(loaded, false, known)
        : new TokenTexts(LibraryEncoder.of(json), true, known);
  }

  List<Token> tokens(String text, boolean addsSpecial) {
    LibraryTokens tokens = library.tokens(text, addsSpecial);
    Places places = Places.of(text);
    List<Token> all = new ArrayList<>(tokens.count());
    for (int i = 0; i < tokens.count(); i++) {
      all.add(token(tokens, i, text, places));
    }
    return all;
  }

  /// A text's tokens with their places, special ones added.
  ///
  /// @param skipped code points before the text, which are not read
  TokenIds locate(String text, int skipped) {
    return library.tokens(text, true).at(text, skipped);
  }

  private static Token token(LibraryTokens tokens, int i, String text, Places places) {
    if (tokens.isSpecial(i)) {
      return new Token(tokens.ids()[i], tokens.names()[i], true, 0, 0);
    }
    int from = tokens.start(i);
    int to = tokens.stop(i);
    String part = text.substring(places.chars[from], places.chars[to]);
    return new Token(tokens.ids()[i], part, false, places.bytes[from], places.bytes[to]);
  }

  /// @throws Refusal INVALID for a token with a type: the ids alone would not be the whole input
  int[] ids(String text) {
    return library.encode(text, false).withoutTypes();
  }

  /// @throws Refusal INVALID for an id that the tokenizer does not have
  String decode(int[] ids, boolean skipsSpecial) {
    long[] given = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || !known.get(ids[i])) {
        throw Refusal.invalid(
            Item.FIELD,
            "token id %d is not in the tokenizer's vocabulary; its largest is %d"
                .formatted(ids[i], known.length() - 1));
      }
      given[i] = ids[i];
    }
    return library.decode(given, skipsSpecial);
  }

  String decodeKnown(long[] ids, boolean skipsSpecial) {
    return library.decode(ids, skipsSpecial);
  }

  /// The id of the one token of a text.
  ///
  /// @param vocabulary in which the text was looked for
  /// @return empty for several tokens, and for the unknown one
  OptionalInt only(String text, TokenNames vocabulary) {
    LibraryTokens tokens = library.tokens(text, false);
    if (tokens.count() != 1 || vocabulary.isUnknown(tokens.ids()[0], tokens.names()[0])) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(Math.toIntExact(tokens.ids()[0]));
  }

  void close() {
    if (isCopy) {
      library.close();
    }
  }

  /// Where each code point of a text begins, and after the last one its end.
  ///
  /// @param chars in the text
  /// @param bytes in the text as UTF-8
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Places(int[] chars, int[] bytes) {
    private static final int ASCII_MAX = 0x7f;
    private static final int TWO_BYTES_MAX = 0x7ff;
    private static final int THREE_BYTES_MAX = 0xffff;

    static Places of(String text) {
      int count = text.codePointCount(0, text.length());
      int[] chars = new int[count + 1];
      int[] bytes = new int[count + 1];
      for (int i = 0; i < count; i++) {
        int point = text.codePointAt(chars[i]);
        chars[i + 1] = chars[i] + Character.charCount(point);
        bytes[i + 1] = bytes[i] + utf8Length(point);
      }
      return new Places(chars, bytes);
    }

    private static int utf8Length(int point) {
      if (point <= ASCII_MAX) {
        return 1;
      }
      return point <= TWO_BYTES_MAX ? 2 : point <= THREE_BYTES_MAX ? 3 : 4;
    }
  }
}
