package dev.pilotlight.model.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.model.onnx.Execution;
import dev.pilotlight.support.Log;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models of 10 MB each, 16 MB while they load, in a process that has little memory.
final class ModelMemoryTest {
  private static final int MEGABYTE = 1 << 20;
  private static final long RESERVE = 64;
  @TempDir private Path root;

  @SuppressWarnings("NullAway.Init")
  private ModelRepository repository;

  @AfterEach
  void close() {
    if (repository != null) {
      repository.close();
    }
  }

  @Test
  void theEstimateFollowsTheKindOfWeights() {
    model("fp32", Datatype.FP32);
    model("int8", Datatype.INT8);

    assertThat(ModelMemory.estimate(files("fp32")) >> 20).isEqualTo(16);
    assertThat(ModelMemory.estimate(files("int8")) >> 20).isEqualTo(22);
    Repositories.write(root.resolve("fp32/1/tokenizer.json"), "x".repeat(MEGABYTE));
    assertThat(ModelMemory.estimate(files("fp32")) >> 20).isEqualTo(20);
  }

  @Test
  void theLeastRecentlyUsedIdleModelIsClosedBeforeAnotherIsLoaded() {
    List.of("a", "b", "c").forEach(name -> model(name, Datatype.FP32));
    open(RESERVE + 40);

    use("a");
    use("b");
    assertThat(states()).containsExactly("a READY", "b READY", "c UNLOADED");
    use("a");
    use("c");
    assertThat(states()).containsExactly("a READY", "b UNLOADED", "c READY");
    use("b");
    assertThat(states()).containsExactly("a UNLOADED", "b READY", "c READY");
  }

  @Test
  void aModelInUseIsNotClosedAndTheRefusalHasTheNumbers() {
    List.of("a", "b", "c").forEach(name -> model(name, Datatype.FP32));
    open(RESERVE + 40);

    try (ModelRepository.Use _ = repository.use()) {
      repository.get("a", null);
      repository.get("b", null);
      assertThatThrownBy(() -> repository.get("c", null))
          .isInstanceOfSatisfying(
              Refusal.class,
              refusal -> {
                assertThat(refusal.reason()).isEqualTo(Refusal.Reason.UNAVAILABLE);
                assertThat(refusal.retryAfter()).as("the others may be idle then").isPresent();
                assertThat(refusal.message())
                    .contains(
                        "loading takes about 16 MB",
                        "of the 104 MB that the process may have, 10 MB are free",
                        "0 idle models closed and 2 in use");
              });
      repository.get("a", null).prime();
    }
    assertThat(states()).containsExactly("a READY", "b READY", "c UNAVAILABLE");
    use("c");
    assertThat(states()).containsExactly("a UNLOADED", "b READY", "c READY");
  }

