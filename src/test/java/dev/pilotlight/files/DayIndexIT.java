package dev.pilotlight.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.local.dynamo.DynamoLocal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

final class DayIndexIT {
  private static final String TABLE = "results";
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final int ENTRIES_MAX = 3;

  @SuppressWarnings("NullAway.Init")
  private static DynamoLocal dynamo;

  @SuppressWarnings("NullAway.Init")
  private static DynamoDbClient client;

  private final AtomicInteger calls = new AtomicInteger();

  @BeforeAll
  static void start() {
    dynamo = DynamoLocal.start(0);
    dynamo.createTable(TABLE, "pk", "expires_at");
    client = dynamo.client();
  }

  @AfterAll
  static void stop() {
    client.close();
    dynamo.close();
  }

  @Test
  void fullItemsAreContinuedByTheNextOnes() {
    DayIndex index = index();
    for (int i = 0; i < 10; i++) {
      assertThat(add(index, "ada", i)).as("entry %d", i).isEqualTo(i / ENTRIES_MAX);
    }
    assertThat(index.entries("ada", end()))
        .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    assertThat(index.entries("bob", end())).isEmpty();

    index.remove("ada", NOW, 1, "4", end());
    assertThat(index.entries("ada", end())).hasSize(9).doesNotContain("4");
    assertThat(add(index, "ada", 10)).as("a full item takes no more").isEqualTo(3);
    assertThat(index.entries("ada", end())).hasSize(10).contains("10");
  }

  @Test
  void listOfAnotherTypeIsAnErrorAndNotEmpty() {
    String key = "files#" + FileIds.folder("eve") + "#2026-11-30#0";
    client.putItem(
        put ->
            put.tableName(TABLE)
                .item(
                    Map.of("pk", AttributeValue.fromS(key), "entries", AttributeValue.fromS("a"))));
    assertThatIllegalStateException()
        .isThrownBy(() -> index().entries("eve", end()))
        .withMessage("the item %s has no valid attribute entries", key);
  }

  @Test
  void fullItemsAreTriedOnceByEachEnvironment() {
    DayIndex first = index();
    for (int i = 0; i < 7; i++) {
      var _ = add(first, "eve", i);
    }
    assertThat(callsOf(first, 7)).as("the last item is known").isEqualTo(1);
    DayIndex second = index();
    assertThat(callsOf(second, 8)).as("two full items, which are marked").isEqualTo(3);
    assertThat(callsOf(second, 9)).as("a third one, to be marked").isEqualTo(3);
    assertThat(callsOf(first, 10)).as("likewise, which is marked").isEqualTo(2);
    assertThat(first.entries("eve", end())).hasSize(11);
  }

  @Test
  void anEntryThatIsAddedAgainStaysWhereItIs() {
    DayIndex index = index();
    for (int i = 0; i < 4; i++) {
      var _ = add(index, "fay", i);
    }
    assertThat(add(index, "fay", 3)).isEqualTo(1);
    assertThat(add(index(), "fay", 0)).as("by another environment").isZero();
    assertThat(index.entries("fay", end())).hasSize(4);
  }

  private int callsOf(DayIndex index, int entry) {
    int before = calls.get();
    var _ = add(index, "eve", entry);
    return calls.get() - before;
  }

  private static int add(DayIndex index, String owner, int entry) {
    return index.add(owner, NOW, Integer.toString(entry), end());
  }

  private DayIndex index() {
    return new DayIndex(
        () -> {
          calls.incrementAndGet();
          return client;
        },
        TABLE,
        "files",
        30,
        ENTRIES_MAX,
        InstantSource.fixed(NOW));
  }

  private static Deadline end() {
    return Deadline.in(Duration.ofSeconds(20));
  }
}
