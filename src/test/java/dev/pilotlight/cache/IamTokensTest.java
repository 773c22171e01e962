package dev.pilotlight.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisCredentials;
import redis.clients.jedis.exceptions.JedisConnectionException;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/// The expected tokens were computed by botocore 1.43.11, another implementation of the signature:
/// its `SigV4QueryAuth(credentials, "elasticache", region, expires=900)` over `GET
/// http://<name>/?Action=connect&User=…[&ResourceType=ServerlessCache]`, with its clock fixed. It
/// orders the parameters otherwise, which no signature covers.
final class IamTokensTest {
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final AwsCredentialsIdentity LASTING =
      AwsCredentialsIdentity.create("AKIDEXAMPLE", SECRET);
  private static final AwsCredentialsIdentity SESSION =
      AwsSessionCredentialsIdentity.create("ASIDEXAMPLE", SECRET, "IQoJb3/+a==&x=1 ?~*é%2F");
  private static final IamCache CACHE = new IamCache(true, "pilotlight-cache");

  private Instant now = Instant.parse("2026-11-23T21:00:00Z");
  private AwsCredentialsIdentity identity = LASTING;

  @Test
  void signsServerlessTokenLikeAnotherSigner() {
    assertSame(
        token(CACHE, "pilotlight", "eu-west-1"),
        "pilotlight-cache/?Action=connect&User=pilotlight&ResourceType=ServerlessCache"
            + "&X-Amz-Algorithm=AWS4-HMAC-SHA256"
            + "&X-Amz-Credential=AKIDEXAMPLE%2F20261123%2Feu-west-1%2Felasticache%2Faws4_request"
            + "&X-Amz-Date=20261123T210000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host"
            + "&X-Amz-Signature="
            + "0d4c1deb029004f3adefb4ff3fdc098dcc3451a19325726e1cbf9e74c78d30df");
  }

  @Test
  void signsReplicationGroupTokenWithSpecialCharactersInSessionToken() {
    now = Instant.parse("2026-01-02T03:04:05Z");
    identity = SESSION;
    assertSame(
        token(new IamCache(false, "results"), "pilot", "us-east-1"),
        "results/?Action=connect&User=pilot&X-Amz-Algorithm=AWS4-HMAC-SHA256"
            + "&X-Amz-Credential=ASIDEXAMPLE%2F20260102%2Fus-east-1%2Felasticache%2Faws4_request"
            + "&X-Amz-Date=20260102T030405Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host"
            + "&X-Amz-Security-Token=IQoJb3%2F%2Ba%3D%3D%26x%3D1%20%3F~%2A%C3%A9%252F"
            + "&X-Amz-Signature="
            + "6b0fa98448a737d6c6a4d3f1841463d29219935e4fb232c8119b9ecbdbe5599e");
  }

  @Test
  void signsTokenOfAUserWithSpecialCharacters() {
    now = Instant.parse("2024-02-29T23:59:59Z");
    identity = SESSION;
    assertSame(
        token(CACHE, "pi lot+~*/é", "eu-west-1"),
        "pilotlight-cache/?Action=connect&User=pi%20lot%2B~%2A%2F%C3%A9"
            + "&ResourceType=ServerlessCache&X-Amz-Algorithm=AWS4-HMAC-SHA256"
            + "&X-Amz-Credential=ASIDEXAMPLE%2F20240229%2Feu-west-1%2Felasticache%2Faws4_request"
            + "&X-Amz-Date=20240229T235959Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host"
            + "&X-Amz-Security-Token=IQoJb3%2F%2Ba%3D%3D%26x%3D1%20%3F~%2A%C3%A9%252F"
            + "&X-Amz-Signature="
            + "2cb68f46fb418d6963117548fffd6e58c483acf67645354329e70caecd28729c");
  }

  @Test
  void aTokenIsReusedForTenOfItsFifteenMinutes() {
    IamTokens tokens = tokens(CACHE, "u", "eu-west-1");
    RedisCredentials first = tokens.get();
    pass(Duration.ofMinutes(10).minusMillis(1));
    assertThat(tokens.get()).isSameAs(first);
    pass(Duration.ofMillis(1));
    assertThat(text(tokens.get())).isNotEqualTo(text(first));
    assertThat(first.getUser()).isEqualTo("u");
  }

  @Test
  void aTokenExpiresWithTheCredentialsThatSignedIt() {
    identity =
        AwsSessionCredentials.builder()
            .accessKeyId("ASIDEXAMPLE")
            .secretAccessKey(SECRET)
            .sessionToken("t")
            .expirationTime(now.plus(Duration.ofMinutes(5)))
            .build();
    IamTokens tokens = tokens(CACHE, "u", "eu-west-1");
    RedisCredentials first = tokens.get();
    pass(Duration.ofMinutes(4).minusMillis(1));
    assertThat(tokens.get()).isSameAs(first);
    identity = SESSION;
    pass(Duration.ofMillis(1));
    assertThat(text(tokens.get())).contains("IQoJb3");
  }

  @Test
  void aRefusedTokenIsNotReused() {
    IamTokens tokens = tokens(CACHE, "u", "eu-west-1");
    RedisCredentials first = tokens.get();
    tokens.invalidate();
    pass(Duration.ofSeconds(1));
    assertThat(text(tokens.get())).isNotEqualTo(text(first));
  }

  @Test
  void missingCredentialsFailUntilTheyAreThere() {
    List<AwsCredentialsIdentity> there = new ArrayList<>();
    AwsIdentity aws =
        new AwsIdentity(
            Optional.of("eu-west-1"),
            () -> {
              if (there.isEmpty()) {
                throw SdkClientException.create("none");
              }
              return there.getFirst();
            });
    IamTokens tokens = new IamTokens(CACHE, "u", aws, () -> now);
    assertThatThrownBy(tokens::get)
        .isInstanceOf(JedisConnectionException.class)
        .hasMessage("no AWS credentials for an IAM token");
    there.add(SESSION);
    assertThat(text(tokens.get())).contains("ASIDEXAMPLE");
  }

  @Test
  void aMissingRegionIsRefused() {
    assertThatThrownBy(() -> new IamTokens(CACHE, "u", LoggedTier.NO_AWS, InstantSource.system()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("PILOTLIGHT_REDIS_IAM needs AWS_REGION");
  }

  private static void assertSame(String token, String expected) {
    assertThat(prefix(token)).isEqualTo(prefix(expected));
    assertThat(parameters(token)).containsExactlyInAnyOrderElementsOf(parameters(expected));
  }

  private static String prefix(String token) {
    return token.substring(0, token.indexOf('?'));
  }

  private static List<String> parameters(String token) {
    return List.of(token.substring(token.indexOf('?') + 1).split("&", -1));
  }

  private String token(IamCache cache, String user, String region) {
    return text(tokens(cache, user, region).get());
  }

  private IamTokens tokens(IamCache cache, String user, String region) {
    return new IamTokens(
        cache, user, new AwsIdentity(Optional.of(region), () -> identity), () -> now);
  }

  private static String text(RedisCredentials credentials) {
    return String.valueOf(credentials.getPassword());
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }
}
