package dev.pilotlight.model.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.files.GraphChoice;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.support.Log;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

final class ModelRepositoryTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  @TempDir private Path root;

  @Test
  void theHighestVersionIsTheDefault() {
    identity("a", 2);
    identity("a", 10);
    identity("a", 9);

    try (ModelRepository repository = Repositories.open(root)) {
      assertThat(repository.get("a", null).info().version()).isEqualTo("10");
      assertThat(repository.get("a", "9").info().version()).isEqualTo("9");
      assertThat(repository.list())
          .extracting(ModelStatus::version)
          .containsExactly("10", "9", "2");
    }
  }

  @Test
  void theFirstModelByNameIsTheDefaultUnlessOneIsSet() {
    identity("b", 1);
    identity("a", 1);

    try (ModelRepository repository = Repositories.open(root)) {
      assertThat(repository.defaultModel()).isEqualTo("a");
    }
    ModelSettings set = Repositories.settings(root, Optional.of("b"), 1 << 20, LONG);
    try (ModelRepository repository =
        new ModelRepository(set, ModelRepositoryTest::noS3, quiet())) {
      assertThat(repository.defaultModel()).isEqualTo("b");
    }
  }

  @Test
  void withoutAnyModelEverythingIsUnavailableOrNotFoundButNothingCrashes() {
    Path missing = root.resolve("missing");
    try (ModelRepository repository = Repositories.open(missing)) {
      assertThat(repository.list()).isEmpty();
      assertRefused(repository, "a", null, Refusal.Reason.NOT_FOUND, "model");
      assertThatThrownBy(repository::defaultModel)
          .isInstanceOfSatisfying(
              Refusal.class, e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.UNAVAILABLE));
    }
  }

  @Test
  void namesThatAreNotListedNeverReachTheFileSystem() {
    identity("a", 1);

    try (ModelRepository repository = Repositories.open(root.resolve("a").resolve(".."))) {
      for (String name :
          List.of("", ".", "..", "../b", "a/", "a/1", "a/..", "a\u0000", "../a\u0000", "/", "b")) {
        assertRefused(repository, name, null, Refusal.Reason.NOT_FOUND, "model");
      }
      for (String version :
          List.of(
              "", "2", "01", "+1", "-1", " 1", "1/", "../1", "1\u0000", "99999999999999999999")) {
        assertRefused(repository, "a", version, Refusal.Reason.NOT_FOUND, "version");
      }
      assertThat(repository.get("a", "1").info().name()).isEqualTo("a");
    }
  }

  @Test
  void folderWithoutAModelIsIgnoredOrUnavailable() {
    identity("a", 1);
    Repositories.write(root.resolve("README.md"), "not a model");
    Repositories.write(root.resolve("docs/index.html"), "not a model");
    Repositories.write(root.resolve(".git/1/model.onnx"), "not a model");
    Repositories.write(root.resolve("c/latest/model.onnx"), "not a version");
    Repositories.write(root.resolve("e/0/model.onnx"), "not a version that a path may name");
    Repositories.write(root.resolve("b/1/weights.safetensors"), "not a graph");

    try (ModelRepository repository = Repositories.open(root)) {
      assertThat(repository.list())
          .extracting(ModelStatus::name, ModelStatus::state, ModelStatus::reason)
          .containsExactly(
              tuple("a", ModelStatus.State.UNLOADED, null),
              tuple("b", ModelStatus.State.UNAVAILABLE, GraphChoice.NO_GRAPH));
      assertRefused(repository, "b", null, Refusal.Reason.UNAVAILABLE, null);
      assertRefused(repository, "c", null, Refusal.Reason.NOT_FOUND, "model");
    }
  }

  @Test
  void aBrokenModelIsUnavailableAndTheOthersAreNot() {
    identity("good", 1);
    Repositories.write(root.resolve("broken/1/model.onnx"), "this is not protobuf");

    try (ModelRepository repository = Repositories.open(root, LONG, log)) {
      assertThatThrownBy(() -> repository.get("broken", null))
          .isInstanceOfSatisfying(
              Refusal.class,
              e -> {
                assertThat(e.reason()).isEqualTo(Refusal.Reason.UNAVAILABLE);
                assertThat(e.retryAfter()).as("a retry would not help").isEmpty();
                assertThat(e.message())
                    .startsWith("model broken version 1 cannot be loaded: model.onnx is not")
                    .doesNotContain(root.toString(), ".cc");
              });
      assertThat(repository.get("good", null).info().task()).isEqualTo(Task.TENSORS);
      assertThat(repository.list())
          .extracting(ModelStatus::name, ModelStatus::state)
          .containsExactly(
              tuple("broken", ModelStatus.State.UNAVAILABLE),
              tuple("good", ModelStatus.State.READY));
      // what happened is for the log, once
      assertRefused(repository, "broken", null, Refusal.Reason.UNAVAILABLE, null);
      assertThat(logged("model not loaded")).isEqualTo(1);
    }
  }

  @Test
  void aFailedLoadIsTriedAgainOnceTheBackOffIsOver() {
    Path graph = root.resolve("a/1/model.onnx");
    Repositories.write(graph, "this is not protobuf");

    try (ModelRepository repository = Repositories.open(root, Duration.ZERO, log)) {
      assertRefused(repository, "a", null, Refusal.Reason.UNAVAILABLE, null);
      OnnxModels.identity(Datatype.FP32, "n").write(graph);
      assertThat(repository.get("a", null).info().name()).isEqualTo("a");
    }
  }

  @Test
  void concurrentFirstCallersShareOneLoad() throws InterruptedException {
    Repositories.copy(Repositories.SAMPLE, root.resolve("sample/1"));
    try (ModelRepository repository = Repositories.open(root, LONG, log);
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      Callable<Model> first = () -> repository.get("sample", null);
      List<Future<Model>> models = threads.invokeAll(Collections.nCopies(8, first));

      assertThat(new HashSet<>(models.stream().map(Future::resultNow).toList())).hasSize(1);
      assertThat(logged("model loaded")).isEqualTo(1);
    }
  }

  @Test
  void stringsReachTheGraphAsTheyAre() {
    OnnxModels.words().write(Repositories.version(root, "words", 1).resolve("model.onnx"));
    try (ModelRepository repository = Repositories.open(root)) {
      Model model = repository.get("words", null);
      model.prime();
      long[] shape = {OnnxModels.LABEL_KEYS.size()};
      Tensor text = Tensor.ofStrings("text", shape, OnnxModels.LABEL_KEYS);

      assertThat(model.run(new Item.Tensors(List.of(text), List.of("word"))).outputs())
          .containsExactly(Tensor.ofStrings("word", shape, OnnxModels.WORDS));
    }
  }

  @Test
  void aModelPutThereLaterIsFound() {
    try (ModelRepository repository = Repositories.open(root)) {
      assertThat(repository.list()).isEmpty();
      identity("late", 1);
      assertThat(repository.get("late", null).info().name()).isEqualTo("late");
    }
  }

  @Test
  void aModelOverTheLimitIsRefusedBeforeItIsOpened() {
    identity("a", 1);
    ModelSettings small = Repositories.settings(root, Optional.empty(), 10, LONG);

    try (ModelRepository repository =
        new ModelRepository(small, ModelRepositoryTest::noS3, quiet())) {
      assertThatThrownBy(() -> repository.get("a", null))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("PILOTLIGHT_MODEL_BYTES_MAX is 10");
    }
  }

  @Test
  void aClosedRepositoryAnswersNoMore() {
    identity("a", 1);
    ModelRepository repository = Repositories.open(root);
    Model model = repository.get("a", null);

    repository.close();

    assertThatThrownBy(model::prime).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> repository.get("a", null)).isInstanceOf(IllegalStateException.class);
  }

  private void identity(String name, int version) {
    OnnxModels.identity(Datatype.FP32, "n")
        .write(Repositories.version(root, name, version).resolve("model.onnx"));
  }

  private static void assertRefused(
      ModelRepository repository,
      String name,
      @Nullable String version,
      Refusal.Reason reason,
      @Nullable String field) {
    assertThatThrownBy(() -> repository.get(name, version))
        .as("%s version %s", name, version)
        .isInstanceOfSatisfying(
            Refusal.class,
            e -> {
              assertThat(e.reason()).isEqualTo(reason);
              assertThat(e.field()).isEqualTo(Optional.ofNullable(field));
            });
  }

  private long logged(String message) {
    return log.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("\"" + message + "\""))
        .count();
  }

  private static Log quiet() {
    return new Log(System.out, Log.Level.ERROR);
  }

  private static S3Client noS3() {
    throw new AssertionError("these models do not lie in S3");
  }
}
