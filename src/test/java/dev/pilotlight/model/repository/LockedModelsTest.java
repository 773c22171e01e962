package dev.pilotlight.model.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.ChangingModels;
import dev.pilotlight.model.files.ContentDigest;
import dev.pilotlight.model.files.FileState;
import dev.pilotlight.model.lock.ModelsLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// A directory with `models.lock`: what it lists is served, and nothing else.
final class LockedModelsTest extends ChangingModels {
  @Test
  void onlyListedVersionsAndFilesAreServedAndNothingIsAdopted() throws IOException {
    write("m/1", plus(1));
    write("other/1", plus(5));
    lock("m/1/model.onnx");
    // it would give the model a name if it were read
    Repositories.write(root.resolve("m/1/pilotlight.json"), "{\"aliases\":[\"unlisted\"]}");
    write("m/2", plus(2));
    open();

    // no time to settle: the lock lists the whole version
    assertThat(answer("m", null)).isEqualTo(1);
    assertThat(repository.list()).extracting(s -> s.name() + s.version()).containsExactly("m1");
    assertNotFound("other");
    assertNotFound("unlisted");

    write("m/3", plus(3));
    lock("m/3/model.onnx");
    renewAfter(Duration.ofMinutes(1));
    assertThat(answer("m", null)).isEqualTo(1);
    assertThat(repository.list()).hasSize(1);

    repository.close();
    open();
    assertThat(answer("m", null)).isEqualTo(3);
  }

  @Test
  void anotherFileIsRefusedWithNameExpectedAndFoundAndStaysRefused() throws IOException {
    write("m/1", plus(1));
    write("m/2", plus(2));
    lock("m/1/model.onnx", "m/2/model.onnx");
    String expected = sha256("m/2/model.onnx");
    write("m/2", plus(3));
    String found = sha256("m/2/model.onnx");
    open();
    String fault =
        "models.lock: model.onnx has the SHA-256 %s; expected: %s".formatted(found, expected);

    assertRefused("m", "model m version 2 cannot be loaded: " + fault);
    assertThatThrownBy(() -> repository.look("m"))
        .as("not skipped: other environments may have the right file")
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(fault);
    assertThat(repository.list().getFirst().reason()).isEqualTo(fault);
    assertThat(repository.lockFaults()).containsExactly("model m version 2: " + fault);
    assertThat(answer("m", "1")).as("the other version, if it is named").isEqualTo(1);

    write("m/2", plus(2));
    renewAfter(Duration.ofHours(1));
    assertRefused("m", fault);

    repository.close();
    open();
    assertThat(answer("m", null)).isEqualTo(2);
    assertThat(repository.lockFaults()).isEmpty();
  }

  @Test
  void fileThatIsReplacedBetweenItsDigestAndItsLoadIsNotServed() throws IOException {
    write("a/1", plus(1));
    write("m/1", plus(2));
    lock("a/1/model.onnx", "m/1/model.onnx");
    AtomicBoolean replaces = new AtomicBoolean();
    open(
        1L << 40,
        () -> {
          if (replaces.compareAndSet(true, false)) {
            write("m/1", plus(3)); // of the same size, and dated the same
          }
          return 0;
        });
    assertThat(answer("a", null)).isEqualTo(1);

    replaces.set(true);
    assertThatThrownBy(() -> repository.get("m", null))
        .isInstanceOfSatisfying(
            Refusal.class, e -> assertThat(e.retryAfter()).as("it may be right then").isPresent())
        .hasMessageContaining("its files changed while they were loaded");
    assertThat(replaces).isFalse();

    write("m/1", plus(2));
    clock.turn(Duration.ofSeconds(10));
    assertThat(answer("m", null)).isEqualTo(2);
    assertThat(repository.lockFaults()).isEmpty();
  }

  @Test
  void aMissingAndAShortFileAreKnownBeforeAnythingIsLoaded() throws IOException {
    write("a/1", plus(1));
    write("b/1", plus(2));
    lock("a/1/model.onnx", "b/1/model.onnx");
    long bytes = Files.size(root.resolve("a/1/model.onnx"));
    String sha256 = sha256("a/1/model.onnx");
    Files.delete(root.resolve("a/1/model.onnx"));
    Files.write(root.resolve("b/1/model.onnx"), new byte[3]);
    open();

    assertThat(repository.list())
        .extracting(ModelStatus::state, ModelStatus::reason)
        .containsExactly(
            tuple(
                ModelStatus.State.UNAVAILABLE,
                "models.lock: model.onnx is missing; expected: %d bytes with the SHA-256 %s"
                    .formatted(bytes, sha256)),
            tuple(
                ModelStatus.State.UNAVAILABLE,
                "models.lock: model.onnx has 3 bytes; expected: " + bytes));
    assertThat(repository.lockFaults()).hasSize(2);
  }

