package dev.pilotlight.golden;

import dev.pilotlight.model.Model;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The sample model as it ships, int8, and the one it was quantised from, fp32; with the profile
/// `golden` also two others, of which the artifacts hold no configuration.
final class SampleModels implements AutoCloseable {
  private static final Path SHIPPED = Path.of("models");

  /// The build fetches graphs and tokenizers to here.
  private static final Path FETCHED = Path.of("target/models");

  /// The texts were written for this limit.
  private static final String LIMIT = "{\"max_tokens\": 256}";

  private final List<ModelRepository> repositories;

  SampleModels() throws IOException {
    copyConfiguration(
        SHIPPED.resolve(Golden.INT8).resolve("1"), FETCHED.resolve(Golden.FP32).resolve("1"));
    for (String model : List.of(Golden.BGE, Golden.E5)) {
      Path version = FETCHED.resolve(model).resolve("1");
      if (Files.isDirectory(version)) {
        Files.writeString(version.resolve("pilotlight.json"), LIMIT);
      }
    }
    repositories = List.of(repository(SHIPPED), repository(FETCHED));
  }

  Model int8() {
    return repositories.getFirst().get(Golden.INT8, null);
  }

  Model fp32() {
    return repositories.getLast().get(Golden.FP32, null);
  }

  /// One of [Golden#BGE] and [Golden#E5].
  Model fetched(String name) {
    return repositories.getLast().get(name, null);
  }

  private static ModelRepository repository(Path directory) {
    Settings settings =
        new Settings(
            Map.of("PILOTLIGHT_MODELS", directory.toString(), "PILOTLIGHT_MODEL_SETTLE_MS", "0"));
    return new ModelRepository(
        ModelSettings.from(settings),
        () -> {
          throw new IllegalStateException("a directory needs no S3");
        },
        new Log(System.out, Log.Level.WARN));
  }

  /// Both have the same configuration; the artifacts hold none.
  private static void copyConfiguration(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(path -> path.toString().endsWith("onfig.json")).toList()) {
        copy(file, to.resolve(from.relativize(file)));
      }
    }
    copy(from.resolve("modules.json"), to.resolve("modules.json"));
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() {
    repositories.forEach(ModelRepository::close);
  }
}
