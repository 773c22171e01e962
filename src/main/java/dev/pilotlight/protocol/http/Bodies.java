package dev.pilotlight.protocol.http;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.protocol.json.Text;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/// Request bodies out of their encodings, response bodies into them; both within limits.
public final class Bodies {
  static final String BODY = "body";
  private static final String CONTENT_ENCODING = "content-encoding";
  private static final String GZIP = "gzip";
  private static final String DEFLATE = "deflate";
  private static final int ZLIB_METHOD = 8;
  private static final int ZLIB_CHECK = 31;

  private final int requestBytesMax;
  private final int gzipBytesMin;

  public Bodies(ProtocolSettings settings) {
    requestBytesMax = settings.requestBytesMax();
    gzipBytesMin = settings.gzipBytesMin();
  }

  /// The request with its body as the client meant it.
  ///
  /// @throws Refusal INVALID for a malformed event, wrong base64 or a broken encoding, TOO_LARGE
  ///   also for what is too large once decompressed, UNSUPPORTED_MEDIA_TYPE for other encodings
  public HttpRequest read(LambdaEvents.Incoming incoming) {
    if (incoming.malformed().isPresent()) {
      throw incoming.malformed().get();
    }
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
              case DEFLATE -> sent.length == 0 ? sent : inflated(sent);
              default ->
                  throw Refusal.of(
                      Reason.UNSUPPORTED_MEDIA_TYPE,
                      CONTENT_ENCODING,
                      "content-encoding is '%s'; accepted: gzip, deflate, identity"
                          .formatted(Text.shortened(encoding)));
            });
  }

  /// The response as it goes out: compressed where the client accepts it and it pays. Binary
  /// tensors are left alone: compression saves little of them.
  public HttpResponse finish(HttpResponse response, HttpRequest request) {
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
      return bounded(in);
    } catch (IOException e) {
      throw Refusal.invalid(BODY, "content-encoding is gzip, but the body is not valid gzip");
    }
  }

  /// HTTP means zlib's form; many clients send the bare one.
  private byte[] inflated(byte[] sent) {
    Inflater inflater = new Inflater(!isZlib(sent));
    ByteArrayInputStream source = new ByteArrayInputStream(sent);
    try (InflaterInputStream in = new InflaterInputStream(source, inflater)) {
      byte[] plain = bounded(in);
      if (!inflater.finished() || inflater.getRemaining() + source.available() > 0) {
        throw new IOException("it is cut off, or goes on");
      }
      return plain;
    } catch (IOException e) {
      throw Refusal.invalid(BODY, "content-encoding is deflate, but the body is not valid deflate");
    } finally {
      inflater.end();
    }
  }

  private static boolean isZlib(byte[] sent) {
    return sent.length > 1
        && (sent[0] & 0xf) == ZLIB_METHOD
        && ((sent[0] & 0xff) << 8 | (sent[1] & 0xff)) % ZLIB_CHECK == 0;
  }

  private byte[] bounded(InputStream in) throws IOException {
    byte[] plain = in.readNBytes(requestBytesMax + 1);
    if (plain.length > requestBytesMax) {
      throw tooLarge("decompressed, the body has more than " + requestBytesMax);
    }
    return plain;
  }

  private Refusal tooLarge(String found) {
    return Refusal.tooLarge(
        BODY,
        "%s bytes; accepted: up to %d, also once decompressed; larger work goes through a batch"
            .formatted(found, requestBytesMax));
  }
}
