package dev.pilotlight.model;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.model.onnx.Execution;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.model.repository.Repositories;
import dev.pilotlight.suite.leaks.CapturedLog;
import dev.pilotlight.support.Log;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/// A directory of models that changes while the process runs, with a clock that the test turns.
public abstract class ChangingModels {
  public static final Duration SETTLE = Duration.ofSeconds(10);
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private final CapturedLog log = new CapturedLog();
  public final ManualClock clock = new ManualClock(START);
  @TempDir public Path root;

  private final Log lines =
      new Log(new PrintStream(log, true, StandardCharsets.UTF_8), Log.Level.INFO);

  @SuppressWarnings("NullAway.Init")
  public ModelRepository repository;

  @AfterEach
  void close() {
    if (repository != null) {
      repository.close();
    }
  }

  public void open() {
    open(Long.MAX_VALUE, () -> 0);
  }

  /// Opens the directory with a limit of memory.
  ///
  /// @param resident asked before a model is loaded next to another one, after its files were
  ///   checked, unless the memory has no limit
  public void open(long memoryBytesMax, LongSupplier resident) {
    ModelSettings settings =
        new ModelSettings(
            root.toString(),
            Optional.empty(),
            1L << 30,
            Long.MAX_VALUE,
            Optional.empty(),
            1,
            Duration.ofSeconds(5),
            root.resolve("cache"),
            SETTLE,
            // the test renews by hand, so that nothing happens at the same time
            Duration.ofSeconds(10),
            memoryBytesMax,
            Repositories.PIXELS_MAX,
            Execution.CPU);
    repository =
        new ModelRepository(
            settings,
            () -> {
              throw new AssertionError("these models are not in S3");
            },
            lines,
            clock,
            resident);
  }

  public void renewAfter(Duration time) {
    clock.turn(time);
    repository.renew();
  }

  public float answer(String name, @Nullable String version) {
    return run(repository.get(name, version));
  }

  public static float run(Model model) {
    Tensor input = Tensor.ofFloats("x", new long[] {1}, new float[] {0});
    return model
        .run(new Item.Tensors(List.of(input), List.of("y")))
        .outputs()
        .getFirst()
        .floats()[0];
  }

  /// `y` = `x` + a number.
  public static OnnxGraph plus(float number) {
    return new OnnxGraph("plus")
        .input("x", Datatype.FP32, 1)
        .output("y", Datatype.FP32, 1)
        .initializer(Tensor.ofFloats("w", new long[] {1}, new float[] {number}))
        .node("Add", List.of("x", "w"), List.of("y"));
  }

  public void write(String folder, OnnxGraph graph) {
    graph.write(root.resolve(folder).resolve("model.onnx"));
    date(folder + "/model.onnx");
  }

  public void touch(String file) {
    Repositories.write(root.resolve(file), "");
    date(file);
  }

  /// As if it had been written now, by the test's clock.
  public void date(String file) {
    try {
      Files.setLastModifiedTime(root.resolve(file), FileTime.from(clock.instant()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String logged() {
    lines.writeAllRepeats();
    return log.toString(StandardCharsets.UTF_8);
  }
}
