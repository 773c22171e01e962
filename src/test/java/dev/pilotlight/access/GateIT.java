package dev.pilotlight.access;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromSs;

import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.protocol.http.Requests;
import dev.pilotlight.tenant.Caller;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Keys in a real table, read by the function's own client.
final class GateIT extends GateOnTable {
  @Test
  void aKeyNamesItsTenantInOneReadOfBothItems() {
    String key = rows.key("ada");

    Caller caller = gate.admit(key);

    assertThat(caller.tenant()).isEqualTo("key:ada");
    assertThat(caller.owner()).isEqualTo("key:ada");
    assertThat(caller.plan()).isEqualTo("pro");
    assertThat(caller.key()).hasSize(8);
    assertThat(caller.models()).isNull();
    assertThat(gate.between.calls()).hasSize(1);
    assertThat(gate.between.calls().getFirst().action()).isEqualTo("BatchGetItem");
    assertThat(gate.between.calls().getFirst().body())
        .contains("\"ConsistentRead\":true", "tenant#ada", "key#")
        .doesNotContain(key);
    for (int i = 0; i < 1_000; i++) {
      assertThat(gate.admit(key)).isSameAs(caller);
    }
    assertThat(gate.reads()).as("the key is in memory").isEqualTo(1);
  }

  @Test
  void aReadCostsAConsistentUnitForEachItem() {
    Meter meter = new Meter();
    var _ = gate.admit(Map.of("x-api-key", rows.key("ada")), meter);
    assertThat(meter.halfReads()).isEqualTo(4);
  }

  @Test
  void aRevokedKeyStopsWithinAMinute() {
    String key = rows.key("ada");
    var _ = gate.admit(key);
    gate.pass(SECOND);
    rows.revoke(key);

    gate.pass(Duration.ofMillis(58_999));
    var _ = gate.admit(key);
    assertThat(gate.reads()).isEqualTo(1);
    gate.pass(Duration.ofMillis(1));
    assertThat(gate.refusal(key).reason()).isEqualTo(Reason.UNAUTHENTICATED);
    assertThat(gate.reads()).isEqualTo(2);
  }

  @Test
  void aFrozenEnvironmentReadsAKeyAgain() {
    String key = rows.key("ada");
    var _ = gate.admit(key);
    rows.revoke(key);
    gate.freeze(Duration.ofSeconds(60));
    assertThat(gate.refusal(key).reason()).isEqualTo(Reason.UNAUTHENTICATED);
  }

  @Test
  void aClockThatIsSetBackMakesKeysBeReadAgain() {
    String key = rows.key("ada");
    var _ = gate.admit(key);
    gate.freeze(Duration.ofHours(-1));
    var _ = gate.admit(key);
    assertThat(gate.reads()).isEqualTo(2);
  }

  @Test
  void aKeyStopsInTheSecondOfItsExpiryAlsoInMemory() {
    long expires = gate.now().getEpochSecond() + 30;
    String key = rows.key("ada", Map.of("expires", number(expires)));
    var _ = gate.admit(key);
    gate.pass(Duration.ofSeconds(28));
    var _ = gate.admit(key);
    gate.pass(Duration.ofSeconds(2));
    assertThat(gate.refusal(key).reason()).isEqualTo(Reason.UNAUTHENTICATED);
    gate.restart();
    assertThat(gate.refusal(key).reason()).isEqualTo(Reason.UNAUTHENTICATED);
  }

  @Test
  void bothKeysOfARotationAreAdmitted() {
    String old = rows.key("ada");
    String next = rows.key("ada");
    assertThat(gate.admit(old).tenant()).isEqualTo(gate.admit(next).tenant());
    assertThat(gate.admit(old).key()).isNotEqualTo(gate.admit(next).key());
    rows.revoke(old);
    gate.pass(Duration.ofSeconds(60));
    assertThat(gate.refusal(old).reason()).isEqualTo(Reason.UNAUTHENTICATED);
    assertThat(gate.admit(next).tenant()).isEqualTo("key:ada");
  }

  @Test
  void aDeletedTenantsKeysStopAndItsNextGenerationOwnsOtherResults() {
    rows.tenant("gone", 0);
    String key = rows.key("gone");
    assertThat(gate.admit(key).owner()).isEqualTo("key:gone");
    rows.delete("gone", 1);
    gate.pass(Duration.ofSeconds(60));
    assertThat(gate.refusal(key).reason()).isEqualTo(Reason.UNAUTHENTICATED);
    rows.tenant("gone", 1);
    assertThat(gate.admit(rows.key("gone")).owner()).isEqualTo("key:gone#1");
  }

  @Test
  void aKeyOfADeletedTenantStaysInvalidWhenTheNameIsMadeAgain() {
    rows.tenant("again", 0);
    String key = rows.key("again");
    String early = ApiKey.create("again", RANDOM);
    rows.write(early, "again", Map.of("generation", number(1)));
    assertThat(gate.admit(key).owner()).isEqualTo("key:again");
    assertThat(gate.refusal(early).reason()).isEqualTo(Reason.UNAUTHENTICATED);
    rows.delete("again", 1);
    rows.tenant("again", 1);
    gate.restart();
    assertThat(gate.refusal(key).reason()).isEqualTo(Reason.UNAUTHENTICATED);
    assertThat(gate.admit(rows.key("again")).owner()).isEqualTo("key:again#1");
  }

