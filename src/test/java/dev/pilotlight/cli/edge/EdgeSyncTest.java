package dev.pilotlight.cli.edge;

import static dev.pilotlight.cli.edge.TestEdge.ADA;
import static dev.pilotlight.cli.edge.TestEdge.listed;
import static dev.pilotlight.cli.edge.TestEdge.models;
import static dev.pilotlight.cli.edge.TestEdge.row;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cli.TestRun;
import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `pilotlight keys sync` makes the keys at a distribution equal to those of the table.
final class EdgeSyncTest {
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
  void aSyncWritesLiveKeysAndDeletesTheOthers() {
    edge.store().entries().put("a".repeat(43), ADA);
    edge.store().entries().put("b".repeat(43), ADA);
    edge.store().entries().put("c".repeat(43), ADA);
    edge.store().entries().put("nobody's", ADA);
    edge.clients(
        listed("a", ""),
        listed("b", "\"models\":{\"SS\":[\"m\"]},"),
        listed("c", "\"expires\":{\"N\":\"1\"},"),
        listed("d", "").replace("live", "revoked"),
        listed("e", "\"expires\":{\"N\":\"4000000000\"},"));
    assertThat(edge.keys("sync").out()).isEqualTo("wrote 2 entries and deleted 2; 1 were right\n");
    assertThat(edge.store().entries())
        .containsOnly(
            entry("a".repeat(43), ADA),
            entry("b".repeat(43), ADA.replace("}", ",\"models\":[\"m\"]}")),
            entry("e".repeat(43), ADA.replace("}", ",\"expires\":4000000000}")));
    assertThat(edge.keys("sync", "--json").out())
        .isEqualTo("{\"written\":0,\"deleted\":0,\"unchanged\":3,\"too_long\":[]}\n");
    assertThat(edge.store().changes()).as("one call for all").containsExactly("POST");
  }

  @Test
  void aSyncOfManyKeysTakesSeveralCalls() {
    edge.clients(
        IntStream.range(0, 120)
            .mapToObj(i -> listed("a", "").replace("a".repeat(43), "digest" + i))
            .toArray(String[]::new));
    assertThat(edge.keys("sync").out()).startsWith("wrote 120 entries");
    assertThat(edge.store().entries()).hasSize(120);
    assertThat(edge.store().changes()).containsExactly("POST", "POST", "POST");
  }

  @Test
  void aSyncThatOthersInterruptBeginsAgain() {
    edge.clients(listed("a", ""));
    edge.store().interfere(1);
    assertThat(edge.keys("sync").out()).startsWith("wrote 1 entries");
  }

  @Test
  void aKeyThatIsMadeDuringASyncStays() {
    edge.clients(listed("a", ""));
    edge.store()
        .whenListed(
            () -> {
              edge.store().entries().put("b".repeat(43), ADA);
              edge.clients(listed("a", ""), listed("b", ""));
            });
    var _ = edge.keys("sync");
    assertThat(edge.store().entries()).containsOnlyKeys("a".repeat(43), "b".repeat(43));
  }

  @Test
  void aDeletedTenantsKeysHaveNoEntries() {
    edge.clients(listed("a", ""));
    edge.aws().put("Scan", 200, "{\"Items\":[%s]}".formatted(row("").replace("live", "deleted")));
    edge.store().entries().put("a".repeat(43), ADA);
    assertThat(edge.keys("sync").out()).isEqualTo("wrote 0 entries and deleted 1; 0 were right\n");
  }

  @Test
  void aSyncNamesTheKeysThatTheStoreCannotHold() {
    edge.clients(listed("a", ""), listed("b", models(10)));
    TestRun run = edge.run("keys", "sync");
    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("longer than it takes").endsWith(": bbbbbbbb of ada\n");
    assertThat(edge.store().entries()).containsOnlyKeys("a".repeat(43));
  }
}
