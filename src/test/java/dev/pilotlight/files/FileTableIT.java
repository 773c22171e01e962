package dev.pilotlight.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.files.FileTable.Order;
import dev.pilotlight.local.dynamo.DynamoLocal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

final class FileTableIT {
  private static final String TABLE = "results";
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final Deadline END = Deadline.in(Duration.ofMinutes(2));

  @ParameterizedTest
  @EnumSource(Order.class)
  void fileWithTwoEntriesIsOnOnePageAlone(Order order) {
    try (DynamoLocal dynamo = DynamoLocal.start(0);
        DynamoDbClient client = dynamo.client()) {
      dynamo.createTable(TABLE, "pk", "expires_at");
      FileTable table = new FileTable(() -> client, TABLE, InstantSource.fixed(NOW));
      List<String> ids = new ArrayList<>();
      for (String digit : List.of("1", "2", "3")) {
        String id = StoredFile.PREFIX + digit.repeat(32);
        table.add(file(id, 10), END);
        table.add(file(id, 20), END);
        ids.add(id);
      }
      List<String> found = new ArrayList<>();
      String after = null;
      for (boolean more = true; more && found.size() <= ids.size(); ) {
        Page<StoredFile> page = table.list("ada", null, after, 1, order, END).orElseThrow();
        after = page.items().getFirst().id();
        found.add(after);
        more = page.hasMore();
      }
      assertThat(found).isEqualTo(order == Order.ASC ? ids : ids.reversed());
    }
  }

  private static StoredFile file(String id, long bytes) {
    return StoredFile.processed(
        id,
        "ada",
        "a.jsonl",
        Purpose.BATCH,
        bytes,
        NOW,
        NOW.plus(Duration.ofDays(1)),
        "bucket",
        "key",
        null);
  }
}
