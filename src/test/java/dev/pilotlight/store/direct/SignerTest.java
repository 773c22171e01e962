package dev.pilotlight.store.direct;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class SignerTest {
  private static final Signer SIGNER = new Signer("dynamodb.eu-west-1.amazonaws.com", "eu-west-1");
  private static final Instant EVENING = Instant.parse("2026-11-29T23:59:59.999Z");

  @Test
  void hmacIsJavas() throws Exception {
    Random random = new Random(1);
    for (int length : new int[] {1, 31, 32, 63, 64, 65, 200}) {
      byte[] key = new byte[length];
      random.nextBytes(key);
      Hmac hmac = new Hmac(key);
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      for (int i = 0; i < 100; i += 33) {
        byte[] message = new byte[i];
        random.nextBytes(message);
        assertThat(hmac.of(message)).isEqualTo(mac.doFinal(message));
      }
    }
  }

  @Test
  void keysChangeWithTheDayAndTheCredentials() {
    Credentials one = new Credentials("id", "secret", null);
    String evening = signed(one, EVENING);
    assertThat(evening)
        .contains(
            "X-Amz-Date: 20261129T235959Z\r\n", "id/20261129/eu-west-1/dynamodb/aws4_request");
    String morning = signed(one, EVENING.plusMillis(1));
    assertThat(morning).contains("X-Amz-Date: 20261130T000000Z\r\n", "id/20261130/");
    assertThat(signed(new Credentials("id", "other", null), EVENING)).isNotEqualTo(evening);
    assertThat(signed(new Credentials("id", "secret", "token"), EVENING))
        .isNotEqualTo(evening)
        .contains("X-Amz-Security-Token: token\r\n");
    assertThat(signed(one, EVENING)).isEqualTo(evening);
    assertThat(signed(one, Instant.parse("2026-01-02T03:04:05Z")))
        .contains("X-Amz-Date: 20260102T030405Z\r\n");
  }

  @Test
  void credentialsDoNotShowTheirSecret() {
    assertThat(new Credentials("id", "secret", "token").toString())
        .contains("id")
        .doesNotContain("secret", "token");
  }

  private static String signed(Credentials credentials, Instant now) {
    byte[] body = "{} unused".getBytes(ISO_8859_1);
    return new String(
        SIGNER.signed("DynamoDB_20120810.GetItem", body, 2, credentials, now), ISO_8859_1);
  }
}
