package dev.pilotlight.model.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.model.TextModels;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.format.LoadFailure;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PoolingTest {
  // five tokens of two dimensions; the first and the last row are padding
  private static final FloatBuffer HIDDEN =
      FloatBuffer.wrap(new float[] {99, 99, 1, -2, 4, 8, -3, 5, 99, 99});
  private static final TokenSpan ALL = new TokenSpan(1, 1, 4);
  private static final TokenSpan WITHOUT_FIRST = new TokenSpan(1, 2, 4);

  @Test
  void eachModePoolsTheTokensOfTheSpan() {
    assertThat(pool(PoolingMode.CLS, ALL)).containsExactly(1, -2);
    assertThat(pool(PoolingMode.MAX, ALL)).containsExactly(4, 8);
    assertThat(pool(PoolingMode.MEAN, ALL)).containsExactly(2 / 3f, 11 / 3f);
    assertThat(pool(PoolingMode.MEAN_SQRT_LEN_TOKENS, ALL))
        .containsExactly(TextModels.floats(2 / Math.sqrt(3), 11 / Math.sqrt(3)), within(1e-7f));
    // 1 * row 1 + 2 * row 2 + 3 * row 3, over 6
    assertThat(pool(PoolingMode.WEIGHTEDMEAN, ALL)).containsExactly(0, 29 / 6f);
    assertThat(pool(PoolingMode.LASTTOKEN, ALL)).containsExactly(-3, 5);
  }

  @Test
  void tokensOfThePromptAreLeftOutAndKeepTheirPositions() {
    assertThat(pool(PoolingMode.CLS, WITHOUT_FIRST)).containsExactly(4, 8);
    assertThat(pool(PoolingMode.MAX, WITHOUT_FIRST)).containsExactly(4, 8);
    assertThat(pool(PoolingMode.MEAN, WITHOUT_FIRST)).containsExactly(0.5f, 6.5f);
    // weights 2 and 3, as in sentence-transformers, which only masks the prompt
    assertThat(pool(PoolingMode.WEIGHTEDMEAN, WITHOUT_FIRST)).containsExactly(-1 / 5f, 31 / 5f);
    assertThat(pool(PoolingMode.LASTTOKEN, WITHOUT_FIRST)).containsExactly(-3, 5);
  }

  @Test
  void severalModesAreConcatenatedInTheirOrder() {
    Pooling pooling = new Pooling(List.of(PoolingMode.MAX, PoolingMode.CLS), true);

    assertThat(pooling.pool(HIDDEN, 2, ALL)).containsExactly(4, 8, 1, -2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"embedding_dimension\": 384, \"pooling_mode\": \"cls\", \"include_prompt\": true} | cls",
        "{\"pooling_mode\": \"lasttoken\"} | lasttoken",
        "{\"pooling_mode\": \"last\"} | lasttoken",
        "{\"pooling_mode\": \"max\"} | max",
        "{\"pooling_mode\": \"weightedmean\"} | weightedmean",
        "{\"pooling_mode\": \"mean_sqrt_len_tokens\"} | mean_sqrt_len_tokens",
        "{\"pooling_mode\": [\"mean\", \"cls\"]} | mean, cls",
        "{\"pooling_mode\": [\"max\"]} | max",
        "{\"pooling_mode_lasttoken\": true, \"pooling_mode_cls_token\": true} | cls, lasttoken",
        "{\"pooling_mode_weightedmean_tokens\": true, \"pooling_mode_mean_sqrt_len_tokens\": true,"
            + " \"pooling_mode_max_tokens\": true} | max, mean_sqrt_len_tokens, weightedmean",
        "{\"pooling_mode_cls_token\": false, \"pooling_mode_mean_tokens\": false} | mean",
        "{\"word_embedding_dimension\": 384} | mean",
        "{\"pooling_mode\": \"cls\", \"pooling_mode_mean_tokens\": true} | cls",
        "{\"pooling_mode\": null, \"pooling_mode_cls_token\": true} | cls",
      })
  void everyFormThatSentenceTransformersWritesIsRead(String json, String modes) {
    assertThat(Pooling.read(file(json)).label()).isEqualTo(modes);
  }

  @Test
  void promptIsPooledUnlessTheFileExcludesIt() {
    assertThat(Pooling.read(file("{\"pooling_mode\": \"mean\"}")).includesPrompt()).isTrue();
    assertThat(Pooling.read(file("{\"include_prompt\": false}")).includesPrompt()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"pooling_mode\": \"attention\"} | pooling_mode is attention",
        "{\"pooling_mode\": [\"cls\", \"median\"]} | pooling_mode is median",
        "{\"pooling_mode\": []} | pooling_mode is []",
        "{\"pooling_mode\": 7} | pooling_mode is 7",
        "{\"pooling_mode_median_tokens\": true} | asks for pooling_mode_median_tokens",
        "{\"pooling_mode_cls_token\": 1} | pooling_mode_cls_token is not accepted",
      })
  void anUnknownModeIsNamed(String json, String message) {
    assertThatThrownBy(() -> Pooling.read(file(json)))
        .isInstanceOf(LoadFailure.class)
        .hasMessageContainingAll("1_Pooling/config.json", message);
  }

  private static float[] pool(PoolingMode mode, TokenSpan span) {
    return Pooling.of(mode).pool(HIDDEN, 2, span);
  }

  private static JsonFile file(String json) {
    return JsonFile.of("1_Pooling/config.json", json.getBytes(StandardCharsets.UTF_8));
  }
}
