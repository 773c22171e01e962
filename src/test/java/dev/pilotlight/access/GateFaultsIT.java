package dev.pilotlight.access;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Floods of unknown keys, a table that is away, and items that are damaged.
final class GateFaultsIT extends GateOnTable {
  @Test
  @OnlyInFaults
  void tenThousandUnknownKeysCostFewReadsAndKnownKeysNothing() {
    String known = rows.key("ada");
    var _ = gate.admit(known);
    gate.between.forgetCalls();
    int limited = 0;
    for (int i = 0; i < 10_000; i++) {
      Refusal refusal = gate.refusal(ApiKey.create("ada", RANDOM));
      limited += refusal.reason() == Reason.RATE_LIMITED ? 1 : 0;
      if (i % 1_000 == 999) {
        assertThat(refusal.retryAfter()).contains(SECOND);
        assertThat(gate.admit(known).tenant()).isEqualTo("key:ada");
        gate.pass(SECOND);
      }
    }
    // 10 at once, and 10 for each second that passed
    assertThat(gate.reads()).isEqualTo(100);
    assertThat(limited).isEqualTo(9_900);
    gate.pass(Duration.ofSeconds(60));
    while (gate.refusal(ApiKey.create("ada", RANDOM)).reason() != Reason.RATE_LIMITED) {}
    assertThat(gate.admit(known).tenant()).as("a known key is read again").isEqualTo("key:ada");
  }

  @Test
  void validKeysThatAreNewDoNotUseUpTheLimit() {
    for (int i = 0; i < 50; i++) {
      assertThat(gate.admit(rows.key("ada")).tenant()).isEqualTo("key:ada");
    }
  }

  @Test
  void withoutDynamoDbKeysInMemoryGoOnForTheirMinuteAndOthersAreRefusedForNow() {
    String known = rows.key("ada");
    String fresh = rows.key("ada");
    var _ = gate.admit(known);
    gate.between.rule(call -> new Fate.Fail(500, "{}"));

    assertThat(gate.admit(known).tenant()).isEqualTo("key:ada");
    Refusal refusal = gate.refusal(fresh);
    assertThat(refusal.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(refusal.retryAfter()).contains(SECOND);
    int reads = gate.reads();
    assertThat(gate.refusal(fresh).reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(gate.reads()).as("left alone for a second").isEqualTo(reads);
    gate.pass(Duration.ofSeconds(60));
    assertThat(gate.refusal(known).reason()).isEqualTo(Reason.UNAVAILABLE);

    gate.between.rule(call -> new Fate.Pass());
    gate.pass(SECOND);
    assertThat(gate.admit(known).tenant()).isEqualTo("key:ada");
    assertThat(gate.admit(fresh).tenant()).isEqualTo("key:ada");
    assertThat(gate.log()).doesNotContain(known, fresh);
  }

  @Test
  void guessesThatCannotBeReadDoNotKeepKnownKeysOut() {
    String known = rows.key("ada");
    var _ = gate.admit(known);
    gate.pass(Duration.ofSeconds(60));
    gate.between.rule(
        call -> call.body().contains(digest(known)) ? new Fate.Pass() : new Fate.Fail(500, "{}"));
    assertThat(gate.refusal(ApiKey.create("ada", RANDOM)).reason()).isEqualTo(Reason.UNAVAILABLE);
    int reads = gate.reads();
    assertThat(gate.refusal(ApiKey.create("ada", RANDOM)).reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(gate.reads()).as("left alone for a second").isEqualTo(reads);
    assertThat(gate.admit(known).tenant()).isEqualTo("key:ada");
  }

  @Test
  void aReadThatFailsCostsAGuess() throws IOException {
    try (GateHarness slow = new GateHarness(dynamo, rows, 1)) {
      slow.between.rule(call -> new Fate.Fail(500, "{}"));
      assertThat(slow.refusal(rows.key("ada")).reason()).isEqualTo(Reason.UNAVAILABLE);
      slow.freeze(SECOND); // the bucket fills by the clock that stands still
      assertThat(slow.refusal(rows.key("ada")).reason()).isEqualTo(Reason.RATE_LIMITED);
    }
  }

  @Test
  void anAnswerAboutAnotherKeyAdmitsNobody() {
    String key = rows.key("ada");
    String other = ApiKey.create("ada", RANDOM);
    gate.between.rule(
        call -> new Fate.Fail(200, answer("key#" + digest(key), "key"))); // a live key, not ours
    assertThat(gate.refusal(other).reason()).isIn(Reason.UNAVAILABLE, Reason.UNAUTHENTICATED);
  }

  @Test
  void anItemThatCannotBeReadAdmitsNobody() {
    for (var wrong :
        List.of(
            Map.of("expires", fromS("tomorrow")),
            Map.of("expires", fromN("1e99")),
            Map.of("models", fromS("all")),
            Map.of("routes", AttributeValue.fromL(List.of(fromS("embeddings")))),
            Map.of("state", AttributeValue.fromBool(true)))) {
      Refusal refusal = gate.refusal(rows.key("ada", wrong));
      assertThat(refusal.reason()).as(wrong.toString()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(refusal.retryAfter()).isEmpty();
    }
  }

  private static String digest(String key) {
    return Objects.requireNonNull(ApiKey.parse(key)).digest();
  }

  private static String answer(String pk, String sk) {
    return """
    {"Responses":{"clients":[
      {"pk":{"S":"%s"},"sk":{"S":"%s"},"tenant":{"S":"ada"},"state":{"S":"live"}},
      {"pk":{"S":"tenant#ada"},"sk":{"S":"tenant"},"state":{"S":"live"}}]},
     "UnprocessedKeys":{}}"""
        .formatted(pk, sk);
  }
}
