package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.ModelPolicy;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.task.Labels.Scoring;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Models of each task, and answers of theirs.
public final class InferModels {
  private static final List<TensorSpec> TOKEN_INPUTS =
      List.of(
          spec("input_ids", Datatype.INT64, -1, -1),
          spec("attention_mask", Datatype.INT64, -1, -1),
          spec("token_type_ids", Datatype.INT64, -1, -1));

  private static final Labels LABELS = new Labels(List.of("negative", "positive"), Scoring.SOFTMAX);

  private InferModels() {}

  static ModelInfo embedding(int dimensions) {
    return model(
        Task.EMBEDDING,
        dimensions,
        TOKEN_INPUTS,
        List.of(spec("last_hidden_state", Datatype.FP32, -1, -1, dimensions)));
  }

  public static ModelInfo classifier() {
    return model(
        Task.TEXT_CLASSIFICATION, 0, TOKEN_INPUTS, List.of(spec("logits", Datatype.FP32, -1, 2)));
  }

  public static ModelInfo tokenClassifier() {
    return model(
        Task.TOKEN_CLASSIFICATION,
        0,
        TOKEN_INPUTS,
        List.of(spec("logits", Datatype.FP32, -1, -1, 2)));
  }

  /// A model whose mask is `[MASK]`.
  public static ModelInfo masks() {
    return model(
        Task.FILL_MASK,
        0,
        TOKEN_INPUTS,
        List.of(spec("logits", Datatype.FP32, -1, -1, 30)),
        List.of(new Fact(ModelInfo.MASK_FACT, "[MASK]", Fact.GRAPH)));
  }

  static ModelInfo tensors(List<TensorSpec> inputs, List<TensorSpec> outputs) {
    return model(Task.TENSORS, 0, inputs, outputs);
  }

  static ModelInfo withInput(TensorSpec input) {
    return tensors(List.of(input), List.of(spec("y", Datatype.FP32, -1)));
  }

  public static ModelInfo withOutputs(TensorSpec... outputs) {
    return tensors(List.of(spec("x", Datatype.UINT8, -1)), List.of(outputs));
  }

  static TensorSpec spec(String name, Datatype datatype, long... shape) {
    return new TensorSpec(name, datatype, Arrays.stream(shape).boxed().toList());
  }

  static ResultKey key(int number) {
    return new ResultKey("%043d".formatted(number));
  }

  /// The answer to item `number`.
  static Answer answer(int number, Tensor... outputs) {
    return new Answer(key(number), new Result(List.of(outputs), 3), Tier.RUN);
  }

  private static ModelInfo model(
      Task task, int dimensions, List<TensorSpec> inputs, List<TensorSpec> outputs) {
    return model(task, dimensions, inputs, outputs, List.of());
  }

  private static ModelInfo model(
      Task task,
      int dimensions,
      List<TensorSpec> inputs,
      List<TensorSpec> outputs,
      List<Fact> facts) {
    return new ModelInfo(
        "m",
        "2",
        task,
        "d",
        "r",
        256,
        dimensions,
        task == Task.TEXT_CLASSIFICATION || task == Task.TOKEN_CLASSIFICATION
            ? Optional.of(LABELS)
            : Optional.empty(),
        inputs,
        outputs,
        List.of(),
        Optional.empty(),
        facts,
        List.of(),
        "",
        ModelPolicy.DEFAULT);
  }
}
