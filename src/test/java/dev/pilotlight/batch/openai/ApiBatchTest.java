package dev.pilotlight.batch.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Instant;
import java.util.HashMap;
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "owner",
        "input_file",
        "endpoint",
        "output_seconds",
        "bucket",
        "key",
        "status",
        "total",
        "completed",
        "failed",
        "tokens",
        "created",
        "window_ends"
      })
  void rowWithoutARequiredAttributeIsRefusedByItsName(String name) {
    Map<String, AttributeValue> row = new HashMap<>(BATCH.attributes());
    row.remove(name);
    assertThatIllegalStateException()
        .isThrownBy(() -> ApiBatch.of("batch_1", row))
        .withMessage("the item openai-batch#batch_1 has no valid attribute " + name);
  }
}
