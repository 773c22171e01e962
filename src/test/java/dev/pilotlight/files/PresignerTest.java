package dev.pilotlight.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

final class PresignerTest {
  private static final Instant TIME = Instant.parse("2013-05-24T00:00:00Z");
  private static final Presigner PRESIGNER =
      new Presigner(
          () ->
              AwsCredentialsIdentity.create(
                  "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
          "us-east-1",
          InstantSource.fixed(TIME));

  /// The example of S3's documentation, page `sigv4-query-string-auth`.
  @Test
  void theSignatureIsThatOfTheDocumentation() {
    Presigner.Signed signed =
        PRESIGNER.sign(
            SdkHttpMethod.GET,
            URI.create("https://examplebucket.s3.amazonaws.com/test.txt"),
            Map.of(),
            Duration.ofDays(1));
    assertThat(signed.url().getQuery())
        .contains("X-Amz-SignedHeaders=host")
        .endsWith(
            "X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
    assertThat(signed.expires()).isEqualTo("2013-05-25T00:00:00Z");
  }

  @Test
  void lengthAndConditionAreSigned() {
    Presigner.Signed signed =
        PRESIGNER.sign(
            SdkHttpMethod.PUT,
            URI.create("https://examplebucket.s3.amazonaws.com/.pilotlight/files/a%3Ab"),
            Map.of("content-length", "9", "if-none-match", "*"),
            Duration.ofHours(1));
    assertThat(signed.url().getRawPath()).isEqualTo("/.pilotlight/files/a%3Ab");
    assertThat(signed.url().getQuery())
        .contains("X-Amz-SignedHeaders=content-length;host;if-none-match");
  }
}
