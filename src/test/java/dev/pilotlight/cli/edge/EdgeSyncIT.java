package dev.pilotlight.cli.edge;

import static dev.pilotlight.cli.edge.TestEdge.ADA;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromSs;

import dev.pilotlight.access.ApiKey;
import dev.pilotlight.cli.TestRun;
import dev.pilotlight.cli.edge.TestEdgeStore.Fate;
import dev.pilotlight.local.dynamo.DynamoLocal;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// `pilotlight keys sync` makes the keys at a distribution equal to those of the table.
@Timeout(60)
final class EdgeSyncIT {
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
  void liveKeysAreWrittenAndAllOtherEntriesDeleted() {
    ApiKey right = edge.newKey();
    ApiKey absent = edge.oldKey("--model", "m", "--model", "a");
    ApiKey other = edge.newKey();
    edge.store().entries().put(other.digest(), ADA.replace("live", "revoked"));
    ApiKey revoked = edge.newKey();
    edge.set("key#" + revoked.digest(), "key", "state", fromS("revoked"));
    ApiKey expired = edge.newKey();
    edge.set("key#" + expired.digest(), "key", "expires", fromN("1"));
    ApiKey earlier = edge.newKey();
    edge.set("key#" + earlier.digest(), "key", "generation", fromN("7"));
    edge.store().entries().put("nobody's", ADA);
    List<String> before = edge.store().changes();

    assertThat(edge.keys("sync").out()).isEqualTo("wrote 2 entries and deleted 4; 1 were right\n");

    assertThat(edge.store().entries())
        .containsOnly(
            entry(right.digest(), ADA),
            entry(absent.digest(), ADA.replace("}", ",\"models\":[\"a\",\"m\"]}")),
            entry(other.digest(), ADA));
    assertThat(edge.keys("sync", "--json").out())
        .isEqualTo("{\"written\":0,\"deleted\":0,\"unchanged\":3,\"refused\":[]}\n");
    assertThat(edge.store().changes()).as("one call for all").hasSize(before.size() + 1);
  }

  @Test
  void manyKeysTakeSeveralCallsAndAllAreCountedIfOthersInterrupt() {
    manyKeys(120);
    edge.store().fates(Fate.PASSES, Fate.LATE, Fate.CONFLICTS, Fate.PASSES);
    assertThat(edge.keys("sync").out())
        .isEqualTo("wrote 120 entries and deleted 0; 0 were right\n");
    assertThat(edge.store().entries()).hasSize(120);
    assertThat(edge.store().changes()).containsExactly("POST", "POST", "POST");
  }

  @Test
  void aKeyThatIsMadeBetweenStoreAndTableStays() {
    ApiKey old = edge.oldKey();
    ApiKey[] made = new ApiKey[1];
    edge.store().beforeList(() -> made[0] = edge.newKey());
    assertThat(edge.keys("sync").out()).startsWith("wrote 1 entries and deleted 0");
    assertThat(edge.store().entries()).containsOnlyKeys(old.digest(), made[0].digest());
  }

  @Test
  void aKeyThatIsRevokedMeanwhileIsNotWrittenBack() {
    ApiKey old = edge.oldKey();
    edge.store().beforeChanges(() -> assertThat(edge.keys("revoke", "ada", old.id())).isNotNull());
    assertThat(edge.keys("sync").out()).isEqualTo("wrote 1 entries and deleted 1; 0 were right\n");
    assertThat(edge.store().entries()).isEmpty();
  }

  @Test
  void aStoreThatOthersKeepChangingIsNamedWithWhatIsDone() {
    manyKeys(60);
    edge.store().fates(Fate.PASSES, Fate.LATE);
    TestRun run = edge.run("keys", "sync");
    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).endsWith("try again; written so far: 50 entries, deleted: 0\n");
  }

  @Test
  void aDeletedTenantsKeysHaveNoEntries() {
    var _ = edge.newKey();
    edge.set("tenant#ada", "tenant", "state", fromS("deleted"));
    assertThat(edge.keys("sync").out()).isEqualTo("wrote 0 entries and deleted 1; 0 were right\n");
  }

  @Test
  void keysThatCannotBeWrittenAreNamedAndTheOthersWritten() {
    ApiKey good = edge.oldKey();
    ApiKey revoked = edge.newKey();
    edge.set("key#" + revoked.digest(), "key", "state", fromS("revoked"));
    ApiKey tooLong = edge.oldKey();
    edge.set("key#" + tooLong.digest(), "key", "models", models());
    ApiKey damaged = edge.newKey();
    edge.set("key#" + damaged.digest(), "key", "models", fromS("not a set"));
    TestRun run = edge.run("keys", "sync");
    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .startsWith("pilotlight: CloudFront refuses these keys: ")
        .contains(tooLong.id() + " of ada: its entry would be too long")
        .contains("the item key#" + damaged.digest() + ", key has no valid attribute models");
    assertThat(edge.store().entries()).containsOnlyKeys(good.digest());
  }

  @Test
  void anEmptyStoreMayHaveNoItems() {
    ApiKey old = edge.oldKey();
    edge.store().omitItems();
    assertThat(edge.keys("sync").out()).startsWith("wrote 1 entries");
    assertThat(edge.store().entries()).containsOnlyKeys(old.digest());
  }

  private void manyKeys(int count) {
    for (int i = 0; i < count; i++) {
      edge.set("key#digest" + i, "key", "state", fromS("live"));
      edge.set("key#digest" + i, "key", "tenant", fromS("ada"));
    }
  }

  private static AttributeValue models() {
    return fromSs(IntStream.range(0, 10).mapToObj(i -> i + "m".repeat(99)).toList());
  }
}