  @Test
  void unknownRevokedAndExpiredKeysTakeTheSamePathAndGetTheSameAnswer() {
    rows.tenant("away", 0);
    rows.delete("away", 1);
    String revoked = rows.key("ada");
    rows.revoke(revoked);
    String othersItem = ApiKey.create("ada", RANDOM);
    rows.write(othersItem, "eve", Map.of());
    List<String> keys =
        List.of(
            ApiKey.create("ada", RANDOM),
            ApiKey.create("nobody", RANDOM),
            revoked,
            rows.key("ada", Map.of("expires", number(gate.now().getEpochSecond()))),
            rows.key("ada", Map.of("state", fromS("LIVE"))),
            rows.key("away"),
            othersItem);
    String message = gate.refusal(keys.getFirst()).message();
    for (String key : keys) {
      gate.restart();
      gate.between.forgetCalls();
      for (int i = 0; i < 3; i++) {
        Refusal refusal = gate.refusal(key);
        assertThat(refusal.reason()).isEqualTo(Reason.UNAUTHENTICATED);
        assertThat(refusal.message()).isEqualTo(message).doesNotContain(key);
      }
      assertThat(gate.reads()).as("one read, then memory").isEqualTo(1);
    }
  }

  @Test
  void aModelThatBothListsHaveIsAllowed() {
    rows.tenant("few", 0, "a", "b");
    Caller all = gate.admit(rows.key("few"));
    Caller some = gate.admit(rows.key("few", Map.of("models", fromSs(List.of("b", "c")))));
    Caller none = gate.admit(rows.key("few", Map.of("models", fromSs(List.of("c")))));
    assertThat(all.models()).isEqualTo(Set.of("a", "b"));
    assertThat(some.models()).isEqualTo(Set.of("b"));
    assertThat(none.models()).isEmpty();
    assertThat(none.mayUse("a")).isFalse();
  }

  @Test
  void malformedKeysCostNoRead() {
    String key = ApiKey.create("ada", RANDOM);
    for (String wrong : List.of("", "x", "sk-abc", key.substring(1), key + "0", key + "," + key)) {
      Refusal refusal = gate.refusal(wrong);
      assertThat(refusal.reason()).isEqualTo(Reason.UNAUTHENTICATED);
      assertThat(refusal.field()).contains("authorization");
    }
    assertThat(gate.reads()).isZero();
  }

  @Test
  void oneKeyMayComeByAnyHeader() {
    String key = rows.key("ada");
    String other = rows.key("ada");
    for (var headers :
        List.of(
            Map.of("authorization", "Bearer " + key),
            Map.of("authorization", "bearer  " + key + " "),
            Map.of("x-api-key", key),
            Map.of("api-key", key),
            Map.of("api-key", key, "authorization", "Bearer " + key, "x-api-key", key))) {
      assertThat(gate.admit(headers, new Meter()).tenant()).isEqualTo("key:ada");
    }
    for (var headers :
        List.of(
            Map.of("authorization", "Bearer " + key, "x-api-key", other),
            Map.of("authorization", "Bearer " + key, "api-key", ""),
            Map.of("x-api-key", key, "api-key", other))) {
      Refusal refusal = Requests.refusal(() -> gate.admit(headers, new Meter()));
      assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
      assertThat(refusal.message()).contains("different").doesNotContain(key, other);
    }
    Refusal basic =
        Requests.refusal(
            () -> gate.admit(Map.of("authorization", "Basic YTpi", "x-api-key", key), new Meter()));
    assertThat(basic.reason()).isEqualTo(Reason.UNAUTHENTICATED);
    Refusal none = Requests.refusal(() -> gate.admit(Map.of("accept", "a"), new Meter()));
    assertThat(none.reason()).isEqualTo(Reason.UNAUTHENTICATED);
    assertThat(none.message()).contains("x-api-key");
  }

  @Test
  void aBatchsFolderNamesALiveTenant() {
    rows.tenant("lin", 3);
    rows.tenant("left", 0);
    rows.delete("left", 1);
    assertThat(gate.gate().tenant("lin").owner()).isEqualTo("key:lin#3");
    for (String wrong : List.of("left", "nobody", "Ada", "a#1", "")) {
      Refusal refusal = Requests.refusal(() -> gate.gate().tenant(wrong));
      assertThat(refusal.reason()).as(wrong).isEqualTo(Reason.FORBIDDEN);
    }
    gate.between.rule(call -> new Fate.Fail(500, "{}"));
    assertThat(Requests.refusal(() -> gate.gate().tenant("lin")).reason())
        .isEqualTo(Reason.UNAVAILABLE);
  }

  private static AttributeValue number(long value) {
    return fromN(Long.toString(value));
  }
}
