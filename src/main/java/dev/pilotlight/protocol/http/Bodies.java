package dev.pilotlight.protocol.http;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.protocol.json.Text;
import dev.pilotlight.support.Utf8;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/// Decodes request bodies and encodes response bodies, both within limits.
public final class Bodies {
  static final String BODY = "body";
  private static final String CONTENT_ENCODING = "content-encoding";
  private static final String GZIP = "gzip";
  private static final String DEFLATE = "deflate";
  private static final int ZLIB_METHOD = 8;
  private static final int ZLIB_CHECK = 31;
  private static final int GZIP_BUFFER_BYTES = 8192;
  private static final double UNSET = -1;

  private final int requestBytesMax;
  private final int gzipBytesMin;

  public Bodies(ProtocolSettings settings) {
    requestBytesMax = settings.requestBytesMax();
    gzipBytesMin = settings.gzipBytesMin();
  }

  /// Returns the request with its body decoded.
  ///
  /// @throws Refusal INVALID for a malformed event, wrong base64 or a broken encoding, TOO_LARGE
  ///   also for a body that is too large once decompressed, UNSUPPORTED_MEDIA_TYPE for other
  ///   encodings
  public HttpRequest read(LambdaEvents.Incoming incoming) {
    if (incoming.malformed().isPresent()) {
      throw incoming.malformed().get();
    }
    byte[] sent = decode(incoming);
    if (sent.length > requestBytesMax) {
      throw tooLarge("the body has " + sent.length);
    }
    String encoding =
        incoming.head().header(CONTENT_ENCODING).orElse("").strip().toLowerCase(Locale.ROOT);
    HttpRequest head = incoming.head();
    return switch (encoding) {
      case "", "identity" -> head.withBody(sent, !incoming.base64());
      case GZIP, "x-gzip" -> head.withBody(sent.length == 0 ? sent : gunzip(sent), false);
      case DEFLATE -> head.withBody(sent.length == 0 ? sent : inflate(sent), false);
      default ->
          throw Refusal.of(
              Reason.UNSUPPORTED_MEDIA_TYPE,
              CONTENT_ENCODING,
              "content-encoding is '%s'; accepted: gzip, deflate, identity"
                  .formatted(Text.shorten(encoding)));
    };
  }

  /// Compresses the response if the client accepts it and it pays. Binary tensors stay as they are:
  /// they hardly compress.
  public HttpResponse finish(HttpResponse response, HttpRequest request) {
    if (response.binary() || response.body().length < gzipBytesMin) {
      return response;
    }
    HttpResponse varying = response.with("vary", "accept-encoding");
    return acceptsGzip(request)
        ? varying.withBody(gzip(response.body()), true).with(CONTENT_ENCODING, GZIP)
        : varying;
  }

  /// Whether the client takes gzip and does not prefer the plain form, by `Accept-Encoding` and its
  /// weights (RFC 9110, 12.5.3). An unreadable header counts as absent.
  public static boolean acceptsGzip(HttpRequest request) {
    double gzip = UNSET;
    double identity = UNSET;
    double any = UNSET;
    String header = request.header("accept-encoding").orElse("");
    for (String part : header.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] pieces = part.split(";", -1);
      double weight = weight(pieces);
      switch (pieces[0].strip()) {
        case GZIP, "x-gzip" -> gzip = weight;
        case "identity" -> identity = weight;
        case "*" -> any = weight;
        default -> {}
      }
    }
    double effective = gzip == UNSET ? any : gzip;
    return effective > 0 && effective >= identity;
  }

  private static double weight(String[] pieces) {
    for (int i = 1; i < pieces.length; i++) {
      String piece = pieces[i].strip();
      if (piece.startsWith("q=")) {
        try {
          return Double.parseDouble(piece.substring(2));
        } catch (NumberFormatException e) {
          return 0;
        }
      }
    }
    return 1;
  }

  private static byte[] decode(LambdaEvents.Incoming incoming) {
    if (incoming.format() == LambdaEvents.Format.NONE) {
      return incoming.head().body();
    }
    String body = incoming.body();
    if (incoming.base64()) {
      try {
        return Base64.getDecoder().decode(body);
      } catch (IllegalArgumentException e) {
        throw Refusal.invalid(BODY, "the event's body is not valid base64");
      }
    }
    if (!Utf8.isWellFormed(body)) {
      throw Refusal.invalid(BODY, "the body is not Unicode text");
    }
    return body.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream sink = new ByteArrayOutputStream(plain.length / 2);
    try (FastGzip gzip = new FastGzip(sink)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot happen in memory", e);
    }
    return sink.toByteArray();
  }

  /// gzip at its fastest: we compress decimals, which higher levels hardly make smaller.
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, GZIP_BUFFER_BYTES);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  private byte[] gunzip(byte[] sent) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(sent))) {
      return readBounded(in);
    } catch (IOException e) {
      throw Refusal.invalid(BODY, "content-encoding is gzip, but the body is not valid gzip");
    }
  }

  /// HTTP defines deflate as zlib's form; many clients send raw deflate.
  private byte[] inflate(byte[] sent) {
    Inflater inflater = new Inflater(!isZlib(sent));
    ByteArrayInputStream source = new ByteArrayInputStream(sent);
    try (InflaterInputStream in = new InflaterInputStream(source, inflater)) {
      byte[] plain = readBounded(in);
      if (!inflater.finished() || inflater.getRemaining() + source.available() > 0) {
        throw new IOException("it is truncated, or continues");
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

  private byte[] readBounded(InputStream in) throws IOException {
    byte[] plain = in.readNBytes(requestBytesMax + 1);
    if (plain.length > requestBytesMax) {
      throw tooLarge("decompressed, the body has more than " + requestBytesMax);
    }
    return plain;
  }

  private Refusal tooLarge(String found) {
    return Refusal.tooLarge(
        BODY,
        "%s bytes; accepted: up to %d, also once decompressed; send larger work as a batch, and"
                .formatted(found, requestBytesMax)
            + " larger files to /v1/uploads or by pilotlight files upload");
  }
}