  @Test
  void aRefusedModelDoesNotChangeWhichModelAnswersForRequestsThatNameNone() throws IOException {
    write("a/1", plus(1));
    write("b/1", plus(2));
    lock("a/1/model.onnx", "b/1/model.onnx");
    Files.delete(root.resolve("a/1/model.onnx"));
    open();

    assertThat(repository.defaultModel()).isEqualTo("a");
    assertRefused("a", "is missing");
    assertThat(repository.defaultModel()).isEqualTo("a");
    assertThat(answer("b", null)).isEqualTo(2);
  }

  @Test
  void aliasesOfAnotherFileThanTheLockListsAreRefusedAndTheFaultIsKnown() throws IOException {
    write("m/1", plus(1));
    write("other/1", plus(2));
    Path hints = root.resolve("m/1/pilotlight.json");
    Repositories.write(hints, "{\"aliases\":[\"one\"]}");
    lock("m/1/model.onnx", "m/1/pilotlight.json", "other/1/model.onnx");
    Repositories.write(hints, "{\"aliases\":[\"two\"]}");
    open();

    String fault = "models.lock: pilotlight.json has the SHA-256 ";
    assertRefused("one", "the aliases of model m version 1 are not known: " + fault);
    assertRefused("two", fault);
    assertThat(repository.lockFaults())
        .singleElement()
        .asString()
        .startsWith("model m version 1: " + fault);
    assertRefused("m", fault);
    assertThat(answer("other", null)).isEqualTo(2);
  }

  @Test
  void aliasesAreReadAgainAfterAListedFileWasAbsent() throws IOException {
    write("m/1", plus(1));
    Path hints = root.resolve("m/1/pilotlight.json");
    Repositories.write(hints, "{\"aliases\":[\"one\"]}");
    lock("m/1/model.onnx", "m/1/pilotlight.json");
    open();
    assertThat(repository.list()).hasSize(1);
    byte[] content = Files.readAllBytes(hints);
    Files.delete(hints);

    assertThatThrownBy(() -> repository.get("one", null))
        .isInstanceOfSatisfying(
            Refusal.class, e -> assertThat(e.retryAfter()).as("it may come back").isPresent())
        .hasMessageContaining("pilotlight.json is absent");
    assertThat(repository.lockFaults()).isEmpty();

    Files.write(hints, content);
    assertThat(answer("one", null)).isEqualTo(1);
  }

  @Test
  void anInvalidLockServesNothing() throws IOException {
    write("m/1", plus(1));
    Repositories.write(root.resolve(ModelsLock.FILE), "{\"lockVersion\": 2, \"files\": {}}");
    open();

    assertThatThrownBy(() -> repository.get("m", null))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal ->
                assertThat(refusal.message())
                    .isEqualTo("models.lock: lockVersion is not accepted; it takes 1"));
    assertThat(repository.lockFaults())
        .containsExactly("models.lock: lockVersion is not accepted; it takes 1");

    lock("m/1/model.onnx");
    clock.turn(Duration.ofSeconds(10));
    assertThat(answer("m", null)).isEqualTo(1);
    assertThat(repository.lockFaults()).isEmpty();
  }

  @Test
  void aLockOfMoreBytesThanAcceptedIsNotRead() throws IOException {
    write("m/1", plus(1));
    Files.write(root.resolve(ModelsLock.FILE), new byte[(4 << 20) + 1]);
    open();

    assertThatThrownBy(() -> repository.get("m", null))
        .hasMessageContaining("models.lock has 4194305 bytes; accepted: up to 4194304");
  }

  private void assertNotFound(String name) {
    assertThatThrownBy(() -> repository.get(name, null))
        .isInstanceOfSatisfying(
            Refusal.class, e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.NOT_FOUND));
  }

  private void assertRefused(String name, String reason) {
    assertThatThrownBy(() -> repository.get(name, null))
        .isInstanceOfSatisfying(
            Refusal.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Refusal.Reason.UNAVAILABLE);
              assertThat(e.retryAfter()).isEmpty();
              assertThat(e.message()).contains(reason);
            });
  }

  private void lock(String... paths) throws IOException {
    TreeMap<String, FileState> files = new TreeMap<>();
    for (String path : paths) {
      long bytes = Files.size(root.resolve(path));
      files.put(path, new FileState(bytes, Instant.EPOCH, "", sha256(path)));
    }
    Files.write(root.resolve(ModelsLock.FILE), new ModelsLock(files).render());
  }

  private String sha256(String path) {
    Path file = root.resolve(path);
    return HexFormat.of().formatHex(ContentDigest.ofFile(file));
  }
}
