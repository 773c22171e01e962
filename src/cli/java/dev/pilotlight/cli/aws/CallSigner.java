package dev.pilotlight.cli.aws;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/// Signs requests to an API of a stack with `Auth=iam`. Thread-safe.
///
/// @param service `execute-api`, or `lambda` for a function's URL
public record CallSigner(
    AwsCredentialsProvider credentials, String service, String region, Clock clock) {
  private static final Pattern API =
      Pattern.compile("[^.]+\\.execute-api\\.([a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?");
  private static final Pattern FUNCTION_URL =
      Pattern.compile("[^.]+\\.lambda-url\\.([a-z0-9-]+)\\.on\\.aws");

  /// A signer with the credentials of the process.
  ///
  /// @param region for an API with a custom domain; other hosts contain their region
  /// @return empty if neither the host nor `region` names a region
  public static Optional<CallSigner> ofProcess(String host, Optional<String> region) {
    Matcher api = API.matcher(host);
    Matcher function = FUNCTION_URL.matcher(host);
    boolean isFunction = function.matches();
    Optional<String> named =
        api.matches()
            ? Optional.of(api.group(1))
            : isFunction ? Optional.of(function.group(1)) : region;
    return named.map(
        each ->
            new CallSigner(
                DefaultCredentialsProvider.builder().build(),
                isFunction ? "lambda" : "execute-api",
                each,
                Clock.systemUTC()));
  }

  /// Adds the headers of the signature to a request.
  ///
  /// @param body the whole body
  /// @throws software.amazon.awssdk.core.exception.SdkException without credentials
  public void sign(HttpRequest.Builder request, String method, URI uri, byte[] body) {
    SignRequest<AwsCredentialsIdentity> asked =
        SignRequest.builder((AwsCredentialsIdentity) credentials.resolveCredentials())
            .request(
                SdkHttpRequest.builder().method(SdkHttpMethod.fromValue(method)).uri(uri).build())
            .payload(() -> new ByteArrayInputStream(body))
            .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
            .putProperty(AwsV4HttpSigner.REGION_NAME, region)
            .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, clock)
            .build();
    SignedHeaders.copy(AwsV4HttpSigner.create().sign(asked).request(), request);
  }
}
