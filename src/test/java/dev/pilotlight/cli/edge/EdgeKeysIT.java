package dev.pilotlight.cli.edge;

import static dev.pilotlight.cli.edge.TestEdge.ADA;
import static dev.pilotlight.cli.edge.TestEdge.DENIED;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.access.ApiKey;
import dev.pilotlight.cli.TestRun;
import dev.pilotlight.cli.edge.TestEdgeStore.Fate;
import dev.pilotlight.local.dynamo.DynamoLocal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/// `pilotlight keys` and `tenants delete` on a stack with a distribution change the keys in its
/// store, too.
@Timeout(60)
final class EdgeKeysIT {
  @SuppressWarnings("NullAway.Init")
  private static DynamoLocal dynamo;

  @SuppressWarnings("NullAway.Init")
  private TestEdge edge;

  @BeforeAll
  static void startDynamo() {
    dynamo = DynamoLocal.start(0);
  }

  @AfterAll
  static void stopDynamo() {
    dynamo.close();
  }

  @BeforeEach
  void start() throws IOException {
    edge = new TestEdge(dynamo);
  }

  @AfterEach
  void stop() {
    edge.close();
  }

  @Test
  void aNewKeysEntryHasItsRights() {
    ApiKey key = edge.newKey("--model", "m", "--model", "it's", "--route", "results");
    assertThat(edge.store().entries())
        .containsExactly(
            entry(
                key.digest(),
                ADA.replace("}", ",\"models\":[\"it's\",\"m\"],\"routes\":[\"results\"]}")));
  }

  @Test
  void aKeyWithAllRightsHasNoLists() {
    ApiKey key = edge.newKey();
    assertThat(edge.store().entries()).containsExactly(entry(key.digest(), ADA));
    assertThat(edge.store().changes()).containsExactly("PUT");
  }

  @Test
  void aChangeThatOthersForestallIsMadeAgain() {
    edge.store().fates(Fate.LATE, Fate.CONFLICTS, Fate.LATE, Fate.PASSES);
    assertThat(edge.store().entries()).isEmpty();
    ApiKey key = edge.newKey();
    assertThat(edge.store().entries()).containsOnlyKeys(key.digest());
  }

  @Test
  void aChangeWhoseAnswerIsLostIsMadeAgain() {
    edge.store().fates(Fate.ANSWER_LOST, Fate.PASSES);
    ApiKey key = edge.newKey();
    assertThat(edge.store().entries()).containsExactly(entry(key.digest(), ADA));
  }

  @Test
  void aStoreThatOthersKeepChangingIsNamed() {
    edge.store().fates(Fate.LATE);
    TestRun run = edge.run("keys", "create", "ada");
    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .endsWith("others change the distribution's keys at the same time; try again\n");
  }

  @Test
  void noKeyIsMadeIfTheStoreCannotBeReached() {
    edge.store().denyAll();
    assertThat(edge.run("keys", "create", "ada"))
        .isEqualTo(new TestRun(1, "", "pilotlight: " + DENIED));
    assertThat(edge.keys("list", "ada").out()).isEmpty();
  }

  @Test
  void aKeyThatTheStoreDoesNotTakeIsShownAndTheCommandFails() {
    edge.store().fates(Fate.DENIED);
    TestRun run = edge.run("keys", "create", "ada");
    assertThat(run.exitCode()).isOne();
    assertThat(edge.item(TestEdge.key(run))).isNotEmpty();
    assertThat(run.err())
        .endsWith(
            "pilotlight: the key is made, but CloudFront refuses it until pilotlight keys sync"
                + " succeeds: "
                + DENIED)
        .doesNotContain(run.out().strip());
  }

  @Test
  void aCallHasTheSignatureOfTheAccessKey() {
    var others = AwsBasicCredentials.create(TestEdgeStore.ID, "another secret");
    assertThat(edge.run(others, "keys", "create", "ada").err()).endsWith(DENIED);
    var session = AwsSessionCredentials.create(TestEdgeStore.ID, TestEdgeStore.SECRET, "token");
    assertThat(edge.run(session, "keys", "create", "ada").exitCode()).isZero();
  }

  @Test
  void aRevokedKeysEntryIsDeleted() {
    ApiKey key = edge.newKey();
    ApiKey another = edge.newKey();
    assertThat(edge.keys("revoke", "ada", key.id()).out())
        .isEqualTo("revoked %s; the API refuses it within 60 seconds\n".formatted(key.id()));
    assertThat(edge.store().entries()).containsOnlyKeys(another.digest());
  }

  @Test
  void aKeyWithoutAnEntryIsRevoked() {
    ApiKey key = edge.oldKey();
    assertThat(edge.keys("revoke", "ada", key.id()).out()).startsWith("revoked " + key.id());
  }

  @Test
  void aKeyWithDamagedRightsIsRevokedAtTheDistributionToo() {
    ApiKey key = edge.newKey();
    edge.set("key#" + key.digest(), "key", "models", fromS("not a set"));
    var _ = edge.keys("revoke", "ada", key.id());
    assertThat(edge.store().entries()).isEmpty();
  }

  @Test
  void aRevocationThatDoesNotReachTheDistributionIsMadeAndTheCommandFails() {
    ApiKey key = edge.newKey();
    edge.store().denyAll();
    TestRun run = edge.run("keys", "revoke", "ada", key.id());
    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .isEqualTo(
            "pilotlight: the API refuses the key within 60 seconds, but CloudFront serves it"
                + " cached answers until pilotlight keys sync succeeds: "
                + DENIED);
    assertThat(edge.item(key)).containsEntry("state", fromS("revoked"));
  }

