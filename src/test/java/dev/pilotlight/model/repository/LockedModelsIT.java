package dev.pilotlight.model.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.S3Models;
import dev.pilotlight.model.files.FileState;
import dev.pilotlight.model.lock.ModelsLock;
import dev.pilotlight.support.Sha256;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Models under an S3 prefix with a lock: a change of models is a deployment.
final class LockedModelsIT extends S3Models {
  private static final Tensor WEIGHTS = Tensor.ofFloats("w", new long[] {2}, new float[] {40, 50});
  private static final byte[] PLUS =
      new OnnxGraph("plus")
          .input("x", Datatype.FP32, 2)
          .output("y", Datatype.FP32, 2)
          .initializerIn("weights.bin", WEIGHTS)
          .node("Add", List.of("x", "w"), List.of("y"))
          .toBytes();

  @Test
  void aHalfUploadedModelIsServedByTheNextDeploymentOnly() {
    put("half/a/1/model.onnx", IDENTITY);
    String before = lock("half", Map.of("a/1/model.onnx", IDENTITY));
    ModelRepository old = repository("s3://models/half", "MODELS_LOCK", before);
    assertServes(old.get("a", null));

    put("half/a/2/model.onnx", PLUS);
    String after =
        lock(
            "half",
            Map.of(
                "a/1/model.onnx", IDENTITY,
                "a/2/model.onnx", PLUS,
                "a/2/weights.bin", WEIGHTS.data()));
    ModelRepository tooEarly = repository("s3://models/half", "MODELS_LOCK", after);
    String fault =
        "models.lock: weights.bin is missing; expected: 8 bytes with the SHA-256 "
            + Sha256.hex(WEIGHTS.data());
    assertUnavailable(tooEarly, "a", fault);
    assertThat(tooEarly.lockFaults()).containsExactly("model a version 2: " + fault);
    old.renew();
    assertServes(old.get("a", null));

    put("half/a/2/weights.bin", WEIGHTS.data());
    tooEarly.renew();
    assertUnavailable(tooEarly, "a", fault);
    old.renew();
    assertServes(old.get("a", null));
    assertThatThrownBy(() -> old.get("a", "2")).isInstanceOf(Refusal.class);

    ModelRepository next = repository("s3://models/half", "MODELS_LOCK", after);
    assertThat(answer(next.get("a", null), 2, 3)).containsExactly(42, 53);
    assertThat(next.lockFaults()).isEmpty();
    // rolled back: the old pin, while the new files are there
    assertServes(repository("s3://models/half", "MODELS_LOCK", before).get("a", null));
  }

  @Test
  void anotherObjectOfTheSameSizeIsRefusedOnceDownloaded() {
    byte[] other = OnnxModels.identity(Datatype.FP32, "m").toBytes();
    assertThat(other).hasSameSizeAs(IDENTITY);
    put("other/a/1/model.onnx", other);
    String pin = lock("other", Map.of("a/1/model.onnx", IDENTITY));
    ModelRepository repository = repository("s3://models/other", "MODELS_LOCK", pin);
    String fault =
        "models.lock: model.onnx has the SHA-256 %s; expected: %s"
            .formatted(Sha256.hex(other), Sha256.hex(IDENTITY));

    assertUnavailable(repository, "a", fault);
    assertThat(copies()).isEmpty();
    int gets = gets().size();
    assertUnavailable(repository, "a", fault);
    assertThat(gets()).as("is not downloaded again").hasSize(gets);
  }

  @Test
  void anUnpinnedLockIsTheOneThatWasThereAtTheStart() {
    put("plain/a/1/model.onnx", IDENTITY);
    put("plain/b/1/model.onnx", IDENTITY);
    put("plain/models.lock", text(Map.of("a/1/model.onnx", IDENTITY)));
    ModelRepository repository = repository("s3://models/plain");
    assertThat(repository.list()).extracting(ModelStatus::name).containsExactly("a");

    put("plain/models.lock", text(Map.of("b/1/model.onnx", IDENTITY)));
    repository.renew();
    assertServes(repository.get("a", null));
    assertThat(repository("s3://models/plain").list())
        .extracting(ModelStatus::name)
        .containsExactly("b");
  }

