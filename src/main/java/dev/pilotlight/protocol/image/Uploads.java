package dev.pilotlight.protocol.image;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.image.ImageFormat;
import dev.pilotlight.protocol.form.FormScanner;
import dev.pilotlight.protocol.form.HeaderParameters;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.MediaTypes;
import dev.pilotlight.protocol.json.Text;
import java.util.Optional;
import java.util.Set;

/// Reads images that requests send as bytes: as their body, or as the file of a form.
public final class Uploads {
  /// The media types of a route that takes JSON and images, for refusals.
  public static final String ACCEPTED_TYPES =
      HttpResponse.JSON
          + "; for an image image/jpeg, image/png, application/octet-stream, or "
          + FormScanner.TYPE;

  private static final String ACCEPTED = "a JPEG or PNG file";
  private static final String IMAGES = "image/";
  private static final String SAGEMAKER = "application/x-image";

  /// Declared types that leave the format open.
  private static final Set<String> OPEN = Set.of("", MediaTypes.OCTETS, SAGEMAKER, "image/*");

  private Uploads() {}

  /// The image of a request; empty if the request does not send one as bytes. Without a
  /// `content-type` the first bytes decide.
  ///
  /// @throws Refusal INVALID or EMPTY for a form that is not one file; as [#image]
  public static Optional<Item.Image> read(HttpRequest request) {
    String type = MediaTypes.type(request);
    if (type.equals(FormScanner.TYPE)) {
      String header = request.header(HttpResponse.CONTENT_TYPE).orElse("");
      FormFile file = FormReader.read(header, request.body());
      String declared = HeaderParameters.value(file.contentType());
      return Optional.of(image(file.name(), declared, file.data()));
    }
    boolean sends =
        type.isEmpty()
            ? ImageFormat.of(request.body()).isPresent()
            : type.startsWith(IMAGES) || OPEN.contains(type);
    return sends ? Optional.of(image("body", type, request.body())) : Optional.empty();
  }

  /// Checks that bytes begin as a JPEG or PNG file, and as the declared type.
  ///
  /// @param field of the image in the request
  /// @param declared media type in lower case; empty if none is declared
  /// @throws Refusal EMPTY without bytes; UNSUPPORTED_MEDIA_TYPE for another format, and for a
  ///   declared type that is not that of the bytes
  public static Item.Image image(String field, String declared, byte[] bytes) {
    if (bytes.length == 0) {
      throw Refusal.empty(field, "%s is empty; accepted: %s".formatted(field, ACCEPTED));
    }
    ImageFormat format = ImageFormat.of(bytes).orElse(null);
    if (format == null) {
      throw unsupported(
          field, "%s is not of a known image format; accepted: %s".formatted(field, ACCEPTED));
    }
    if (!format.isAccepted()) {
      throw unsupported(
          field, "%s is a %s file; accepted: %s".formatted(field, format.label(), ACCEPTED));
    }
    if (!OPEN.contains(declared) && !isOf(format, declared)) {
      throw unsupported(
          field,
          "%s is a %s file, but its type is declared as '%s'; accepted: the type of the bytes, %s"
              .formatted(field, format.label(), Text.shorten(declared), mediaType(format)));
    }
    return new Item.Image(bytes);
  }

  private static String mediaType(ImageFormat accepted) {
    return accepted == ImageFormat.JPEG ? "image/jpeg" : "image/png";
  }

  private static boolean isOf(ImageFormat format, String declared) {
    return declared.equals(mediaType(format))
        || (format == ImageFormat.JPEG && declared.equals("image/jpg"));
  }

  private static Refusal unsupported(String field, String message) {
    return Refusal.of(Reason.UNSUPPORTED_MEDIA_TYPE, field, message);
  }
}
