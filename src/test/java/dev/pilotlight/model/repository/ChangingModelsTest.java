package dev.pilotlight.model.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.ChangingModels;
import dev.pilotlight.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// Versions that are written, changed and removed while the process runs.
final class ChangingModelsTest extends ChangingModels {
  @Test
  void thePreviousVersionAnswersUntilTheNewOneIsCompleteAndLoaded() {
    write("m/1", plus(1));
    clock.turn(SETTLE);
    open();
    assertThat(answer("m", null)).isEqualTo(1);

    write("m/2", plus(2));
    renewAfter(Duration.ofSeconds(10));
    assertThat(answer("m", null)).as("seen for the first time just now").isEqualTo(1);
    assertThatThrownBy(() -> repository.get("m", "3")).hasMessageContaining("[2, 1]");
    renewAfter(Duration.ofSeconds(10));
    assertThat(answer("m", null)).isEqualTo(2);
    assertThat(answer("m", "1")).isEqualTo(1);
    assertThat(logged()).contains("model version adopted");
  }

  @Test
  void aNewEnvironmentServesThePreviousVersionWhileTheNewestIsWritten() {
    write("m/1", plus(1));
    clock.turn(SETTLE);
    write("m/2", plus(2));
    open();

    assertThat(answer("m", null)).isEqualTo(1);
    assertThatThrownBy(() -> repository.get("m", "2"))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.retryAfter()).contains(SETTLE));
    renewAfter(Duration.ofSeconds(10));
    assertThat(answer("m", null)).isEqualTo(2);
  }

  @Test
  void filesThatChangeAreNoticedAndServedUnderANewDigest() {
    write("m/1", plus(1));
    clock.turn(SETTLE);
    open();
    Model before = repository.get("m", null);

    clock.turn(Duration.ofMinutes(1));
    write("m/1", plus(7));
    renewAfter(Duration.ZERO);
    assertThat(answer("m", null)).as("the files may still be changing").isEqualTo(1);
    renewAfter(Duration.ofSeconds(10));

    Model after = repository.get("m", null);
    assertThat(answer("m", null)).isEqualTo(7);
    assertThat(after.info().digest()).isNotEqualTo(before.info().digest());
    assertThat(logged()).contains("model files have changed");
  }

  @Test
  void aModelThatWasReplacedIsClosedOnlyWhenItIsIdle() {
    write("m/1", plus(1));
    clock.turn(SETTLE);
    open();
    Model before;
    try (ModelRepository.Use _ = repository.use()) {
      before = repository.get("m", null);
      clock.turn(Duration.ofMinutes(1));
      write("m/1", plus(7));
      renewAfter(Duration.ofSeconds(10));
      renewAfter(Duration.ofSeconds(10));
      assertThat(answer("m", null)).isEqualTo(7);
      assertThat(run(before)).as("a request still uses it").isEqualTo(1);
    }
    renewAfter(Duration.ofSeconds(10));
    assertThatThrownBy(() -> run(before)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void filesThatBecomeBrokenLeaveTheLoadedOnesServing() {
    write("m/1", plus(1));
    clock.turn(SETTLE);
    open();
    assertThat(answer("m", null)).isEqualTo(1);

    Repositories.write(root.resolve("m/1/model.onnx"), "<!DOCTYPE html>");
    date("m/1/model.onnx");
    renewAfter(Duration.ofSeconds(10));
    renewAfter(Duration.ofSeconds(10));

    assertThat(answer("m", null)).isEqualTo(1);
    assertThat(repository.list().getFirst().state()).isEqualTo(ModelStatus.State.READY);
    assertThat(repository.list().getFirst().reason()).contains("an HTML page");

    Instant changed = clock.instant();
    clock.turnTo(START);
    write("m/1", plus(1));
    clock.turnTo(changed);
    renewAfter(Duration.ofSeconds(10));
    assertThat(repository.list().getFirst().reason()).as("the files are back").isNull();
  }

  @Test
  void aVersionThatIsRemovedAnswersNoMoreAfterAWhile() throws IOException {
    write("m/1", plus(1));
    write("m/2", plus(2));
    clock.turn(SETTLE);
    open();
    assertThat(answer("m", null)).isEqualTo(2);

    Files.delete(root.resolve("m/2/model.onnx"));
    Files.delete(root.resolve("m/2"));
    renewAfter(Duration.ofSeconds(10));
    assertThat(answer("m", null)).as("it may be replaced at this moment").isEqualTo(2);
    renewAfter(Duration.ofSeconds(10));
    assertThat(answer("m", null)).isEqualTo(1);
    assertThatThrownBy(() -> repository.get("m", "2")).hasMessageContaining("has no version");
  }

  @Test
  void aReadmeThatChangesLoadsNothingAgain() {
    write("m/1", plus(1));
    clock.turn(SETTLE);
    open();
    Model before = repository.get("m", null);

    Repositories.write(root.resolve("m/1/README.md"), "new");
    renewAfter(Duration.ofSeconds(20));
    renewAfter(Duration.ofSeconds(20));
    assertThat(repository.get("m", null)).isSameAs(before);
  }

  @Test
  void theListIsReadAndNeverAdopted() {
    write("m/1", plus(1));
    clock.turn(SETTLE);
    open();
    assertThat(answer("m", null)).isEqualTo(1);
    write("m/2", plus(2));
    clock.turn(Duration.ofSeconds(6));

    assertThat(repository.list()).extracting(ModelStatus::version).containsExactly("2", "1");
    assertThat(answer("m", null)).isEqualTo(1);
    assertThat(repository.list().getFirst().state()).isEqualTo(ModelStatus.State.UNAVAILABLE);
  }
}
