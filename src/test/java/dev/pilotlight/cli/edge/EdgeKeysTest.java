package dev.pilotlight.cli.edge;

import static dev.pilotlight.cli.edge.TestEdge.ADA;
import static dev.pilotlight.cli.edge.TestEdge.DENIED;
import static dev.pilotlight.cli.edge.TestEdge.digest;
import static dev.pilotlight.cli.edge.TestEdge.item;
import static dev.pilotlight.cli.edge.TestEdge.listed;
import static dev.pilotlight.cli.edge.TestEdge.models;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.access.ApiKey;
import dev.pilotlight.cli.TestRun;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/// `pilotlight keys` on a stack with a distribution changes the keys in its store, too.
final class EdgeKeysTest {
  private static final String DIGEST = "-" + "d".repeat(42);

  @SuppressWarnings("NullAway.Init")
  private TestEdge edge;

  @BeforeEach
  void start() throws IOException {
    edge = new TestEdge();
  }

  @AfterEach
  void stop() {
    edge.close();
  }

  @Test
  void aNewKeysEntryHasItsRights() {
    TestRun run =
        edge.keys("create", "ada", "--model", "m", "--model", "it's", "--route", "results");
    assertThat(edge.store().entries())
        .containsExactly(
            entry(
                digest(run),
                "{\"state\":\"live\",\"tenant\":\"ada\",\"generation\":2,"
                    + "\"models\":[\"m\",\"it's\"],\"routes\":[\"results\"]}"));
  }

  @Test
  void aKeyWithAllRightsHasNoLists() {
    assertThat(edge.store().entries()).isEmpty();
    String digest = digest(edge.keys("create", "ada"));
    assertThat(edge.store().entries()).containsExactly(entry(digest, ADA));
  }

  @Test
  void aChangeByOthersIsNotOverwritten() {
    edge.store().interfere(2);
    String digest = digest(edge.keys("create", "ada"));
    assertThat(edge.store().entries()).containsOnlyKeys(digest);
    assertThat(edge.store().changes()).containsExactly("PUT");
  }

  @Test
  void aStoreThatOthersKeepChangingIsNamed() {
    edge.store().interfere(100);
    TestRun run = edge.run("keys", "create", "ada");
    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .endsWith("others change the distribution's keys at the same time; try again\n");
  }

  @Test
  void aKeyThatTheStoreDoesNotTakeIsShownAndTheCommandFails() {
    edge.store().deny(true);
    TestRun run = edge.run("keys", "create", "ada");
    assertThat(run.exitCode()).isOne();
    assertThat(ApiKey.parse(run.out().strip())).isNotNull();
    assertThat(run.err())
        .endsWith(
            "pilotlight: the key is made, but CloudFront refuses it until pilotlight keys sync"
                + " succeeds: "
                + DENIED)
        .doesNotContain(run.out().strip());
  }

  @Test
  void aCallHasTheSignatureOfTheAccessKey() {
    var others = AwsBasicCredentials.create("AKIDEXAMPLE", "another secret");
    TestRun run = edge.run(others, "keys", "create", "ada");
    assertThat(run.err()).endsWith(DENIED);
    var session = AwsSessionCredentials.create("AKIDEXAMPLE", "secret", "token");
    assertThat(edge.run(session, "keys", "create", "ada").exitCode()).isZero();
  }

  @Test
  void aRevokedKeysEntryIsDeleted() {
    edge.aws().put("GetItem", 200, item("\"digest\":{\"S\":\"" + DIGEST + "\"},"));
    edge.store().entries().put(DIGEST, ADA);
    edge.store().entries().put("another", ADA);
    assertThat(edge.keys("revoke", "ada", "dddddddd").out())
        .isEqualTo("revoked dddddddd; the API refuses it within 60 seconds\n");
    assertThat(edge.store().entries()).containsOnlyKeys("another");
    assertThat(edge.aws().calls()).filteredOn(call -> call.startsWith("GetItem")).hasSize(1);
  }

  @Test
  void aKeyWithoutAnEntryIsRevoked() {
    edge.aws().put("GetItem", 200, item("\"digest\":{\"S\":\"" + DIGEST + "\"},"));
    assertThat(edge.keys("revoke", "ada", "dddddddd").out()).startsWith("revoked dddddddd");
  }

  @Test
  void aRevocationThatDoesNotReachTheDistributionFails() {
    edge.aws().put("GetItem", 200, item("\"digest\":{\"S\":\"" + DIGEST + "\"},"));
    edge.store().entries().put(DIGEST, ADA);
    edge.store().deny(true);
    TestRun run = edge.run("keys", "revoke", "ada", "dddddddd");
    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .isEqualTo(
            "pilotlight: the API refuses the key within 60 seconds, but CloudFront serves it"
                + " cached answers until pilotlight keys sync succeeds: "
                + DENIED);
  }

