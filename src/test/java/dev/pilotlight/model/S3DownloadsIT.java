package dev.pilotlight.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.model.repository.Repositories;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Copying models from S3 to local disk: once, whole, or not at all.
final class S3DownloadsIT extends S3Models {
  @Test
  void concurrentFirstUsesDownloadOnce() throws Exception {
    put("once/a/1/model.onnx", IDENTITY);
    ModelRepository repository = repository("s3://models/once");

    List<Model> models = new ArrayList<>();
    try (ExecutorService callers = Executors.newFixedThreadPool(16)) {
      Callable<Model> use = () -> repository.get("a", null);
      for (Future<Model> model : callers.invokeAll(Collections.nCopies(32, use))) {
        models.add(model.get());
      }
    }

    assertThat(models).hasSize(32).containsOnly(models.getFirst());
    assertThat(gets()).hasSize(1);
  }

  @Test
  void anotherProcessUsesTheCopyThatIsThere() {
    put("shared/a/1/model.onnx", IDENTITY);
    repository("s3://models/shared").get("a", null);
    assertServes(repository("s3://models/shared").get("a", null));
    assertThat(gets()).hasSize(1);

    put("shared/a/1/model.onnx", OnnxModels.identity(Datatype.FP32, "other").toBytes());
    assertServes(repository("s3://models/shared").get("a", null));
    assertThat(gets()).as("a changed object is copied anew").hasSize(2);
  }

  @Test
  void twoProcessesMayDownloadAtTheSameTime() throws Exception {
    put("race/a/1/model.onnx", IDENTITY);
    List<ModelRepository> repositories = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      repositories.add(repository("s3://models/race"));
    }
    try (ExecutorService processes = Executors.newFixedThreadPool(8)) {
      List<Callable<Model>> uses = new ArrayList<>();
      repositories.forEach(repository -> uses.add(() -> repository.get("a", null)));
      for (Future<Model> model : processes.invokeAll(uses)) {
        assertServes(model.get());
      }
    }
    assertThat(copies()).hasSize(1);
  }

  @Test
  void aDownloadThatAlwaysBreaksOffIsRefusedAndLeavesNoCopy() {
    put("cut/a/1/config.json", "{}".getBytes(StandardCharsets.UTF_8));
    put("cut/a/1/model.onnx", IDENTITY);
    between.rule(
        call -> call.uri().getPath().endsWith(".onnx") ? new Fate.Fail(403, "") : new Fate.Pass());
    ModelRepository repository = repository("s3://models/cut");

    assertUnavailable(repository, "a", "its files cannot be read from S3");
    assertThat(copies()).singleElement().asString().startsWith("partial-");

    between.rule(call -> new Fate.Pass());
    assertServes(repository.get("a", null));
    assertThat(copies()).singleElement().asString().startsWith("a-1-");
  }

  @Test
  void partialsOfAKilledProcessAreRemovedAndThoseOfALivingOneAreNot() {
    put("left/a/1/model.onnx", IDENTITY);
    Repositories.write(disk.resolve("partial-999999999-1-x/model.onnx"), "half");
    // the same number, but started at another time
    long self = ProcessHandle.current().pid();
    Repositories.write(disk.resolve("partial-%d-1-x/model.onnx".formatted(self)), "half");
    long start = ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli();
    String living = "partial-%d-%d-x".formatted(self, start);
    Repositories.write(disk.resolve(living).resolve("model.onnx"), "half");

    assertServes(repository("s3://models/left").get("a", null));

    assertThat(copies()).hasSize(2).contains(living);
  }

  @Test
  void anObjectThatChangesDuringTheDownloadIsNotMixedWithTheOthers() {
    put("changing/a/1/config.json", "{}".getBytes(StandardCharsets.UTF_8));
    put("changing/a/1/model.onnx", IDENTITY);
    byte[] changed = OnnxModels.identity(Datatype.FP32, "changed").toBytes();
    between.rule(
        call -> {
          if (call.uri().getPath().endsWith("config.json")) {
            put("changing/a/1/model.onnx", changed);
          }
          return new Fate.Pass();
        });
    ModelRepository repository = repository("s3://models/changing");

    assertServes(repository.get("a", null));
    assertThat(copies()).as("only what was of one state is kept").hasSize(1);
    assertThat(files())
        .filteredOn(file -> file.endsWith("model.onnx"))
        .allSatisfy(file -> assertThat(Path.of(file)).hasBinaryContent(changed));
  }

  @Test
  void oldCopiesOfAVersionMakeRoomForANewOne() throws IOException {
    put("room/a/1/model.onnx", IDENTITY);
    put("room/a-1/1/model.onnx", IDENTITY);
    repository("s3://models/room").get("a", null);
    repository("s3://models/room").get("a-1", null);
    List<String> before = copies();
    assertThat(before).hasSize(2);
    for (String copy : before) {
      Files.setLastModifiedTime(
          disk.resolve(copy), FileTime.from(Instant.now().minus(Duration.ofMinutes(2))));
    }

    put("room/a/1/model.onnx", OnnxModels.identity(Datatype.FP32, "other").toBytes());
    assertServes(repository("s3://models/room").get("a", null));

    assertThat(copies()).hasSize(2).filteredOn(before::contains).hasSize(1);
    assertThat(copies()).anyMatch(copy -> copy.startsWith("a-1-1-"));
  }

  @Test
  void aModelOverTheLimitIsNotDownloaded() {
    Tensor weights = new Tensor("w", Datatype.INT8, new long[] {1_000}, new byte[1_000]);
    byte[] graph =
        OnnxModels.identity(Datatype.FP32, "n").initializerIn("weights.bin", weights).toBytes();
    put("size/a/1/model.onnx", graph);
    put("size/a/1/weights.bin", weights.data());
    put("size/a/1/model.safetensors", new byte[5_000]);
    int bytes = graph.length + 1_000;

    ModelRepository small =
        repository("s3://models/size", "MODEL_BYTES_MAX", Integer.toString(bytes - 1));
    assertUnavailable(
        small,
        "a",
        "its files have %d bytes; PILOTLIGHT_MODEL_BYTES_MAX is %d".formatted(bytes, bytes - 1));
    assertThat(gets()).noneMatch(path -> path.endsWith("weights.bin"));
    assertThat(copies()).isEmpty();

    assertServes(
        repository("s3://models/size", "MODEL_BYTES_MAX", Integer.toString(bytes)).get("a", null));
  }
}