  @Test
  void aPinWithoutItsLockAndALockOfAnotherDigestServeNothing() {
    put("pins/a/1/model.onnx", IDENTITY);
    String pin = "0".repeat(32);
    assertThatThrownBy(() -> repository("s3://models/pins", "MODELS_LOCK", pin).get("a", null))
        .hasMessageContaining("the pinned lock models.lock.d/%s is missing".formatted(pin));

    byte[] text = text(Map.of("a/1/model.onnx", IDENTITY));
    put("pins/models.lock.d/" + pin, text);
    assertThatThrownBy(() -> repository("s3://models/pins", "MODELS_LOCK", pin).get("a", null))
        .hasMessageContaining(
            "the SHA-256 of models.lock.d/%s begins with %s; expected: %s"
                .formatted(pin, ModelsLock.pin(text), pin));
  }

  @Test
  void aResumedDownloadIsCheckedAsAWhole() {
    put("resumed/a/1/model.onnx", IDENTITY);
    String pin = lock("resumed", Map.of("a/1/model.onnx", IDENTITY));
    AtomicBoolean cut = new AtomicBoolean();
    between.rule(
        call ->
            call.uri().getPath().endsWith("model.onnx") && cut.compareAndSet(false, true)
                ? new Fate.Cut()
                : new Fate.Pass());

    assertServes(repository("s3://models/resumed", "MODELS_LOCK", pin).get("a", null));

    assertThat(cut).isTrue();
    assertThat(gets()).filteredOn(path -> path.endsWith("model.onnx")).hasSize(2);
  }

  @Test
  void piecesOfTwoObjectsAreReadOnceMoreAsAWhole() {
    byte[] other = IDENTITY.clone();
    Arrays.fill(other, (byte) 1);
    put("pieces/a/1/model.onnx", other);
    String pin = lock("pieces", Map.of("a/1/model.onnx", IDENTITY));
    AtomicBoolean cut = new AtomicBoolean();
    between.rule(
        call -> {
          if (!call.uri().getPath().endsWith("model.onnx")) {
            return new Fate.Pass();
          }
          if (cut.compareAndSet(false, true)) {
            return new Fate.Cut();
          }
          put("pieces/a/1/model.onnx", IDENTITY);
          return new Fate.Pass();
        });

    assertServes(repository("s3://models/pieces", "MODELS_LOCK", pin).get("a", null));

    assertThat(gets()).filteredOn(path -> path.endsWith("model.onnx")).hasSize(3);
  }

  @Test
  void aModelLargerThanTheDiskIsRefusedWithTheParametersName() {
    byte[] weights = new byte[3 << 20];
    OnnxGraph graph =
        OnnxModels.identity(Datatype.FP32, "n")
            .initializerIn("w.bin", new Tensor("w", Datatype.INT8, new long[] {3 << 20}, weights));
    put("large/a/1/model.onnx", graph.toBytes());
    put("large/a/1/w.bin", weights);

    assertUnavailable(
        repository("s3://models/large", "MODEL_DISK_MB", "3"),
        "a",
        "its files have %d bytes; /tmp has 3 MB: EphemeralStorage must be at least 4"
            .formatted(weights.length + graph.toBytes().length));
    assertServes(repository("s3://models/large", "MODEL_DISK_MB", "4").get("a", null));
  }

  private static String lock(String prefix, Map<String, byte[]> files) {
    byte[] text = text(files);
    String pin = ModelsLock.pin(text);
    put(prefix + "/" + ModelsLock.PINNED + pin, text);
    return pin;
  }

  private static byte[] text(Map<String, byte[]> files) {
    TreeMap<String, FileState> states = new TreeMap<>();
    files.forEach(
        (path, content) ->
            states.put(
                path, new FileState(content.length, Instant.EPOCH, "", Sha256.hex(content))));
    return new ModelsLock(states).render();
  }
}
