package dev.pilotlight.model.repository;

import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.model.onnx.Execution;
import dev.pilotlight.suite.leaks.CapturedLog;
import dev.pilotlight.support.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/// Puts model repositories together in a temporary directory; the sample's files are copied.
public final class Repositories {
  public static final Path SAMPLE = Path.of("models/all-minilm-l6-v2/1");
  public static final String SAMPLE_NAME = "all-minilm-l6-v2";

  /// The most pixels of an image.
  public static final long PIXELS_MAX = 1_000_000;

  private Repositories() {}

  public static ModelSettings settings(Path root, Duration backOff) {
    return settings(root, Optional.empty(), 1L << 30, backOff);
  }

  public static ModelSettings settings(
      Path root, Optional<String> defaultModel, long bytesMax, Duration backOff) {
    return new ModelSettings(
        root.toString(),
        defaultModel,
        bytesMax,
        Long.MAX_VALUE,
        Optional.empty(),
        1,
        backOff,
        root.resolve("cache"),
        Duration.ZERO,
        Duration.ofSeconds(10),
        Long.MAX_VALUE,
        PIXELS_MAX,
        Execution.CPU);
  }

  public static ModelRepository open(Path root) {
    return open(root, Duration.ZERO, new CapturedLog());
  }

  public static ModelRepository open(Path root, Duration backOff, ByteArrayOutputStream log) {
    PrintStream lines = new PrintStream(log, true, StandardCharsets.UTF_8);
    return new ModelRepository(
        settings(root, backOff),
        () -> {
          throw new AssertionError("these models do not lie in S3");
        },
        new Log(lines, Log.Level.INFO));
  }

  /// The repository that ships.
  public static ModelRepository sample() {
    return open(Path.of("models"));
  }

  public static Path version(Path root, String name, int version) {
    return directory(root.resolve(name).resolve(Integer.toString(version)));
  }

  /// A version of an invented model with the sample's tokenizer.
  public static Path withTokenizer(Path root, String name, OnnxGraph graph) {
    Path version = version(root, name, 1);
    graph.write(version.resolve("model.onnx"));
    try {
      Files.copy(SAMPLE.resolve("tokenizer.json"), version.resolve("tokenizer.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return version;
  }

  static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Path directory(Path path) {
    try {
      return Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
