package dev.pilotlight.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.format.LoadFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Settings of `preprocessor_config.json`: those without effect, and those that are refused.
public final class ProcessorFileTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String CLIP =
      """
      {"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 32}, "resample": 3,
       "crop_size": 32, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}""";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          do_pad                | true                       | do_pad is true
          do_reduce_labels      | true                       | do_reduce_labels is true
          do_flip_channel_order | true                       | do_flip_channel_order is true
          size_divisor          | 32                         | size_divisor is 32
          crop_pct              | 0.9                        | crop_pct is 0.9
          use_square_size       | true                       | use_square_size is true
          rescale_offset        | true                       | rescale_offset is true
          include_top           | true                       | include_top is true
          data_format           | "channels_last"            | data_format is channels_last
          input_data_format     | "channels_last"            | input_data_format is channels_last
          auto_map              | {"AutoImageProcessor":"x"} | auto_map is
          image_processor_type  | "DetrImageProcessor"       | image_processor_type is DetrImage
          image_processor_type  | "clip"                     | image_processor_type is clip
          image_processor_type  | 3                          | image_processor_type is not accepted
          image_processor_type  | null                       | image_processor_type is missing
          size                  | null                       | size is missing
          size                  | 0                          | size is not accepted
          size                  | -3                         | size is not accepted
          size                  | 8193                       | size is not accepted
          size                  | 3.5                        | size is not accepted
          size                  | [32, 32]                   | size is not accepted
          size                  | {}                         | size is not accepted
          size                  | {"longest_edge": 32}       | size is not accepted
          size                  | {"shortest_edge": 3, "longest_edge": 9} | size is not accepted
          size                  | {"height": 32}             | size is not accepted
          size                  | {"height": 32, "width": "a"} | size is not accepted
          size                  | {"max_height": 3, "max_width": 3} | size is not accepted
          resample              | null                       | resample is missing
          resample              | 6                          | resample is not accepted
          resample              | "bicubic"                  | resample is not accepted
          do_resize             | "yes"                      | do_resize is not accepted
          crop_size             | null                       | crop_size is missing
          crop_size             | {"shortest_edge": 32}      | crop_size is not accepted
          rescale_factor        | "1/255"                    | rescale_factor is not accepted
          image_mean            | null                       | image_mean is missing
          image_mean            | [0.5]                      | image_mean is not accepted
          image_mean            | 0.5                        | image_mean is not accepted
          image_mean            | [0.5, 0.5, "a"]            | image_mean is not accepted
          image_mean            | [0.5, 0.5, NaN]            | image_mean is not accepted
          image_std             | [0.5, 0, 0.5]              | image_std is not accepted
          """)
  void refusesAFieldByItsName(String key, String value, String message) throws IOException {
    String json = with(key, value);

    assertThatThrownBy(() -> read(json))
        .isInstanceOf(LoadFailure.class)
        .hasMessageContaining("preprocessor_config.json")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          default_to_square     | true
          do_pad                | false
          do_pad                | null
          do_convert_rgb        | false
          size_divisor          | null
          processor_class       | "CLIPProcessor"
          feature_extractor_type | "DetrFeatureExtractor"
          data_format           | "channels_first"
          """)
  void takesAFieldWithoutEffect(String key, String value) throws IOException {
    assertThat(read(with(key, value))).usingRecursiveComparison().isEqualTo(read(CLIP));
  }

  private static String with(String key, String value) throws IOException {
    return CLIP.contains("\"" + key + "\"")
        ? replaced(key, value)
        : CLIP.replaceFirst("\\{", "{\"" + key + "\": " + value + ",");
  }

  private static String replaced(String key, String value) throws IOException {
    ObjectNode clip = (ObjectNode) MAPPER.readTree(CLIP);
    clip.putRawValue(key, new RawValue(value));
    return MAPPER.writeValueAsString(clip);
  }

  private static ImageProcessor read(String json) {
    return ProcessorFile.read(
        JsonFile.of("preprocessor_config.json", json.getBytes(StandardCharsets.UTF_8)));
  }
}
