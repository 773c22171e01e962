package dev.pilotlight.batch.lines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.task.ResultForm;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.protocol.openinference.InferModels;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ResultSizesTest {
  private static final ModelInfo CLASSIFIER = InferModels.classifier();
  private static final Item TEXT = new Item.Text("a", false);
  private static final Item PAIR = new Item.Pair("a", "b", false);

  @Test
  void resultOfAClassifierHasTheLogitsOfItsTwoLabels() {
    assertThat(new ResultSizes().estimate(CLASSIFIER, PAIR)).isEqualTo(128 + 2 * 4);
  }

  /// A text may have 256 tokens.
  @Test
  void resultOfATokenClassifierHasTheLogitsOfAllTokens() {
    assertThat(new ResultSizes().estimate(InferModels.tokenClassifier(), TEXT))
        .isEqualTo(128 + 256 * (64 + 2 * 4));
  }

  /// 65 bytes and the text of 16 characters for each of 3 tokens of 2 masks, whatever other lines
  /// had.
  @Test
  void resultOfMasksHasASequenceForEachTokenOfEach() {
    ModelInfo model = InferModels.masks();
    Item text = new Item.Text("[MASK] or [MASK]", false);
    Item masks = new Item.InForm(text, new ResultForm.FillMask(3, List.of()));
    ResultSizes sizes = new ResultSizes();
    sizes.record(model, masks, new Result(List.of(), 3));

    assertThat(sizes.estimate(model, masks)).isEqualTo(128 + 6 * (65 + 16));
  }

  @Test
  void estimateFollowsTheLargestResult() {
    ResultSizes sizes = new ResultSizes();
    Tensor logits = Tensor.ofFloats("logits", new long[] {1_000}, new float[1_000]);

    sizes.record(CLASSIFIER, PAIR, new Result(List.of(logits), 3));

    assertThat(sizes.estimate(CLASSIFIER, TEXT)).isEqualTo(128 + 4_000);
  }
}