  @Test
  void theEntriesOfADeletedTenantsKeysAreDeleted() {
    ApiKey damaged = edge.newKey();
    var _ = edge.newKey();
    var _ = edge.newKey();
    edge.set("tenant#ada", "key#" + damaged.id(), "models", fromS("not a set"));
    edge.beginDeletion();
    assertThat(edge.run("tenants", "delete", "ada", "--yes").exitCode())
        .as("the stack has no tables to erase")
        .isOne();
    assertThat(edge.store().entries()).isEmpty();
  }

  @Test
  void aTenantWhoseKeysStayAtTheDistributionIsNotErased() {
    ApiKey key = edge.newKey();
    edge.beginDeletion();
    edge.store().fates(Fate.DENIED);
    assertThat(edge.run("tenants", "delete", "ada", "--yes").err())
        .endsWith(
            "pilotlight: the API refuses the tenant's keys within 60 seconds, but CloudFront may"
                + " serve them cached answers; run pilotlight tenants delete again, which goes on"
                + " from here: "
                + DENIED);
    assertThat(edge.get("tenant#ada", "key#" + key.id())).isNotEmpty();
  }

  @Test
  void bothEntriesOfARotationAreWritten() {
    ApiKey old = edge.newKey("--expires-in", "90d");
    String before = edge.store().entries().get(old.digest());
    long end = Instant.now().plus(Duration.ofHours(24)).getEpochSecond();
    ApiKey replacement = TestEdge.key(edge.keys("rotate", "ada", old.id()));
    assertThat(edge.store().entries())
        .containsOnlyKeys(old.digest(), replacement.digest())
        .containsEntry(replacement.digest(), before);
    String entry = String.valueOf(edge.store().entries().get(old.digest()));
    assertThat(Long.parseLong(entry.replaceAll(".*\"expires\":(\\d+)}", "$1")))
        .isBetween(end, end + 60);
  }

  @Test
  void aKeyThatIsRevokedDuringItsRotationIsNotWrittenBack() {
    ApiKey old = edge.newKey();
    edge.store()
        .beforeChanges(
            () -> {}, () -> assertThat(edge.keys("revoke", "ada", old.id())).isNotNull());
    ApiKey replacement = TestEdge.key(edge.keys("rotate", "ada", old.id()));
    assertThat(edge.store().entries()).containsOnlyKeys(replacement.digest());
  }

  @Test
  void aKeyOfATenantThatIsDeletedMeanwhileIsNotWritten() {
    edge.store().beforeChanges(edge::beginDeletion);
    assertThat(edge.keys("create", "ada").out()).startsWith("pl_");
    assertThat(edge.store().entries()).isEmpty();
  }

  @Test
  void aKeyThatExpiresWithinTheOverlapKeepsItsEntry() {
    ApiKey old = edge.newKey("--expires-in", "1h");
    var _ = edge.keys("rotate", "ada", old.id());
    assertThat(edge.store().changes()).containsExactly("PUT", "PUT");
  }

  @Test
  void aRotationWhoseNewKeyIsNotAtTheDistributionLeavesTheOldOne() {
    ApiKey old = edge.newKey();
    edge.store().fates(Fate.DENIED);
    TestRun run = edge.run("keys", "rotate", "ada", old.id());
    assertThat(run.exitCode()).isOne();
    assertThat(edge.item(TestEdge.key(run))).isNotEmpty();
    assertThat(run.err())
        .endsWith(
            ("pilotlight: CloudFront refuses the new key until pilotlight keys sync succeeds;"
                    + " the key %s is not changed: revoke it after that: %s")
                .formatted(old.id(), DENIED));
    assertThat(edge.item(old)).doesNotContainKey("expires");
  }

  @Test
  void anOldExpiryAtTheDistributionIsNamed() {
    ApiKey old = edge.newKey();
    edge.store().fates(Fate.PASSES, Fate.DENIED);
    TestRun run = edge.run("keys", "rotate", "ada", old.id());
    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .endsWith(
            "pilotlight: CloudFront has its old expiry until pilotlight keys sync succeeds: "
                + DENIED);
  }

  @Test
  void aKeyWhoseEntryIsTooLongIsNotMade() {
    TestRun run = edge.run("keys", models(10));
    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .contains("the key's entry at the distribution would have 1108 characters with an expiry")
        .contains("accepted: up to 1024; list fewer models");
    assertThat(edge.keys("list", "ada").out()).isEmpty();
  }

  @Test
  void aKeyOfManyModelsIsReplacedByOneWithFewer() {
    edge.withoutDistribution();
    ApiKey old = TestEdge.key(edge.run("keys", models(10)));
    edge.withDistribution();
    TestRun run = edge.run("keys", "rotate", "ada", old.id());
    assertThat(run.exitCode()).isOne();
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("make a key with fewer models by keys create, and revoke this one");
  }

  @Test
  void withoutADistributionNothingIsWrittenThere() {
    edge.withoutDistribution();
    var _ = edge.newKey();
    assertThat(edge.store().changes()).isEmpty();
    TestRun run = edge.run("keys", "sync");
    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("there is no distribution; deploy the stack with Edge=on");
  }

  private static String[] models(int count) {
    List<String> create = new ArrayList<>(List.of("create", "ada"));
    for (int i = 0; i < count; i++) {
      create.add("--model");
      create.add(i + "m".repeat(99));
    }
    return create.toArray(new String[0]);
  }
}
