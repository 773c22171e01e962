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

/// The passwords of an ElastiCache user that authenticates by IAM: signed requests to connect, each
/// valid for 15 minutes and used for 10, for as many connections as are opened meanwhile.
///
/// Source: <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html>. Thread-safe.
final class IamTokens implements Supplier<RedisCredentials> {
  private static final Duration VALID = Duration.ofMinutes(15);
  private static final Duration USED = Duration.ofMinutes(10);

  /// A token is worth nothing any more when the credentials that signed it have expired.
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

  /// @throws IllegalArgumentException if the region is not known
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
      token = signed(now);
      current = token;
    }
    return token.credentials();
  }

  /// The server refused it: the next connection has a new one.
  synchronized void forget() {
    current = null;
  }

  private Token signed(Instant now) {
    try {
      AwsCredentialsIdentity signer = identity.get();
      Instant end = now.plus(USED);
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
