package dev.pilotlight.cache;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultRedisCredentials;
import redis.clients.jedis.RedisCredentials;
import redis.clients.jedis.exceptions.JedisConnectionException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/// Passwords of an ElastiCache user that authenticates by IAM. A password is a signed request to
/// connect. It is valid for 15 minutes, and reused for 10.
///
/// Source: <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html>. Thread-safe.
final class IamTokens implements Supplier<RedisCredentials> {
  private static final Duration VALID = Duration.ofMinutes(15);
  private static final Duration REUSED = Duration.ofMinutes(10);

  /// A token expires with the credentials that signed it.
  private static final Duration BEFORE_CREDENTIALS_EXPIRE = Duration.ofMinutes(1);

  private static final String SERVICE = "elasticache";
  private static final String SCHEME = "http://";

  private record Token(RedisCredentials credentials, Instant end) {}

  private final IamCache cache;
  private final String user;
  private final String region;
  private final Supplier<? extends AwsCredentialsIdentity> identity;
  private final InstantSource clock;
  private @Nullable Token current;

  /// @throws IllegalArgumentException if no region is configured
  IamTokens(IamCache cache, String user, AwsIdentity aws, InstantSource clock) {
    this.cache = cache;
    this.user = user;
    this.region =
        aws.region()
            .orElseThrow(
                () -> new IllegalArgumentException("PILOTLIGHT_REDIS_IAM needs AWS_REGION"));
    this.identity = aws.credentials();
    this.clock = clock;
  }

  /// User and token, valid for 5 more minutes at least.
  ///
  /// @throws JedisConnectionException if there are no AWS credentials
  @Override
  public synchronized RedisCredentials get() {
    Instant now = clock.instant();
    Token token = current;
    if (token == null || !now.isBefore(token.end())) {
      token = sign(now);
      current = token;
    }
    return token.credentials();
  }

  /// After the server refused the token: the next connection gets a new one.
  synchronized void invalidate() {
    current = null;
  }

  private Token sign(Instant now) {
    try {
      AwsCredentialsIdentity signer = identity.get();
      Instant end = now.plus(REUSED);
      Instant signerEnd =
          signer.expirationTime().map(at -> at.minus(BEFORE_CREDENTIALS_EXPIRE)).orElse(end);
      return new Token(
          new DefaultRedisCredentials(user, token(signer, now)),
          signerEnd.isBefore(end) ? signerEnd : end);
    } catch (SdkException e) {
      throw new JedisConnectionException("no AWS credentials for an IAM token", e);
    }
  }

  private String token(AwsCredentialsIdentity signer, Instant now) {
    SdkHttpRequest.Builder connect =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.GET)
            .protocol("http")
            .host(cache.name())
            .encodedPath("/")
            .putRawQueryParameter("Action", "connect")
            .putRawQueryParameter("User", user);
    if (cache.serverless()) {
      connect.putRawQueryParameter("ResourceType", "ServerlessCache");
    }
    SignRequest<AwsCredentialsIdentity> request =
        SignRequest.builder(signer)
            .request(connect.build())
            .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
            .putProperty(AwsV4HttpSigner.REGION_NAME, region)
            .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
            .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, VALID)
            .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC))
            .build();
    SdkHttpRequest signed = AwsV4HttpSigner.create().sign(request).request();
    return signed.getUri().toString().substring(SCHEME.length());
  }
}
