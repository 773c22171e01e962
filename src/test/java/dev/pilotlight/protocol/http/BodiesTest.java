package dev.pilotlight.protocol.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.protocol.http.LambdaEvents.Format;
import dev.pilotlight.protocol.http.LambdaEvents.Incoming;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodiesTest {
  private static final int REQUEST_BYTES_MAX = 4096;
  private static final int GZIP_BYTES_MIN = 1000;
  private static final Bodies BODIES =
      new Bodies(
          new ProtocolSettings(REQUEST_BYTES_MAX, 100_000, GZIP_BYTES_MIN, UnknownFields.IGNORE));

  private static Incoming incoming(String encoding, byte[] body) {
    return incoming(encoding, Base64.getEncoder().encodeToString(body), true);
  }

  private static Incoming incoming(String encoding, String body, boolean base64) {
    Map<String, String> headers =
        encoding.isEmpty() ? Map.of() : Map.of("content-encoding", encoding);
    return new Incoming(
        Format.HTTP_API_V2,
        Requests.of("POST", "/v1/embeddings", headers, ""),
        body,
        base64,
        Optional.empty());
  }

  private static Refusal refused(Incoming incoming) {
    return Requests.refusal(() -> BODIES.read(incoming));
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream sink = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(sink)) {
      out.write(plain);
    }
    return sink.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "GZIP", "x-gzip", " gzip "})
  void aGzipBodyIsUnpacked(String encoding) throws IOException {
    byte[] plain = "hello".repeat(100).getBytes(UTF_8);
    assertThat(BODIES.read(incoming(encoding, gzip(plain))).body()).isEqualTo(plain);
  }

  @Test
  void aPlainBodyIsTakenAsItIs() {
    assertThat(BODIES.read(incoming("", "ä", false)).body()).isEqualTo("ä".getBytes(UTF_8));
    assertThat(BODIES.read(incoming("identity", "ä", false)).body()).hasSize(2);
  }

  @Test
  void theLimitHoldsBeforeAndAfterDecompression() throws IOException {
    byte[] largest = new byte[REQUEST_BYTES_MAX];
    byte[] over = new byte[REQUEST_BYTES_MAX + 1];
    assertThat(BODIES.read(incoming("", largest)).body()).hasSize(REQUEST_BYTES_MAX);
    assertThat(BODIES.read(incoming("gzip", gzip(largest))).body()).hasSize(REQUEST_BYTES_MAX);
    assertThat(refused(incoming("", over)).reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(refused(incoming("gzip", gzip(over))).reason()).isEqualTo(Reason.TOO_LARGE);
  }

  @Test
  void aGzipBombIsRefusedWithoutUnpackingIt() throws IOException {
    byte[] bomb = gzip(new byte[3_000_000]);
    assertThat(bomb.length).isLessThan(REQUEST_BYTES_MAX);
    Refusal refusal = refused(incoming("gzip", bomb));
    assertThat(refusal.reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(refusal.message()).contains("4096", "batch");
  }

  @Test
  void brokenGzipIsRefused() throws IOException {
    byte[] good = gzip("hello".repeat(50).getBytes(UTF_8));
    byte[] badSum = good.clone();
    badSum[good.length - 6] ^= 1;
    byte[] noise = {1, 2, 3};
    byte[] cutOff = Arrays.copyOf(good, good.length - 9);
    for (byte[] body : new byte[][] {noise, cutOff, badSum}) {
      Refusal refusal = refused(incoming("gzip", body));
      assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
      assertThat(refusal.message()).contains("not valid gzip");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "gzip, gzip", "gzip, deflate", "zstd"})
  void otherEncodingsAreRefused(String encoding) {
    Refusal refusal = refused(incoming(encoding, new byte[1]));
    assertThat(refusal.reason()).isEqualTo(Reason.UNSUPPORTED_MEDIA_TYPE);
    assertThat(refusal.message()).contains(encoding, "accepted: gzip, deflate, identity");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"model\":1}", "AAA=A", "ä", "A", "QUJD\nREVG"})
  void wrongBase64IsRefused(String body) {
    Refusal refusal = refused(incoming("", body, true));
    assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
    assertThat(refusal.message()).contains("base64");
  }

  @Test
  void textThatIsNotUnicodeIsRefused() {
    assertThat(refused(incoming("", "a\ud800b", false)).reason()).isEqualTo(Reason.INVALID);
  }

  @Test
  void largeResponseIsCompressedIfTheClientAcceptsGzip() throws IOException {
    byte[] body = "0.12345,".repeat(GZIP_BYTES_MIN).getBytes(UTF_8);
    HttpResponse response =
        BODIES.finish(HttpResponse.json(200, body), Requests.withHeader("accept-encoding", "gzip"));
    assertThat(response.headers())
        .containsEntry("content-encoding", "gzip")
        .containsEntry("vary", "accept-encoding")
        .containsEntry("content-type", "application/json");
    assertThat(response.binary()).isTrue();
    assertThat(response.body().length).isLessThan(body.length / 10);
    try (var in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
      assertThat(in.readAllBytes()).isEqualTo(body);
    }
  }

  @Test
  void smallAndBinaryResponsesAreNotCompressed() {
    HttpRequest request = Requests.withHeader("accept-encoding", "gzip");
    HttpResponse small = HttpResponse.json(200, new byte[GZIP_BYTES_MIN - 1]);
    HttpResponse tensors = new HttpResponse(200, Map.of(), new byte[GZIP_BYTES_MIN], true);
    assertThat(BODIES.finish(small, request)).isSameAs(small);
    assertThat(BODIES.finish(tensors, request)).isSameAs(tensors);
  }

  @Test
  void plainResponseWithoutAcceptEncodingHasVary() {
    HttpResponse response =
        BODIES.finish(
            HttpResponse.json(200, new byte[GZIP_BYTES_MIN]), Requests.of("GET", "/v1/models"));
    assertThat(response.headers()).containsEntry("vary", "accept-encoding");
    assertThat(response.headers()).doesNotContainKey("content-encoding");
    assertThat(response.binary()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                              | false",
        "gzip                            | true",
        "GZIP                            | true",
        "x-gzip                          | true",
        "gzip, deflate, br               | true",
        "deflate, gzip;q=0.5             | true",
        "gzip;q=0                        | false",
        "gzip; q=0.0                     | false",
        "gzip;q=0.5, identity;q=0.8      | false",
        "gzip;q=0.8, identity;q=0.5      | true",
        "*                               | true",
        "*;q=0                           | false",
        "*, gzip;q=0                     | false",
        "identity, *;q=0                 | false",
        "gzip;q=1, *;q=0                 | true",
        "br                              | false",
        "gzip;q=x                        | false",
        "gzippy                          | false",
        ",;,                             | false",
      })
  void acceptEncodingIsReadWithItsWeights(String header, boolean gzip) {
    assertThat(Bodies.acceptsGzip(Requests.withHeader("accept-encoding", header))).isEqualTo(gzip);
  }
}
