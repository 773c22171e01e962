package dev.pilotlight.model.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.model.files.FileState;
import dev.pilotlight.model.files.ModelVersion;
import dev.pilotlight.model.format.LoadFailure;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelsLockTest {
  private static final String DIGEST = "0123456789abcdef".repeat(4);
  private static final String FILE = "{\"bytes\": 5, \"sha256\": \"%s\"}".formatted(DIGEST);

  @Test
  void aRenderedLockReadsBackTheSame() {
    TreeMap<String, FileState> files = new TreeMap<>();
    files.put("a/2/model.onnx", new FileState(5, Instant.EPOCH, "", DIGEST));
    files.put("a/2/weights \"ü\".bin", new FileState(0, Instant.EPOCH, "", DIGEST));
    files.put("direct/model.onnx", new FileState(1L << 40, Instant.EPOCH, "", DIGEST));
    ModelsLock lock = new ModelsLock(files);

    byte[] text = lock.render();

    assertThat(ModelsLock.of(text)).isEqualTo(lock);
    assertThat(lock.versions()).extracting(ModelVersion::folder).containsExactly("a/2", "direct");
    assertThat(new String(text, StandardCharsets.UTF_8))
        .startsWith("{\n  \"lockVersion\": 1,\n  \"files\": {\n    \"a/2/model.onnx\": " + FILE)
        .endsWith("\n  }\n}\n");
    assertThat(ModelsLock.pin(text)).matches("[0-9a-f]{32}").isEqualTo(ModelsLock.pin(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{`lockVersion`:2,`files`:{`m/1/model.onnx`:F}} | lockVersion is not accepted; it takes 1",
        "{`files`:{`m/1/model.onnx`:F}} | lockVersion is not accepted; it takes 1",
        "{`lockVersion`:`1`,`files`:{`m/1/model.onnx`:F}} | lockVersion is not accepted",
        "{V,`files`:{`m/1/model.onnx`:F},`more`:1} | models.lock: more is not known",
        "{V,`files`:{}} | models.lock lists no file",
        "{V,`files`:[]} | files is not an object",
        "{`lockVersion`:1} | models.lock lists no file",
        "{V,`files`:{`m/1/model.onnx`:F,`m/1/model.onnx`:F}} | a key twice",
        "{V,`files`:{`m/1/model.onnx`:{`bytes`:5}}} | sha256 is not accepted",
        "{V,`files`:{`m/1/model.onnx`:{`bytes`:-1,`sha256`:`D`}}} | bytes is not",
        "{V,`files`:{`m/1/model.onnx`:{`bytes`:1,`sha256`:`x`}}} | 64 hexadecimal",
        "{V,`files`:{`m/1/model.onnx`:{`bytes`:1,`sha256`:`D`,`x`:1}}} | x is not known",
        "{V,`files`:{`m/1/model.onnx`:F,`m/1/a\\u0000b`:F}} | a path has a control character at 5",
        "{V,`files`:{`m/1/model.onnx`:F,`m/1/a\\nb`:F}} | a path has a control character at 5",
        "{V,`files`:{`README.txt`:F}} | README.txt is not a file",
        "{V,`files`:{`m/1/model.onnx`:F,`a b/1/x.onnx`:F}} | a b/1/x.onnx is not",
        "{V,`files`:{`m/1/model.onnx`:F,`m/1/../2/x`:F}} | m/1/../2/x is not a file",
        "{V,`files`:{`m/1/model.onnx`:F | not valid JSON"
      })
  void aLockThatIsNotUnderstoodWholeIsRefused(String text, String reason) {
    String json =
        text.replace("{V,", "{`lockVersion`:1,")
            .replace('`', '"')
            .replace("\"D\"", '"' + DIGEST + '"')
            .replace(":F", ":" + FILE);

    assertThatThrownBy(() -> ModelsLock.of(json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(LoadFailure.class)
        .hasMessageContaining(reason);
  }
}
