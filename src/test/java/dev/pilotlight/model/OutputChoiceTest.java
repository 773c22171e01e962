package dev.pilotlight.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.model.format.LoadFailure;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Outputs are written as `name/rank`; `name/?3` declares no rank and has 3 when it runs.
final class OutputChoiceTest {
  @ParameterizedTest
  @CsvSource({
    "last_hidden_state/3 sentence_embedding/2, sentence_embedding, true, false",
    "last_hidden_state/3 text_embeds/2, text_embeds, true, false",
    "embeddings/2, embeddings, true, false",
    "token_embeddings/3 last_hidden_state/3, last_hidden_state, false, false",
    "pooler_output/2 last_hidden_state/3, last_hidden_state, false, false",
    "sentence_embedding/3, sentence_embedding, false, false",
    "output_0/3, output_0, false, false",
    "dense_vecs/2 sparse_vecs/3 colbert_vecs/3, dense_vecs, true, false",
    "x/2, x, true, false",
    "pooler_output/2, pooler_output, true, false",
    "x/3, x, false, true",
    "pooler_output/2 x/3, x, false, true",
    "logits/3 x/3, x, false, true",
    "sentence_embedding/?2 last_hidden_state/3, sentence_embedding, true, false",
    "sentence_embedding/?3, sentence_embedding, false, false",
    "x/?2, x, true, false",
    "x/?3, x, false, true",
  })
  void oneOutputIsTheEmbedding(String outputs, String name, boolean pooled, boolean assumed) {
    OutputChoice choice = OutputChoice.choose(specs(outputs), rank(outputs));

    assertThat(choice.output().name()).isEqualTo(name);
    assertThat(choice.pooled()).isEqualTo(pooled);
    assertThat(choice.assumed()).isEqualTo(assumed);
  }

  @ParameterizedTest
  @CsvSource({
    "a/2 b/2",
    "logits/3",
    "logits/2",
    "x/4",
    "x/1",
  })
  void ambiguousOutputsAreListed(String outputs) {
    assertThatThrownBy(() -> OutputChoice.choose(specs(outputs), rank(outputs)))
        .isInstanceOf(LoadFailure.class)
        .hasMessageContaining(outputs.substring(0, outputs.indexOf('/')))
        .hasMessageContaining("sentence_embedding, text_embeds, embeddings");
  }

  private static List<TensorSpec> specs(String outputs) {
    return Arrays.stream(outputs.split(" ", -1))
        .map(
            output -> {
              String rank = output.substring(output.indexOf('/') + 1);
              int sizes = rank.startsWith("?") ? 0 : Integer.parseInt(rank);
              return new TensorSpec(
                  output.substring(0, output.indexOf('/')),
                  Datatype.FP32,
                  Collections.nCopies(sizes, -1L));
            })
        .toList();
  }

  private static ToIntFunction<TensorSpec> rank(String outputs) {
    Map<String, Integer> ranks =
        Arrays.stream(outputs.replace("?", "").split(" ", -1))
            .map(output -> output.split("/", -1))
            .collect(Collectors.toMap(parts -> parts[0], parts -> Integer.parseInt(parts[1])));
    return output -> ranks.get(output.name());
  }
}
