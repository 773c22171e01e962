package dev.pilotlight.model.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.S3Models;
import dev.pilotlight.model.files.GraphChoice;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// Models under an S3 prefix: what is found, and what if it cannot be.
final class S3ModelsIT extends S3Models {
  @Test
  void severalModelsAndVersionsAreListedAndServed() {
    put("several/a/2/model.onnx", IDENTITY);
    put("several/a/10/onnx/model.onnx", IDENTITY);
    put("several/b/1/model.onnx", IDENTITY);
    put("several/b/1/README.md", new byte[10]);
    put("several/broken/1/weights.bin", new byte[10]);
    put("several/c/latest/model.onnx", IDENTITY);
    put("several/model.onnx", IDENTITY);
    put("severalmore/d/1/model.onnx", IDENTITY);
    ModelRepository repository = repository("s3://models/several");

    assertThat(repository.list())
        .extracting(ModelStatus::name, ModelStatus::version, ModelStatus::state)
        .containsExactly(
            tuple("a", "10", ModelStatus.State.UNLOADED),
            tuple("a", "2", ModelStatus.State.UNLOADED),
            tuple("b", "1", ModelStatus.State.UNLOADED),
            tuple("broken", "1", ModelStatus.State.UNAVAILABLE));
    assertThat(repository.defaultModel()).isEqualTo("a");
    assertThat(repository.get("a", null).info().version()).isEqualTo("10");
    assertServes(repository.get("a", "2"));
    assertServes(repository.get("a", "10"));
    assertServes(repository.get("b", null));
    assertThat(gets()).noneMatch(path -> path.endsWith("README.md"));
    assertUnavailable(repository, "broken", GraphChoice.NO_GRAPH);
  }

  @Test
  void aListingOfSeveralPagesIsReadToItsEnd() {
    for (int i = 0; i < 1_005; i++) {
      put("pages/a/docs/%04d.txt".formatted(i), new byte[0]);
    }
    put("pages/b/1/model.onnx", IDENTITY);
    ModelRepository repository = repository("s3://models/pages");

    assertServes(repository.get("b", null));
    assertThat(between.calls())
        .filteredOn(call -> String.valueOf(call.uri().getQuery()).contains("prefix=pages/"))
        .filteredOn(call -> call.uri().getQuery().contains("continuation-token"))
        .isNotEmpty();
  }

  @Test
  void thePrefixMayEndInASlashOrBeMissing() {
    put("slash/a/1/model.onnx", IDENTITY);
    assertServes(repository("s3://models/slash/").get("a", null));

    s3.createBucket(create -> create.bucket("whole-bucket"));
    put("whole-bucket", "a/1/model.onnx", IDENTITY);
    assertServes(repository("s3://whole-bucket").get("a", null));
    assertServes(repository("s3://whole-bucket/").get("a", null));
  }

  @Test
  void weightsNextToTheGraphAreDownloaded() {
    Tensor weights = Tensor.ofFloats("w", new long[] {2}, new float[] {40, 50});
    OnnxGraph graph =
        new OnnxGraph("plus")
            .input("x", Datatype.FP32, 2)
            .output("y", Datatype.FP32, 2)
            .initializerIn("model.onnx_data", weights)
            .node("Add", List.of("x", "w"), List.of("y"));
    put("outside/plus/1/onnx/model.onnx", graph.toBytes());
    put("outside/plus/1/onnx/model.onnx_data", weights.data());

    Model model = repository("s3://models/outside").get("plus", null);

    assertThat(answer(model, 2, 3)).containsExactly(42, 53);
  }

  @Test
  void oddKeysDoNoHarm() {
    Tensor weights = Tensor.ofFloats("w", new long[] {2}, new float[] {0, 0});
    OnnxGraph graph =
        new OnnxGraph("plus")
            .input("x", Datatype.FP32, 2)
            .output("y", Datatype.FP32, 2)
            .initializerIn("weights + more %41 ü&<.bin", weights)
            .node("Add", List.of("x", "w"), List.of("y"));
    put("odd ü+%25/a/1/model.onnx", graph.toBytes());
    put("odd ü+%25/a/1/weights + more %41 ü&<.bin", weights.data());
    put("odd ü+%25/a/1/", new byte[0]);
    put("odd ü+%25/a/", new byte[0]);
    put("odd ü+%25/b c/1/model.onnx", IDENTITY);
    put("odd ü+%25/.hidden/1/model.onnx", IDENTITY);
    ModelRepository repository = repository("s3://models/odd ü+%25");

    assertThat(repository.list()).extracting(ModelStatus::name).containsExactly("a");
    assertServes(repository.get("a", null));
    assertThat(files()).anyMatch(file -> file.endsWith("weights + more %41 ü&<.bin"));
  }

