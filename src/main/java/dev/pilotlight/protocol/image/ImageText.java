package dev.pilotlight.protocol.image;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.form.HeaderParameters;
import dev.pilotlight.protocol.json.Text;
import java.util.Base64;
import java.util.Locale;

/// Reads an image that stands as text in a document: as base64, or in a data URL.
///
/// Source: RFC 4648, section 4, and RFC 2397
public final class ImageText {
  public static final String ACCEPTED =
      "base64 of a JPEG or PNG file, or a data URL with it: data:image/jpeg;base64,…";

  private static final String SCHEME = "data:";
  private static final String BASE64 = ";base64";
  private static final int SCHEME_CHARS_MAX = 16;

  private ImageText() {}

  /// Reads an image.
  ///
  /// @param field of the text in the request
  /// @throws Refusal INVALID for a text that is not an image, also for a URL, because nothing is
  ///   fetched; UNSUPPORTED_MEDIA_TYPE as [Uploads#image]
  public static Item.Image read(String field, String text) {
    requireNoUrl(field, text);
    return isDataUrl(text)
        ? dataUrl(field, text)
        : Uploads.image(field, "", decode(field, text, 0));
  }

  /// Reads an image that must be a data URL.
  ///
  /// @throws Refusal as [#read]
  public static Item.Image readDataUrl(String field, String text) {
    requireNoUrl(field, text);
    if (!isDataUrl(text)) {
      throw Refusal.invalid(
          field,
          "%s is not a data URL; accepted: data:image/jpeg;base64,… or data:image/png;base64,…"
              .formatted(field));
    }
    return dataUrl(field, text);
  }

  /// Whether a text begins as a data URL does.
  public static boolean isDataUrl(String text) {
    return text.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  private static Item.Image dataUrl(String field, String url) {
    int comma = url.indexOf(',');
    String head = comma < 0 ? url : url.substring(0, comma);
    String lower = head.toLowerCase(Locale.ROOT);
    if (comma < 0 || !lower.endsWith(BASE64)) {
      throw Refusal.invalid(
          field,
          "%s is the data URL '%s', which is not base64; accepted: %s"
              .formatted(field, Text.shorten(head), ACCEPTED));
    }
    String type = HeaderParameters.value(lower.substring(SCHEME.length()));
    // RFC 2397: a data URL without a type is plain text
    return Uploads.image(
        field, type.isEmpty() ? "text/plain" : type, decode(field, url, comma + 1));
  }

  private static void requireNoUrl(String field, String text) {
    int colon = text.indexOf("://");
    if (colon > 0 && colon <= SCHEME_CHARS_MAX) {
      throw Refusal.invalid(
          field,
          "%s is a URL, and images are not fetched from URLs; accepted: %s"
              .formatted(field, ACCEPTED));
    }
  }

  private static byte[] decode(String field, String text, int from) {
    try {
      return Base64.getDecoder().decode(from == 0 ? text : text.substring(from));
    } catch (IllegalArgumentException e) {
      throw Refusal.invalid(
          field,
          "%s is not base64, as an image must be; accepted: %s, without line breaks"
              .formatted(field, ACCEPTED));
    }
  }
}
