package dev.pilotlight.model.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.ChangingModels;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The versions that count as complete, and the status of those that do not load.
final class CompleteModelsTest extends ChangingModels {
  @Test
  void aVersionIsCompleteWhenItsNewestFileIsOldEnough() {
    write("m/1", plus(1));
    clock.turn(Duration.ofSeconds(9));
    open();

    assertThatThrownBy(() -> repository.get("m", null))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.reason()).isEqualTo(Refusal.Reason.UNAVAILABLE);
              assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(1));
              assertThat(refusal.message()).contains("its files are still being written");
            });
    assertThat(repository.list())
        .extracting(ModelStatus::state, ModelStatus::reason)
        .containsExactly(tuple(ModelStatus.State.UNAVAILABLE, "its files are still being written"));

    clock.turn(Duration.ofSeconds(10));
    assertThat(answer("m", null)).isEqualTo(1);
  }

  @Test
  void aFileCompleteThatIsWrittenLastMakesItCompleteAtOnce() {
    write("m/1", plus(1));
    touch("m/1/.complete");
    open();

    assertThat(answer("m", null)).isEqualTo(1);
  }

  @Test
  void aFileCompleteThatIsOlderThanAnotherDoesNotCount() {
    touch("m/1/.complete");
    clock.turn(Duration.ofSeconds(1));
    write("m/1", plus(1));
    open();

    assertThatThrownBy(() -> repository.get("m", null)).isInstanceOf(Refusal.class);
  }

  @Test
  void anEmptyOrBrokenNewestVersionIsReportedAndThePreviousOneAnswers() throws IOException {
    write("m/1", plus(1));
    Files.createDirectories(root.resolve("m/3"));
    Repositories.write(
        root.resolve("m/2/model.onnx"), "version https://git-lfs.github.com/spec/v1\noid 1\n");
    date("m/2/model.onnx");
    clock.turn(SETTLE);
    open();

    assertThat(answer("m", null)).isEqualTo(1);
    assertThat(repository.list())
        .extracting(ModelStatus::version, ModelStatus::state)
        .containsExactly(
            tuple("3", ModelStatus.State.UNAVAILABLE),
            tuple("2", ModelStatus.State.UNAVAILABLE),
            tuple("1", ModelStatus.State.READY));
    assertThat(repository.list().get(1).reason()).contains("Git LFS pointer");
    assertThat(logged()).contains("model not loaded");
    assertThatThrownBy(() -> repository.get("m", "2"))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.retryAfter()).isEmpty());

    write("m/2", plus(2));
    renewAfter(Duration.ofSeconds(10));
    renewAfter(Duration.ofSeconds(10));
    assertThat(answer("m", null)).as("repaired").isEqualTo(2);
  }

  @Test
  void aReadmeDoesNotMakeACompleteVersionIncomplete() {
    write("m/1", plus(1));
    clock.turn(SETTLE);
    touch("m/1/README.md");
    open();

    assertThat(answer("m", null)).isEqualTo(1);
  }

  @Test
  void aNoteOfThePackagingDoesNotMakeAFolderCompleteThatCanBeWritten() {
    touch("m/1/packed.json");
    write("m/1", plus(1));
    open();

    assertThatThrownBy(() -> repository.get("m", null)).hasMessageContaining("still being written");
  }

  @Test
  void aModelThatIsBrokenOrBeingWrittenIsNotTheDefault() {
    Repositories.write(root.resolve("a/1/model.onnx"), "broken");
    date("a/1/model.onnx");
    write("c/1", plus(3));
    clock.turn(SETTLE);
    write("b/1", plus(2));
    open();

    assertThat(repository.defaultModel()).as("not known to be broken").isEqualTo("a");
    assertThatThrownBy(() -> repository.get("a", null)).isInstanceOf(Refusal.class);
    assertThat(repository.defaultModel()).as("b is being written").isEqualTo("c");
  }

  @Test
  void anEntryThatCannotBeReadTakesNoOtherModelDown() throws IOException {
    write("a/1", plus(1));
    write("b/1", plus(2));
    Files.createSymbolicLink(root.resolve("a/1/loop"), root.resolve("a/1/loop"));
    Files.createSymbolicLink(root.resolve("loop"), root.resolve("loop"));
    clock.turn(SETTLE);
    open();

    assertThat(answer("b", null)).isEqualTo(2);
    assertThatThrownBy(() -> repository.get("a", null)).hasMessageContaining("loop cannot be read");
  }

  @Test
  void aFileDeepInAFolderIsCountedAlikeWhenListedAndWhenLoaded() {
    write("m/1", plus(1));
    touch("m/1/a/b/c/d/e/f.txt");
    clock.turn(SETTLE);
    open();

    assertThat(answer("m", null)).isEqualTo(1);
  }

  @Test
  void foldersThatAreIgnoredAreLoggedOnce() {
    write("m/v1", plus(1));
    write("my model/1", plus(1));
    open();

    for (int i = 0; i < 3; i++) {
      clock.turn(Duration.ofMinutes(1));
      assertThat(repository.list()).isEmpty();
    }
    assertThat(logged().lines().filter(line -> line.contains("folder ignored"))).hasSize(2);
  }

  @Test
  void aGraphStraightUnderTheNameIsServedAsVersion1() {
    write("m", plus(5));
    clock.turn(SETTLE);
    open();

    assertThat(answer("m", "1")).isEqualTo(5);
  }

  @Test
  void aModelThatCannotLoadIsTriedMoreAndMoreSeldom() {
    Repositories.write(root.resolve("m/1/model.onnx"), "broken");
    date("m/1/model.onnx");
    clock.turn(SETTLE);
    open();

    for (int second = 0; second < 60; second++) {
      assertThatThrownBy(() -> repository.get("m", null)).isInstanceOf(Refusal.class);
      clock.turn(Duration.ofSeconds(1));
    }
    List<String> failures =
        logged().lines().filter(line -> line.contains("model not loaded")).toList();
    assertThat(failures).as("the first with its cause, the others counted").hasSize(2);
    assertThat(failures.getLast()).as("at 5, 15 and 35 s").contains("\"repeats\":3");
  }
}
