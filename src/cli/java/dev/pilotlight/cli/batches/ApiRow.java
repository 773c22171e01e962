package dev.pilotlight.cli.batches;

import dev.pilotlight.batch.openai.ApiBatchKeys;
import dev.pilotlight.cli.aws.Rows;
import dev.pilotlight.cli.clients.Item;
import dev.pilotlight.model.files.JsonFile;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The row of a batch of OpenAI's API in the results table. An object of the bucket In has the
/// requests; files of the API have the answers.
///
/// @param id as the API names it
record ApiRow(String id, Item row) {
  /// The key of the row that belongs to an object; empty if the object's key does not name such a
  /// batch.
  static Optional<String> rowKey(BatchObject object) {
    String id = ApiBatchKeys.idOf(object.key());
    return id.isEmpty() ? Optional.empty() : Optional.of(ApiBatchKeys.row(id));
  }

  /// The row, if it belongs to this object.
  static Optional<ApiRow> of(BatchObject object, Item row) {
    return row.requiredText("bucket").equals(object.bucket())
            && row.requiredText("key").equals(object.key())
        ? Optional.of(new ApiRow(ApiBatchKeys.idOf(object.key()), row))
        : Optional.empty();
  }

  private String status() {
    return row.requiredText("status");
  }

  /// The state of a batch that has ended.
  Optional<BatchState> end() {
    return switch (status()) {
      case "COMPLETED" -> Optional.of(BatchState.DONE);
      case "CANCELLED" -> Optional.of(BatchState.CANCELLED);
      case "FAILED", "EXPIRED" -> Optional.of(BatchState.FAILED);
      default -> Optional.empty();
    };
  }

  /// Why the batch failed, or that it expired; empty otherwise.
  String reason() {
    if (status().equals("EXPIRED")) {
      return "expired: 24 hours passed before all of its requests were answered";
    }
    if (!status().equals("FAILED") || row.text("errors").isEmpty()) {
      return "";
    }
    String json = "{\"errors\":" + row.text("errors") + "}";
    JsonFile errors = JsonFile.of(id, json.getBytes(StandardCharsets.UTF_8));
    return Rows.of(errors, "errors").stream()
        .findFirst()
        .map(error -> String.valueOf(error.get("message")))
        .orElse("");
  }

  /// Number of answered requests, including failed ones.
  long lines() {
    return row.requiredNumber("completed") + failed();
  }

  long failed() {
    return row.requiredNumber("failed");
  }
}
