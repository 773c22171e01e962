package dev.pilotlight.batch.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.pilotlight.store.DamagedRows;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

final class ApiBatchTest {
  private static final ApiBatch BATCH =
      ApiBatch.validating(
          "batch_1",
          "key:ada",
          Set.of("minilm"),
          new NewBatch("file-1", "/v1/embeddings", Map.of("a", "b"), 3_600),
          "in",
          "openai/batch_1.jsonl",
          Instant.ofEpochSecond(1_000));

  @Test
  void rowIsReadAsItWasWritten() {
    assertThat(ApiBatch.of("batch_1", BATCH.attributes())).isEqualTo(BATCH);
  }

  @Test
  void rowWithoutMetadataHasNone() {
    Map<String, AttributeValue> row = new HashMap<>(BATCH.attributes());
    row.remove("metadata");
    assertThat(ApiBatch.of("batch_1", row).asked().metadata()).isEmpty();
  }

  @Test
  void damagedAttributeIsRefusedByItsName() {
    Map<String, AttributeValue> row = new HashMap<>(BATCH.attributes());
    row.put("errors", AttributeValue.fromS("[]"));
    row.put("output_file", AttributeValue.fromS("file-2"));
    row.put("error_file", AttributeValue.fromS("file-3"));
    row.put("finalizing_at", AttributeValue.fromN("2000"));
    DamagedRows.areRefused(
        row,
        Set.of("metadata", "models", "errors", "output_file", "error_file", "finalizing_at"),
        Set.of("pk", "expires_at"),
        item -> ApiBatch.of("batch_1", item));
  }

  @ParameterizedTest
  @ValueSource(strings = {"models", "metadata", "status"})
  void valueThatIsNotAsWrittenIsRefusedByItsName(String name) {
    Map<String, AttributeValue> row = new HashMap<>(BATCH.attributes());
    AttributeValue number = AttributeValue.fromN("1");
    row.put(
        name,
        switch (name) {
          case "models" -> AttributeValue.fromL(List.of(number));
          case "metadata" -> AttributeValue.fromM(Map.of("a", number));
          default -> AttributeValue.fromS("paused");
        });
    assertThatIllegalStateException()
        .isThrownBy(() -> ApiBatch.of("batch_1", row))
        .withMessage("the item openai-batch#batch_1 has no valid attribute " + name);
  }
}
