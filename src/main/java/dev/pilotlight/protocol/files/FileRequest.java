package dev.pilotlight.protocol.files;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.form.FormScanner;
import dev.pilotlight.protocol.form.HeaderParameters;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.MediaTypes;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.support.Utf8;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A request for a file: `POST /v1/files`, and `POST /v1/uploads`.
///
/// @param bytes of the file
/// @param expiresSeconds after its creation; null if the request does not name it
/// @param data the bytes themselves; null if they are sent later
@SuppressWarnings("ArrayRecordComponent") // never compared
public record FileRequest(
    String filename, long bytes, @Nullable Long expiresSeconds, byte @Nullable [] data) {
  private static final String FILE = "file";
  private static final String ANCHOR = FileFields.EXPIRES + "[" + FileFields.ANCHOR + "]";
  private static final String SECONDS = FileFields.EXPIRES + "[" + FileFields.SECONDS + "]";
  private static final String JSON_SECONDS = FileFields.EXPIRES + "." + FileFields.SECONDS;
  private static final String PARTS = "file, purpose, " + ANCHOR + ", " + SECONDS + ", each once";
  private static final String TYPES =
      FormScanner.TYPE + " with the file, or " + HttpResponse.JSON + " with its filename and bytes";

  /// The name of the field of [#expiresSeconds], in a form or in JSON.
  public String expiresField() {
    return data == null ? JSON_SECONDS : SECONDS;
  }

  /// Reads a request for a file: a form with its bytes, or JSON that announces them.
  ///
  /// @throws Refusal INVALID, EMPTY, UNSUPPORTED_MEDIA_TYPE
  public static FileRequest read(HttpRequest request) {
    if (MediaTypes.type(request).equals(FormScanner.TYPE)) {
      return new Form().read(request);
    }
    MediaTypes.requireJson(request, TYPES);
    return request.readJson(json -> new Announcement(json, false).read());
  }

  /// Reads a request for an upload.
  ///
  /// @throws Refusal INVALID, UNSUPPORTED_MEDIA_TYPE
  public static FileRequest readUpload(HttpRequest request) {
    MediaTypes.requireJson(request);
    return request.readJson(json -> new Announcement(json, true).read());
  }

  /// The parts of a form. Used once.
  private static final class Form {
    private @Nullable String filename;
    private @Nullable String purpose;
    private @Nullable String anchor;
    private @Nullable Long seconds;
    private byte @Nullable [] data;

    FileRequest read(HttpRequest request) {
      String type = request.header(HttpResponse.CONTENT_TYPE).orElse("");
      FormScanner form = FormScanner.open(type, request.body(), PARTS);
      while (form.hasNext()) {
        FormScanner.Head head = form.readHead();
        take(head, form.readData(head));
      }
      FileFields.requirePurpose(purpose);
      if (data == null || filename == null) {
        throw Refusal.invalid(FILE, "file is missing; accepted: a part with the file");
      }
      Long expiry = FileFields.expiry(FileFields.EXPIRES, anchor, seconds);
      return new FileRequest(FileFields.filename(FILE, filename), data.length, expiry, data);
    }

    private void take(FormScanner.Head head, byte[] bytes) {
      switch (head.name()) {
        case FILE -> {
          requireFirst(FILE, data);
          String disposition = head.header("content-disposition");
          filename =
              HeaderParameters.find(disposition, FileFields.FILENAME)
                  .orElseThrow(
                      () ->
                          Refusal.invalid(
                              FILE, "file has no filename; accepted: a name that ends in .jsonl"));
          data = bytes;
        }
        case FileFields.PURPOSE -> {
          requireFirst(FileFields.PURPOSE, purpose);
          purpose = text(head, bytes);
        }
        case ANCHOR -> {
          requireFirst(ANCHOR, anchor);
          anchor = text(head, bytes);
          FileFields.requireAnchor(ANCHOR, anchor);
        }
        case SECONDS -> {
          requireFirst(SECONDS, seconds);
          seconds = FileFields.seconds(SECONDS, text(head, bytes));
        }
        default ->
            throw Refusal.invalid(
                head.name(),
                "%s is not a part that this form has; accepted: %s".formatted(head.name(), PARTS));
      }
    }

    private static void requireFirst(String name, @Nullable Object before) {
      if (before != null) {
        throw Refusal.invalid(name, "%s occurs twice; accepted: %s".formatted(name, PARTS));
      }
    }

    private static String text(FormScanner.Head head, byte[] bytes) {
      return Utf8.decode(bytes)
          .orElseThrow(
              () -> Refusal.invalid(head.name(), head.name() + " is not UTF-8; accepted: text"));
    }
  }

  /// The fields of JSON. Used once.
  private static final class Announcement {
    private static final String FIELDS = "filename, purpose, bytes, expires_after";

    private final JsonReader json;
    private final boolean upload;
    private @Nullable String filename;
    private @Nullable String purpose;
    private @Nullable Long bytes;
    private @Nullable Long seconds;

    /// @param upload whether it is one in parts, which has a media type
    Announcement(JsonReader json, boolean upload) {
      this.json = json;
      this.upload = upload;
    }

    FileRequest read() throws IOException {
      json.object(this::field);
      FileFields.requirePurpose(purpose);
      if (filename == null) {
        throw Refusal.invalid(FileFields.FILENAME, "filename is missing; accepted: one in .jsonl");
      }
      if (bytes == null) {
        throw Refusal.invalid(FileFields.BYTES, "bytes is missing; accepted: the file's size");
      }
      return new FileRequest(filename, bytes, seconds, null);
    }

    private void field(String name) throws IOException {
      switch (name) {
        case FileFields.FILENAME -> filename = FileFields.filename(json.path(), json.string());
        case FileFields.PURPOSE -> purpose = json.string();
        case FileFields.BYTES -> bytes = json.integer(1, Long.MAX_VALUE);
        case FileFields.EXPIRES -> seconds = json.isNull() ? null : FileFields.expiry(json);
        case "mime_type" -> {
          if (!upload) {
            throw json.unknownField(FIELDS);
          }
          var _ = json.text("a media type"); // nothing depends on it
        }
        default -> throw json.unknownField(upload ? FIELDS + ", mime_type" : FIELDS);
      }
    }
  }
}