  @Test
  void theEntriesOfADeletedTenantsKeysAreDeletedAtOnce() {
    edge.aws().put("GetItem", 200, item(""));
    edge.aws().put("Query", 200, "{\"Items\":[%s,%s]}".formatted(listed("a", ""), listed("b", "")));
    edge.store().entries().put("a".repeat(43), ADA);
    edge.store().entries().put("b".repeat(43), ADA);
    TestRun run = edge.run("tenants", "delete", "ada", "--yes");
    assertThat(edge.store().entries()).as("also if nothing else is erased yet").isEmpty();
    assertThat(run.exitCode()).isOne();
  }

  @Test
  void aTenantWhoseKeysStayAtTheDistributionIsNotErasedYet() {
    edge.aws().put("GetItem", 200, item(""));
    edge.aws().put("Query", 200, "{\"Items\":[%s]}".formatted(listed("a", "")));
    edge.store().deny(true);
    assertThat(edge.run("tenants", "delete", "ada", "--yes").err())
        .endsWith(
            "pilotlight: the tenant's keys stop within 60 seconds, but nothing is erased, and"
                + " CloudFront serves them cached answers until pilotlight keys sync succeeds: "
                + DENIED);
    assertThat(edge.aws().calls()).noneMatch(call -> call.startsWith("Scan"));
  }

  @Test
  void bothEntriesOfARotationAreWritten() {
    edge.aws()
        .put(
            "GetItem",
            200,
            item(
                "\"digest\":{\"S\":\"%s\"},\"expires\":{\"N\":\"4000000000\"},".formatted(DIGEST)));
    long end = Instant.now().plus(Duration.ofHours(24)).getEpochSecond();
    String digest = digest(edge.keys("rotate", "ada", "dddddddd"));
    assertThat(edge.store().entries())
        .containsOnlyKeys(digest, DIGEST)
        .containsEntry(digest, ADA.replace("}", ",\"expires\":4000000000}"));
    String old = String.valueOf(edge.store().entries().get(DIGEST));
    assertThat(Long.parseLong(old.replaceAll(".*\"expires\":(\\d+)}", "$1")))
        .isBetween(end, end + 60);
  }

  @Test
  void aKeyThatExpiresWithinTheOverlapKeepsItsEntry() {
    long end = Instant.now().plus(Duration.ofHours(1)).getEpochSecond();
    edge.aws()
        .put(
            "GetItem",
            200,
            item("\"digest\":{\"S\":\"%s\"},\"expires\":{\"N\":\"%d\"},".formatted(DIGEST, end)));
    String digest = digest(edge.keys("rotate", "ada", "dddddddd"));
    assertThat(edge.store().entries()).containsOnlyKeys(digest);
  }

  @Test
  void aRotationWhoseNewKeyIsNotAtTheDistributionKeepsTheOldExpiry() {
    edge.aws().put("GetItem", 200, item("\"digest\":{\"S\":\"" + DIGEST + "\"},"));
    edge.store().deny(true);
    TestRun run = edge.run("keys", "rotate", "ada", "dddddddd");
    assertThat(run.exitCode()).isOne();
    assertThat(ApiKey.parse(run.out().strip())).isNotNull();
    assertThat(run.err())
        .endsWith(
            "pilotlight: the key dddddddd keeps its expiry, and CloudFront refuses the new key"
                + " until pilotlight keys sync succeeds: "
                + DENIED);
    assertThat(edge.aws().calls())
        .filteredOn(call -> call.startsWith("TransactWriteItems"))
        .hasSize(1);
  }

  @Test
  void aKeyWhoseEntryIsTooLongIsNotMade() {
    String[] create = new String[22];
    Arrays.fill(create, "--model");
    create[0] = "create";
    create[1] = "ada";
    for (int i = 3; i < create.length; i += 2) {
      create[i] = "m".repeat(100);
    }
    TestRun run = edge.run("keys", create);
    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .contains("the key's entry at the distribution would have 1108 characters with an expiry")
        .contains("accepted: up to 1024; list fewer models");
    assertThat(edge.aws().calls()).noneMatch(call -> call.startsWith("TransactWriteItems"));
  }

  @Test
  void aKeyOfManyModelsIsReplacedByOneWithFewer() {
    edge.aws().put("GetItem", 200, item("\"digest\":{\"S\":\"d\"}," + models(10)));
    TestRun run = edge.run("keys", "rotate", "ada", "dddddddd");
    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .contains("make a key with fewer models by keys create, and revoke this one");
    assertThat(edge.aws().calls()).noneMatch(call -> call.startsWith("TransactWriteItems"));
  }

  @Test
  void withoutADistributionNothingIsWrittenThere() {
    edge.withoutDistribution();
    var _ = edge.keys("create", "ada");
    assertThat(edge.store().changes()).isEmpty();
    TestRun run = edge.run("keys", "sync");
    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("there is no distribution; deploy the stack with Edge=on");
  }
}
