package dev.pilotlight.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.batch.BatchReplyWriter;
import dev.pilotlight.batch.Batches;
import dev.pilotlight.batch.S3Notification.Notice;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Records of one event, some of which fail.
final class BatchHandlerTest {
  private static final List<Notice> NOTICES =
      List.of(new Notice.Other("first"), new Notice.Other("second"), new Notice.Other("third"));

  private final List<BatchReplyWriter.Entry> endings = new ArrayList<>();

  @Test
  void recordsAfterAnExceptionAreAnswered() {
    Runnable failure =
        () -> {
          throw new IllegalStateException();
        };
    assertThatThrownBy(() -> answer(failure, "first", "second"))
        .isInstanceOf(IllegalStateException.class)
        .satisfies(thrown -> assertThat(thrown.getSuppressed()).hasSize(1));
    assertThat(endings).extracting("object").containsExactly("third");
  }

  @Test
  void recordsAfterAStackOverflowAreAnswered() {
    Runnable failure =
        () -> {
          throw new StackOverflowError();
        };
    assertThatThrownBy(() -> answer(failure, "first")).isInstanceOf(StackOverflowError.class);
    assertThat(endings).extracting("object").containsExactly("second", "third");
  }

  @Test
  void noRecordIsAnsweredAfterMemoryRanOut() {
    Runnable failure =
        () -> {
          throw new OutOfMemoryError();
        };
    assertThatThrownBy(() -> answer(failure, "second")).isInstanceOf(OutOfMemoryError.class);
    assertThat(endings).extracting("object").containsExactly("first");
  }

  private void answer(Runnable failure, String... failing) {
    BatchHandler.answerAll(
        NOTICES,
        notice -> {
          if (List.of(failing).contains(((Notice.Other) notice).what())) {
            failure.run();
          }
          return Batches.Ending.IGNORED;
        },
        endings);
  }
}
