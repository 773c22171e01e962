package dev.pilotlight.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyTest {
  /// 32 bytes 0 to 31; the checksum was computed by Python's zlib.crc32.
  private static final String KNOWN = "pl_acme-1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh83EUqQL";

  private static ApiKey parsed(String text) {
    return Objects.requireNonNull(ApiKey.parse(text));
  }

  @Test
  void aNewKeyNamesItsTenantAndIsRead() {
    SecureRandom random = new SecureRandom();
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      String text = ApiKey.create("acme-1", random);
      assertThat(text).matches("pl_acme-1_[A-Za-z0-9_-]{43}[A-Za-z0-9]{6}");
      assertThat(parsed(text).tenant()).isEqualTo("acme-1");
      keys.add(text);
    }
    assertThat(keys).hasSize(1_000);
  }

  @Test
  void aKnownKeyIsRead() {
    assertThat(parsed(KNOWN).tenant()).isEqualTo("acme-1");
  }

  @Test
  void theDigestIsTheWholeKeysAndItsStartTheId() throws Exception {
    ApiKey key = parsed(KNOWN);
    byte[] sha =
        MessageDigest.getInstance("SHA-256").digest(KNOWN.getBytes(StandardCharsets.US_ASCII));
    assertThat(key.digest()).isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(sha));
    assertThat(key.id()).isEqualTo(key.digest().substring(0, 8));
  }

  @Test
  void itsTextNeverShowsTheSecret() {
    String shown = parsed(KNOWN).toString();
    assertThat(shown).contains("acme-1");
    assertThat(shown).doesNotContain(KNOWN.substring(10, 20));
  }

  /// Each position of a key takes part in the checksum.
  @Test
  void aKeyWithOneOtherCharacterIsMalformed() {
    for (int i = 0; i < KNOWN.length(); i++) {
      for (char other : new char[] {'x', '0', '_', 'Z', ' ', 'é', '\u0130'}) {
        if (KNOWN.charAt(i) != other) {
          String wrong = KNOWN.substring(0, i) + other + KNOWN.substring(i + 1);
          assertThat(ApiKey.parse(wrong)).as(wrong).isNull();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "pl_",
        "pl__",
        "pl",
        "sk-1234567890",
        "pl_acme-1_",
        "pl_acme-1",
        "PL_acme-1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh83EUqQL",
        "pl_acme-1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh83EUqQ",
        "pl_acme-1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh83EUqQL0",
        "pl_acme-1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh83EUqQL,x",
        " pl_acme-1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh83EUqQL",
      })
  void anythingElseIsMalformed(String text) {
    assertThat(ApiKey.parse(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "A", "a_b", "a.b", "ä", "a b", "a/b"})
  void aWrongNameOfATenantIsRefused(String name) {
    assertThat(ApiKey.isTenant(name)).isFalse();
    SecureRandom random = new SecureRandom();
    assertThatThrownBy(() -> ApiKey.create(name, random)).hasMessageContaining("accepted");
  }

  @Test
  void namesOfTenantsHaveUpToFortyCharacters() {
    assertThat(ApiKey.isTenant("a".repeat(40))).isTrue();
    assertThat(ApiKey.isTenant("a".repeat(41))).isFalse();
    assertThat(ApiKey.isTenant("7-up")).isTrue();
  }
}
