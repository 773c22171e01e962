package dev.pilotlight.wordpiece;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/// Texts in which all goes together that tokenizers stumble over. The same for the same seed.
public final class RandomTexts {
  private static final int PARTS_MAX = 12;
  private static final List<String> SNIPPETS =
      List.of(
          "hello",
          "World",
          "unbelievably",
          "it's",
          "3.14",
          "e-mail",
          "naïve",
          "Ünïcödé",
          "ſtraße",
          // lower case that is special or depends on what is near
          "İstanbul",
          "ıI",
          "ΟΔΥΣΣΕΥΣ",
          "Σ",
          "ϴ",
          "ẞ",
          "Å",
          "ﬁ",
          "Ǆ",
          "ᾼ",
          // scripts
          "กำลัง",
          "हिन्दी",
          "ক্কো",
          "தமிழ்",
          "한국어",
          "ᄒ",
          "ᅡᆫ",
          "漢字",
          "豈",
          "ひらがな",
          "ガ",
          "עִבְרִית",
          "عَرَبِيّ",
          "Ꭰꭰ",
          "𐐀𐐨",
          "𝔘𝔫𝔦",
          "𠀀",
          "𞤀𞥄",
          "ᬆ᭄",
          // emoji
          "😀",
          "👩‍👩‍👧‍👦",
          "🏳️‍🌈",
          "🇩🇪",
          "👍🏽",
          "1️⃣",
          // tokens in the text, nearly, and not at all
          "[CLS]",
          "[SEP]",
          "[MASK]",
          " [sep] ",
          "[UNK",
          "UNK]",
          "[[PAD]]",
          "##ing",
          "[UNK][CLS]",
          // white space, control characters, noncharacters
          " ",
          "  ",
          "\t",
          "\n",
          "\r\n",
          "\u000b",
          "\u0085",
          "\u00a0",
          "\u3000",
          "\u200b",
          "\u200d",
          "\u0000",
          "\u0007",
          "\u007f",
          "\ufeff",
          "\ufffd",
          "\ufffe",
          "\uffff",
          "\ud83f\udfff",
          // punctuation of several Unicode versions, and what decomposes to some
          ".",
          "...",
          "!?",
          "—",
          "“”",
          "¿",
          "¡",
          "؟",
          "。",
          "、",
          "\u1fef",
          "\u037e",
          "≠",
          "〈",
          "\u2e52");
  private static final List<String> COMBINING =
      List.of(
          "\u0300",
          "\u0301",
          "\u0308",
          "\u0323",
          "\u0327",
          "\u0345",
          "\u05b0",
          "\u0651",
          "\u093c",
          "\u094d",
          "\u1b44",
          "\u302e",
          "\u302f",
          "\u3099",
          "\u08d4",
          "\u08e3",
          "\u0f71",
          "\u0344",
          "\u0f73",
          "\u0bcd",
          "\u0bbe",
          "\u0300",
          "\u17d2",
          "\u034f",
          "\ud834\udd65",
          "\ud834\udd6d",
          "\ud834\udd5e",
          "\ud805\udc46",
          "\ud83a\udd4a",
          "\ud800\udef0",
          "\u1df6",
          "\ud838\udc00");

  private final Random random;
  private final List<Supplier<String>> parts =
      List.of(
          () -> one(SNIPPETS),
          () -> one(SNIPPETS),
          () -> one(SNIPPETS),
          this::combining,
          this::letters,
          () -> Character.toString(point(0x250)),
          () -> Character.toString(point(0x3000)),
          () -> Character.toString(point(0x10000)),
          () -> Character.toString(point(0x20000)),
          () -> Character.toString(point(Character.MAX_CODE_POINT + 1)),
          this::surrogate,
          this::longWord);

  public RandomTexts(long seed) {
    random = new Random(seed);
  }

  public String next() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(PARTS_MAX); i >= 0; i--) {
      text.append(one(parts).get());
      if (random.nextInt(3) == 0) {
        text.append(' ');
      }
    }
    return text.toString();
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /// A letter and, in any order, what may follow it.
  private String combining() {
    StringBuilder text = new StringBuilder(one(List.of("a", "e", "한", "क", "ё", "")));
    for (int i = random.nextInt(6); i >= 0; i--) {
      text.append(one(COMBINING));
    }
    return text.toString();
  }

  private String letters() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(9); i >= 0; i--) {
      text.append((char) ((random.nextBoolean() ? 'a' : 'A') + random.nextInt(26)));
    }
    return text.toString();
  }

  private int point(int below) {
    int point = random.nextInt(below);
    return Alphabet.isSurrogate(point) ? point(below) : point;
  }

  /// Seldom half a pair, since one in a text changes all of it.
  private String surrogate() {
    return random.nextInt(20) == 0 ? one(List.of("\ud800", "\udfff", "\udc00\ud800")) : "";
  }

  /// About as long as a word may be.
  private String longWord() {
    return random.nextInt(10) > 0
        ? ""
        : one(List.of("a", "ab", "é", "漢", "😀", "ing")).repeat(30 + random.nextInt(75));
  }
}
