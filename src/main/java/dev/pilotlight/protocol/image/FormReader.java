package dev.pilotlight.protocol.image;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.form.FormScanner;
import dev.pilotlight.protocol.http.HttpResponse;
import java.util.List;

/// Reads a form that holds one file.
final class FormReader {
  /// The fields that may hold the file.
  static final List<String> NAMES = List.of("data", "file", "image", "inputs");

  private static final String ACCEPTED =
      "one part with a file, whose name is one of " + String.join(", ", NAMES);

  private FormReader() {}

  /// Reads the file of a body.
  ///
  /// @param contentType of the request
  /// @throws Refusal INVALID for anything but one part with a file; UNSUPPORTED_MEDIA_TYPE for a
  ///   part that is encoded
  static FormFile read(String contentType, byte[] body) {
    FormScanner form = FormScanner.open(contentType, body, ACCEPTED);
    FormScanner.Head head = form.readHead();
    requireName(head.name());
    byte[] data = form.readData(head);
    if (form.hasNext()) {
      String second = form.readHead().name();
      throw Refusal.invalid(
          second, "%s is a second part of the form; accepted: %s".formatted(second, ACCEPTED));
    }
    return new FormFile(head.name(), head.header(HttpResponse.CONTENT_TYPE), data);
  }

  private static void requireName(String name) {
    if (!NAMES.contains(name)) {
      throw Refusal.invalid(
          name, "%s is not a part that this form has; accepted: %s".formatted(name, ACCEPTED));
    }
  }
}
