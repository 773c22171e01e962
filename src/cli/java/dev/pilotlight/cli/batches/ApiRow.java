package dev.pilotlight.cli.batches;

import dev.pilotlight.batch.openai.ApiBatchKeys;
import dev.pilotlight.cli.aws.Rows;
import dev.pilotlight.cli.clients.Item;
import dev.pilotlight.model.files.JsonFile;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The row of a batch of OpenAI's API in the table of results. Its requests are in an object of the
/// bucket In, and its answers are files of the API.
///
/// @param id as the API names it
record ApiRow(String id, Item row) {
  /// The key of the row of an object, if the object's key is that of such a batch.
  static Optional<String> rowKey(BatchObject object) {
    String id = ApiBatchKeys.idOf(object.key());
    return id.isEmpty() ? Optional.empty() : Optional.of(ApiBatchKeys.row(id));
  }

  /// An object's row; empty if it is that of another object.
  static Optional<ApiRow> of(BatchObject object, Item row) {
    return row.text("bucket").equals(object.bucket()) && row.text("key").equals(object.key())
        ? Optional.of(new ApiRow(ApiBatchKeys.idOf(object.key()), row))
        : Optional.empty();
  }

  private String status() {
    return row.text("status");
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

  /// Why it was refused, or that it expired; else empty.
  String reason() {
    if (status().equals("EXPIRED")) {
      return "expired: not all of its requests were answered within its 24 hours";
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

  /// Requests that are answered, failed ones included.
  long lines() {
    return row.number("completed") + row.number("failed");
  }

  long failed() {
    return row.number("failed");
  }
}
