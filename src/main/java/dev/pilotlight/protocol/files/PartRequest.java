package dev.pilotlight.protocol.files;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.protocol.form.FormScanner;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.MediaTypes;
import dev.pilotlight.protocol.json.Text;

/// Reads `POST /v1/uploads/{upload_id}/parts`.
public final class PartRequest {
  private static final String DATA = "data";
  private static final String ACCEPTED = "one part, data";

  private PartRequest() {}

  /// The bytes of the part.
  ///
  /// @throws Refusal INVALID, EMPTY, UNSUPPORTED_MEDIA_TYPE
  public static byte[] read(HttpRequest request) {
    String type = request.header(HttpResponse.CONTENT_TYPE).orElse("");
    if (!MediaTypes.type(request).equals(FormScanner.TYPE)) {
      throw Refusal.of(
          Reason.UNSUPPORTED_MEDIA_TYPE,
          HttpResponse.CONTENT_TYPE,
          "content-type is '%s'; accepted: %s with %s"
              .formatted(Text.shorten(type), FormScanner.TYPE, ACCEPTED));
    }
    FormScanner form = FormScanner.open(type, request.body(), ACCEPTED);
    FormScanner.Head head = form.readHead();
    requireData(head);
    byte[] data = form.readData(head);
    if (form.hasNext()) {
      FormScanner.Head second = form.readHead();
      throw Refusal.invalid(
          second.name(),
          "%s is a second part of the form; accepted: %s".formatted(second.name(), ACCEPTED));
    }
    return data;
  }

  private static void requireData(FormScanner.Head head) {
    if (!head.name().equals(DATA)) {
      throw Refusal.invalid(
          head.name(),
          "%s is not a part that this form has; accepted: %s".formatted(head.name(), ACCEPTED));
    }
  }
}