  @Test
  void aModelThatNeverFitsIsRefusedWithoutARetryAndClosesNothing() {
    model("a", Datatype.FP32);
    model("large", Datatype.INT8);
    open(RESERVE + 20);

    use("a");
    assertThatThrownBy(() -> repository.get("large", null))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.retryAfter()).isEmpty();
              assertThat(refusal.message()).contains("loading takes about 22 MB");
            });
    assertThat(states()).containsExactly("a READY", "large UNAVAILABLE");
  }

  @Test
  void aModelThatWasClosedIsLoadedAgainWithTheSameAnswers() {
    model("a", Datatype.FP32);
    model("b", Datatype.FP32);
    open(RESERVE + 20);

    String digest = repository.get("a", null).info().digest();
    use("b");
    assertThat(states()).containsExactly("a UNLOADED", "b READY");
    assertThat(repository.get("a", null).info().digest()).isEqualTo(digest);
    use("a");
  }

  @Test
  void aVersionForWhichThereIsNoRoomNowIsNotAnsweredByALowerOne() {
    OnnxModels.identity(Datatype.FP32, "n")
        .write(Repositories.version(root, "a", 1).resolve("model.onnx"));
    model("a", 2);
    model("b", Datatype.FP32);
    open(RESERVE + 20);
    use("a");

    try (ModelRepository.Use _ = repository.use()) {
      repository.get("b", null);
      assertThat(states()).containsExactly("a UNLOADED", "a UNLOADED", "b READY");
      assertThatThrownBy(() -> repository.get("a", null))
          .isInstanceOfSatisfying(
              Refusal.class, refusal -> assertThat(refusal.retryAfter()).isPresent())
          .hasMessageContaining("model a version 2", "1 in use");
    }
    assertThat(repository.get("a", null).info().version()).isEqualTo("2");
  }

  @Test
  void aModelThatAnswersIsNotClosedToTryNewerFilesOrAHigherVersion() {
    model("a", Datatype.FP32);
    open(RESERVE + 20);
    use("a");
    Model before = repository.get("a", null);

    model("a", Datatype.FP32, (byte) 1);
    model("a", 2);
    renew();

    assertThat(states()).containsExactly("a UNAVAILABLE", "a READY");
    for (ModelStatus status : repository.list()) {
      assertThat(status.reason()).contains("loading takes about 16 MB", "1 in use");
    }
    assertThat(repository.get("a", null)).isSameAs(before);
    before.prime();
  }

  @Test
  void newerFilesThatWereTriedInVainAnswerOnceTheOlderAreClosed() {
    model("a", Datatype.FP32);
    model("b", Datatype.FP32);
    open(RESERVE + 20);
    use("a");
    String older = repository.get("a", null).info().digest();
    model("a", Datatype.FP32, (byte) 1);
    renew();
    assertThat(repository.get("a", null).info().digest()).isEqualTo(older);

    use("b");
    assertThat(repository.get("a", null).info().digest()).isNotEqualTo(older);
    assertThat(repository.list().getFirst().reason()).isNull();
    repository.renew();
    repository.get("a", null).prime();
    assertThat(states()).containsExactly("a READY", "b UNLOADED");
  }

  @Test
  void aModelThatWasReplacedIsClosedBeforeOthers() {
    List.of("a", "b").forEach(name -> model(name, Datatype.FP32));
    open(RESERVE + 60);
    Model replaced;
    try (ModelRepository.Use _ = repository.use()) {
      replaced = repository.get("a", null);
      model("a", Datatype.FP32, (byte) 1);
      renew();
      assertThat(repository.get("a", null)).isNotSameAs(replaced);
      replaced.prime();
    }
    use("b");
    assertThatThrownBy(replaced::prime).isInstanceOf(IllegalStateException.class);
    assertThat(states()).containsExactly("a READY", "b READY");
  }

  @Test
  void memoryIsGivenBackToTheSystem() {
    model("a", Datatype.FP32);
    open(Long.MAX_VALUE >> 20);
    use("a");

    ModelMemory.trim(); // must not fail with any C library
    assertThat(ModelMemory.residentBytes()).isGreaterThan(10 * MEGABYTE);
  }

  private void use(String name) {
    try (ModelRepository.Use _ = repository.use()) {
      repository.get(name, null).prime();
    }
  }

  private List<String> states() {
    return repository.list().stream().map(each -> each.name() + " " + each.state()).toList();
  }

  /// Each loaded model counts with 15 MB.
  private void open(long megabytes) {
    ModelSettings settings =
        new ModelSettings(
            root.toString(),
            Optional.empty(),
            1L << 30,
            Long.MAX_VALUE,
            Optional.empty(),
            1,
            Duration.ZERO,
            root.resolve("cache"),
            Duration.ZERO,
            Duration.ofSeconds(10),
            megabytes << 20,
            Repositories.PIXELS_MAX,
            Execution.CPU);
    repository =
        new ModelRepository(
            settings,
            () -> {
              throw new AssertionError("these models are not in S3");
            },
            new Log(System.out, Log.Level.ERROR),
            InstantSource.system(),
            this::resident);
  }

  /// Lists again, which needs a caller that got no answer, and adopts the changes.
  private void renew() {
    assertThatThrownBy(() -> repository.get("none", null)).isInstanceOf(Refusal.class);
    repository.renew();
  }

  private long resident() {
    return 15L * MEGABYTE * states().stream().filter(state -> state.endsWith("READY")).count();
  }

  private void model(String name, Datatype type) {
    write(name, 1, type, (byte) 0);
  }

  private void model(String name, int version) {
    write(name, version, Datatype.FP32, (byte) 0);
  }

  private void model(String name, Datatype type, byte fill) {
    write(name, 1, type, fill);
  }

  private void write(String name, int version, Datatype type, byte fill) {
    byte[] data = new byte[10 * MEGABYTE];
    Arrays.fill(data, fill);
    Tensor weights = new Tensor("w", type, new long[] {10L * MEGABYTE / type.size()}, data);
    OnnxModels.identity(Datatype.FP32, "n")
        .initializer(weights)
        .write(Repositories.version(root, name, version).resolve("model.onnx"));
  }

  private ModelFiles files(String name) {
    return ModelFiles.in(root.resolve(name).resolve("1"), Long.MAX_VALUE);
  }
}
