package dev.pilotlight.model;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.task.ResultForm;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.model.head.Head;
import dev.pilotlight.model.head.MaskHead;
import dev.pilotlight.model.head.SpladeHead;
import dev.pilotlight.model.head.TokenVectorsHead;
import dev.pilotlight.model.onnx.Graph;
import dev.pilotlight.model.text.TokenIds;

/// The heads by which a model gives results in other forms than its usual one. The class loads with
/// the first item that wants one.
record FormHeads(TextPath path, ModelInfo info) {
  private static final String ACCEPTED = "; accepted: a model that has them";

  /// @throws Refusal INVALID if the model has no such result; doors refuse it before, in their
  ///   words
  Head of(ResultForm form) {
    return switch (form) {
      case ResultForm.TokenVectors() ->
          new TokenVectorsHead(
              info.tokenVectors()
                  .map(TensorSpec::name)
                  .orElseThrow(() -> none("vectors of tokens")));
      case ResultForm.Sparse() -> sparse();
      case ResultForm.FillMask wanted -> {
        if (path.head() instanceof MaskHead masks) {
          yield masks.in(wanted);
        }
        throw none("tokens for masks");
      }
    };
  }

  private Head sparse() {
    if (path.head() instanceof SpladeHead head) {
      return head;
    }
    Head other = path.sparse();
    if (other == null) {
      throw none("weights of tokens");
    }
    return other;
  }

  private Refusal none(String what) {
    return Refusal.invalid(
        Item.FIELD, "model %s has no %s%s".formatted(info.name(), what, ACCEPTED));
  }

  /// Refuses a text whose graph output does not fit memory, before the graph computes it.
  ///
  /// @throws Refusal INVALID
  static void requireFits(ModelInfo info, Head head, TokenIds tokens) {
    for (TensorSpec output : info.graphOutputs()) {
      if (output.name().equals(head.graphOutput()) && !output.shape().isEmpty()) {
        long size = Math.max(0, output.shape().getLast());
        long perToken = size * output.datatype().size();
        if (perToken * tokens.count() > Graph.OUTPUT_BYTES_MAX) {
          throw Refusal.invalid(
              Item.FIELD,
              ("the text has %d tokens, and the graph computes %d values for each: more than %d"
                      + " bytes; accepted: up to %d tokens; shorten the text")
                  .formatted(
                      tokens.count(),
                      size,
                      Graph.OUTPUT_BYTES_MAX,
                      Graph.OUTPUT_BYTES_MAX / perToken));
        }
      }
    }
  }
}