  @Test
  void aMissingBucketIsUnavailableAndRecoversAfterTheBackOff() throws InterruptedException {
    Duration backOff = Duration.ofMillis(1_500);
    ModelRepository repository = repository("s3://late-bucket/m", "MODEL_RETRY_MS", "1500");

    long start = System.nanoTime();
    assertThatThrownBy(() -> repository.get("a", null))
        .isInstanceOfSatisfying(
            Refusal.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Refusal.Reason.UNAVAILABLE);
              assertThat(e.retryAfter()).hasValueSatisfying(t -> assertThat(t).isPositive());
              assertThat(e.message()).isEqualTo("the model repository cannot be read from S3");
            });
    int calls = between.calls().size();
    assertThatThrownBy(repository::list).isInstanceOf(Refusal.class);
    assertThatThrownBy(repository::defaultModel).isInstanceOf(Refusal.class);
    if (System.nanoTime() - start < backOff.toNanos()) {
      assertThat(between.calls()).as("S3 is left alone").hasSize(calls);
    }

    s3.createBucket(create -> create.bucket("late-bucket"));
    put("late-bucket", "m/a/1/model.onnx", IDENTITY);
    assertServes(eventually(repository, "a"));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(backOff);
  }

  @Test
  void aVersionThatCannotBeReadNowIsNotAnsweredByALowerOne() {
    put("lower/a/1/model.onnx", IDENTITY);
    put("lower/a/2/model.onnx", IDENTITY);
    ModelRepository repository = repository("s3://models/lower");
    between.rule(
        call ->
            call.uri().getPath().endsWith("/a/2/model.onnx")
                ? new Fate.Fail(403, "")
                : new Fate.Pass());

    assertUnavailable(repository, "a", "its files cannot be read from S3");
    between.rule(call -> new Fate.Pass());
    assertThat(repository.get("a", null).info().version()).isEqualTo("2");
  }

  @Test
  void pilotlightJsonIsReadOnceForEachState() {
    put("hints/a/1/model.onnx", IDENTITY);
    put("hints/a/1/tokenizer.json", new byte[1]);
    put(
        "hints/a/1/pilotlight.json",
        "{\"aliases\":[\"other\"],\"task\":\"tensors\"}".getBytes(StandardCharsets.UTF_8));
    ModelRepository repository = repository("s3://models/hints", "MODEL_RETRY_MS", "60000");
    between.rule(
        call ->
            call.uri().getPath().endsWith("pilotlight.json")
                ? new Fate.Fail(403, "")
                : new Fate.Pass());
    assertThatThrownBy(() -> repository.nameOf("other"))
        .isInstanceOfSatisfying(
            Refusal.class, e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.UNAVAILABLE))
        .hasMessageContaining("pilotlight.json cannot be read from S3");

    between.rule(call -> new Fate.Pass());
    int gets = gets().size();
    for (int i = 0; i < 3; i++) {
      assertThat(repository.nameOf("other")).isEqualTo("a");
      assertThat(repository.defaultModel()).isEqualTo("a");
    }
    assertThat(gets()).hasSize(gets + 1);
  }

  @Test
  void aLargePilotlightJsonIsNotReadForNames() {
    put("large/a/1/model.onnx", IDENTITY);
    put("large/a/1/pilotlight.json", new byte[(64 << 10) + 1]);
    ModelRepository repository = repository("s3://models/large");

    assertThatThrownBy(() -> repository.nameOf("other")).hasMessageContaining("no model 'other'");
    assertThat(gets()).isEmpty();
  }

  @Test
  void aBrokenModelAndANameOfSeveralAreRefusedByTheListingAsItIs() {
    put("broken/a/1/model.onnx", new byte[10]);
    byte[] aliases = "{\"aliases\":[\"same\"]}".getBytes(StandardCharsets.UTF_8);
    for (String name : List.of("b", "c")) {
      put("broken/%s/1/model.onnx".formatted(name), IDENTITY);
      put("broken/%s/1/pilotlight.json".formatted(name), aliases);
    }
    ModelRepository repository = repository("s3://models/broken");
    assertThat(repository.list()).hasSize(3);
    int calls = between.calls().size();

    assertThatThrownBy(() -> repository.get("a", "1"))
        .isInstanceOfSatisfying(Refusal.class, e -> assertThat(e.retryAfter()).isEmpty());
    assertThatThrownBy(() -> repository.nameOf("same"))
        .isInstanceOfSatisfying(
            Refusal.class, e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.INVALID));
    assertThat(between.calls().subList(calls, between.calls().size()))
        .noneMatch(call -> String.valueOf(call.uri().getQuery()).contains("list-type"));
  }

  @Test
  void concurrentListRequestsCauseOneListing() throws Exception {
    put("parallel/a/1/model.onnx", IDENTITY);
    ModelRepository repository = repository("s3://models/parallel", "MODEL_RETRY_MS", "1000");
    assertThat(repository.list()).hasSize(1);
    Thread.sleep(1_100);
    int calls = between.calls().size();

    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        var _ = threads.submit(repository::list);
      }
    }
    assertThat(between.calls()).hasSize(calls + 1);
  }

  @Test
  void aListingThatFailsLaterKeepsWhatWasKnown() {
    put("later/a/1/model.onnx", IDENTITY);
    ModelRepository repository = repository("s3://models/later");
    assertThat(repository.list()).hasSize(1);

    between.rule(call -> new Fate.Fail(403, ""));
    assertThat(repository.list()).hasSize(1);
    assertUnavailable(repository, "a", "its files cannot be read from S3");

    between.rule(call -> new Fate.Pass());
    assertServes(repository.get("a", null));
  }
}
