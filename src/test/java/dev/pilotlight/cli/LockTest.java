package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.model.lock.ModelsLock;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.model.repository.Repositories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `pilotlight lock`.
final class LockTest {
  @TempDir private Path root;

  @Test
  void theLockListsTheFilesThatModelsUseAndThePinNamesItsCopy() throws IOException {
    TestFolders folders = new TestFolders(root);
    folders.embedding("texts/1");
    folders.write("texts/1", "README.md", "not used");
    folders.tensors("sums/2");

    TestRun run = TestRun.run("lock", root.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    byte[] text = Files.readAllBytes(root.resolve("models.lock"));
    String pin = ModelsLock.pin(text);
    assertThat(run.out()).startsWith("sums version 2").endsWith("ModelsLock=" + pin + "\n");
    assertThat(root.resolve("models.lock.d").resolve(pin)).hasBinaryContent(text);
    assertThat(ModelsLock.of(text).files().keySet())
        .containsExactly(
            "sums/2/model.onnx",
            "texts/1/1_Pooling/config.json",
            "texts/1/model.onnx",
            "texts/1/modules.json",
            "texts/1/sentence_bert_config.json",
            "texts/1/tokenizer.json");
    try (ModelRepository repository = Repositories.open(root)) {
      assertThat(repository.get("texts", null).info().version()).isEqualTo("1");
      assertThat(repository.lockFaults()).isEmpty();
    }
  }

  @Test
  void earlierLocksStayAndTheSameModelsHaveTheSamePin() throws IOException {
    TestFolders folders = new TestFolders(root);
    folders.tensors("sums/1");
    TestRun first = TestRun.run("lock", root.toString());
    assertThat(TestRun.run("lock", root.toString())).isEqualTo(first);

    folders.tensors("sums/2");
    assertThat(TestRun.run("lock", root.toString()).out()).isNotEqualTo(first.out());

    try (Stream<Path> locks = Files.list(root.resolve("models.lock.d"))) {
      assertThat(locks).hasSize(2);
    }
  }

  @Test
  void aFolderWithoutModelsABrokenOneAndNoFolderAreRefused() throws IOException {
    TestRun empty = TestRun.run("lock", root.toString());
    assertThat(empty.exitCode()).isOne();
    assertThat(empty.err()).contains("holds no model; accepted: <name>/<version>/model.onnx");

    new TestFolders(root).write("m/1", "model.onnx", "nothing");
    TestRun broken = TestRun.run("lock", root.toString());
    assertThat(broken.exitCode()).isOne();
    assertThat(broken.err()).contains("m version 1 cannot be locked: ");
    assertThat(root.resolve("models.lock")).doesNotExist();

    assertThat(TestRun.run("lock", root.resolve("none").toString()).exitCode()).isEqualTo(2);
  }
}
