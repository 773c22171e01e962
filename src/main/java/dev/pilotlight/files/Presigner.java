package dev.pilotlight.files;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/// Creates pre-signed URLs that read or write one S3 object. Thread-safe.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>
final class Presigner {
  private static final String SERVICE = "s3";

  private final Supplier<? extends AwsCredentialsIdentity> identity;
  private final String region;
  private final InstantSource clock;

  /// A URL, and when it expires: no later than the credentials.
  record Signed(URI url, Instant expires) {}

  Presigner(
      Supplier<? extends AwsCredentialsIdentity> identity, String region, InstantSource clock) {
    this.identity = identity;
    this.region = region;
    this.clock = clock;
  }

  /// Signs a request.
  ///
  /// @param url with its query
  /// @param headers that the request must have, exactly
  /// @throws software.amazon.awssdk.core.exception.SdkException without credentials
  Signed sign(SdkHttpMethod method, URI url, Map<String, String> headers, Duration valid) {
    SdkHttpRequest.Builder request = SdkHttpRequest.builder().method(method).uri(url);
    headers.forEach(request::putHeader);
    Instant now = clock.instant();
    AwsCredentialsIdentity signer = identity.get();
    SignRequest<AwsCredentialsIdentity> asked =
        SignRequest.builder(signer)
            .request(request.build())
            .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
            .putProperty(AwsV4HttpSigner.REGION_NAME, region)
            .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
            .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, valid)
            .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
            .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
            .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false)
            .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC))
            .build();
    URI signed = AwsV4HttpSigner.create().sign(asked).request().getUri();
    Instant end = now.plus(valid);
    Instant last = signer.expirationTime().filter(end::isAfter).orElse(end);
    return new Signed(signed, last);
  }
}
