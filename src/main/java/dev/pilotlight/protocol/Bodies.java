package dev.pilotlight.protocol;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/// Request bodies out of their encodings, response bodies into them; both within limits.
public final class Bodies {
  static final String BODY = "body";
  private static final String CONTENT_ENCODING = "content-encoding";
  private static final String GZIP = "gzip";

  private final int requestBytesMax;
  private final int gzipBytesMin;

  public Bodies(ProtocolSettings settings) {
    requestBytesMax = settings.requestBytesMax();
    gzipBytesMin = settings.gzipBytesMin();
  }

  /// The request with its body as the client meant it.
  ///
  /// @throws Refusal INVALID for wrong base64 or broken gzip, TOO_LARGE also for what is too large
  ///   once decompressed, UNSUPPORTED_MEDIA_TYPE for encodings other than gzip
  public HttpRequest read(LambdaEvents.Incoming incoming) {
    byte[] sent = sent(incoming);
    if (sent.length > requestBytesMax) {
      throw tooLarge("the body has " + sent.length);
    }
    String encoding =
        incoming.head().header(CONTENT_ENCODING).orElse("").strip().toLowerCase(Locale.ROOT);
    return incoming
        .head()
        .withBody(
            switch (encoding) {
              case "", "identity" -> sent;
              case GZIP, "x-gzip" -> sent.length == 0 ? sent : gunzipped(sent);
              default ->
                  throw Refusal.of(
                      Reason.UNSUPPORTED_MEDIA_TYPE,
                      CONTENT_ENCODING,
                      "content-encoding is '%s'; accepted: gzip, identity"
                          .formatted(Text.shortened(encoding)));
            });
  }

  /// The response as it goes out: without body for `HEAD`, compressed where the client accepts it
  /// and it pays. Binary tensors are left alone: compression saves little of them.
  public HttpResponse finish(HttpResponse response, HttpRequest request) {
    if (request.method().equals("HEAD")) {
      return response.withBody(new byte[0], false);
    }
    if (response.binary() || response.body().length < gzipBytesMin) {
      return response;
    }
    HttpResponse varying = response.with("vary", "accept-encoding");
    return acceptsGzip(request)
        ? varying.withBody(Gzip.compressed(response.body()), true).with(CONTENT_ENCODING, GZIP)
        : varying;
  }

  /// Whether the client takes gzip and does not like the plain form better.
  public static boolean acceptsGzip(HttpRequest request) {
    return AcceptEncoding.prefersGzip(request.header("accept-encoding").orElse(""));
  }

  private static byte[] sent(LambdaEvents.Incoming incoming) {
    String body = incoming.body();
    if (incoming.base64()) {
      try {
        return Base64.getDecoder().decode(body);
      } catch (IllegalArgumentException e) {
        throw Refusal.invalid(BODY, "the event's body is not valid base64");
      }
    }
    if (!Text.isWellFormed(body)) {
      throw Refusal.invalid(BODY, "the body is not Unicode text");
    }
    return body.getBytes(StandardCharsets.UTF_8);
  }

  private byte[] gunzipped(byte[] sent) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(sent))) {
      byte[] plain = in.readNBytes(requestBytesMax + 1);
      if (plain.length > requestBytesMax) {
        throw tooLarge("decompressed, the body has more than " + requestBytesMax);
      }
      return plain;
    } catch (IOException e) {
      throw Refusal.invalid(BODY, "content-encoding is gzip, but the body is not valid gzip");
    }
  }

  private Refusal tooLarge(String found) {
    return Refusal.tooLarge(
        BODY,
        "%s bytes; accepted: up to %d, also once decompressed; larger work goes through a batch"
            .formatted(found, requestBytesMax));
  }
}
