package dev.pilotlight.batch.lines;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Task;

/// Rejects lines whose answers do not fit into a Parquet row.
final class RowRules {
  private static final String ACCEPTED =
      "; accepted: a line with one text, or output-format jsonl in the object's user metadata";

  private RowRules() {}

  /// Checks the form of a line.
  ///
  /// @throws Refusal INVALID if its answer does not fit into a row
  static void requireForm(BatchLine asked) {
    switch (asked) {
      case BatchLine.Texts texts when texts.listed() ->
          throw refused(texts.field(), "a list of texts");
      case BatchLine.Texts _, BatchLine.Wrong _ -> {}
      case BatchLine.Request _ -> throw refused("url", "a request");
      case BatchLine.Tensors _ -> throw refused("inputs", "tensors");
    }
  }

  private static Refusal refused(String field, String what) {
    return Refusal.invalid(
        field, "the output is a Parquet file, which cannot hold the answer to " + what + ACCEPTED);
  }

  /// Checks the model of a line.
  ///
  /// @throws Refusal INVALID if its answers do not fit into a row
  static void requireModel(ModelInfo info) {
    if (info.task() != Task.EMBEDDING && info.task() != Task.TEXT_CLASSIFICATION) {
      throw Refusal.invalid(
          "model",
          ("the output is a Parquet file, which has no answers of model %s with the task %s;"
                  + " accepted: a model of embeddings or a classifier of texts, or output-format"
                  + " jsonl in the object's user metadata")
              .formatted(info.name(), info.task().label()));
    }
  }
}
