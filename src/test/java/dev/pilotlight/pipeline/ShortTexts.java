package dev.pilotlight.pipeline;

import dev.pilotlight.model.TokenTables;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// A repository with the model `m`, which takes texts of at most 8 tokens.
final class ShortTexts {
  private ShortTexts() {}

  /// @param root an empty folder
  static ModelRepository in(Path root) throws IOException {
    Path version = root.resolve("m/1");
    TokenTables.hidden(TokenTables.VOCABULARY, Map.of()).write(version.resolve("model.onnx"));
    Files.copy(
        Path.of("models/all-minilm-l6-v2/1/tokenizer.json"), version.resolve("tokenizer.json"));
    Files.writeString(version.resolve("pilotlight.json"), "{\"max_tokens\":8}");
    Settings settings =
        new Settings(
            Map.of("PILOTLIGHT_MODELS", root.toString(), "PILOTLIGHT_MODEL_SETTLE_MS", "0"));
    return new ModelRepository(
        ModelSettings.from(settings),
        () -> {
          throw new AssertionError("no S3 here");
        },
        new Log(System.out, Log.Level.ERROR));
  }
}
