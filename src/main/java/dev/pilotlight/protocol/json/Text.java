package dev.pilotlight.protocol.json;

/// Shortens text that messages quote.
public final class Text {
  private static final int QUOTED_CHARS_MAX = 64;

  private Text() {}

  /// The text, or its beginning and its length where it is too long to be quoted in a message.
  public static String shorten(String text) {
    return shorten(text, QUOTED_CHARS_MAX);
  }

  public static String shorten(String text, int charsMax) {
    if (text.length() <= charsMax) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(charsMax - 1)) ? charsMax - 1 : charsMax;
    return text.substring(0, end) + "… (" + text.length() + " characters)";
  }
}
