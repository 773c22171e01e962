package dev.pilotlight.model.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.model.ImageGraphs;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.model.repository.Repositories;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The part of a result's key that a model's image processor decides.
public final class ImageKeysTest {
  private static final String NAME = "pictures";
  private static final String EVERY_FIELD =
      """
      {"image_processor_type": "EfficientNetImageProcessor", "do_resize": true, "resample": 2,
       "size": {"height": 18, "width": 18}, "do_center_crop": true, "crop_size": 16,
       "do_rescale": true, "rescale_factor": 0.01, "rescale_offset": true, "do_normalize": true,
       "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "include_top": true}""";

  @TempDir private Path root;

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          "resample": 2,              "resample": 3
          "height": 18,               "height": 20
          "crop_size": 16,            "crop_size": 17
          "do_center_crop": true,     "do_center_crop": false
          "do_rescale": true,         "do_rescale": false
          "rescale_factor": 0.01,     "rescale_factor": 0.011
          "rescale_offset": true,     "rescale_offset": false
          "do_normalize": true,       "do_normalize": false
          "image_mean": [0.5,         "image_mean": [0.4
          "image_std": [0.5,          "image_std": [0.4
          "include_top": true,        "include_top": false
          """)
  void anotherProcessorGivesOtherKeys(String before, String after) {
    Path files = ImageGraphs.classifier(root, NAME);
    Path processor = files.resolve("preprocessor_config.json");
    Repositories.write(processor, EVERY_FIELD);
    String plan = plan();
    String changed = EVERY_FIELD.replace(before, after);
    Repositories.write(processor, changed);

    assertThat(changed).isNotEqualTo(EVERY_FIELD);
    assertThat(plan()).isNotEqualTo(plan);
  }

  private String plan() {
    try (ModelRepository repository = Repositories.open(root)) {
      return repository.get(NAME, null).info().plan();
    }
  }
}
