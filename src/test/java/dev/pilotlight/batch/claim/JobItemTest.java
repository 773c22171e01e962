package dev.pilotlight.batch.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.domain.limits.Counter;
import dev.pilotlight.domain.limits.Counts;
import dev.pilotlight.domain.limits.UsageRow;
import dev.pilotlight.store.DamagedRows;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

final class JobItemTest {
  private static final UsageRow USED =
      new UsageRow("ada", "2026-11-30", "id", "m", Counts.NONE.with(Counter.ITEMS, 3));
  private static final JobItem ITEM =
      JobItem.first(new ObjectVersion("in", "a.jsonl", "v", "e", 1, "01", 5))
          .with(Billed.NONE.plus(List.of(USED)));

  /// Those that items of earlier releases lack.
  private static final Set<String> OPTIONAL =
      Set.of(
          "execution",
          "start",
          "lines_before",
          "modified",
          "spent_ms",
          "spent_hits",
          "spent_runs",
          "billed");

  @Test
  void itemIsReadAsItWasWritten() {
    assertThat(JobItem.of(ITEM.attributes())).contains(ITEM);
  }

  @Test
  void damagedAttributeIsRefusedByItsName() {
    DamagedRows.areRefused(ITEM.attributes(), OPTIONAL, Set.of(), JobItem::of);
  }

  @Test
  void stateCheckpointOrBillThatCannotBeReadIsRefusedByItsName() {
    AttributeValue bill =
        AttributeValue.fromM(
            Map.of(USED.place(), AttributeValue.fromM(Map.of("items", AttributeValue.fromS("3")))));
    for (var damage :
        Map.of(
                "state", AttributeValue.fromS("SLEEPING"),
                "progress", AttributeValue.fromB(SdkBytes.fromUtf8String("\u0001")),
                "billed", bill)
            .entrySet()) {
      Map<String, AttributeValue> row = new HashMap<>(ITEM.attributes());
      row.put(damage.getKey(), damage.getValue());
      assertThatIllegalStateException()
          .isThrownBy(() -> JobItem.of(row))
          .withMessageEndingWith(" has no valid attribute " + damage.getKey());
    }
  }
}
