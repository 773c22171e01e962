package dev.pilotlight.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.batch.BatchReplyWriter;
import dev.pilotlight.batch.Batches;
import dev.pilotlight.batch.claim.Trigger;
import dev.pilotlight.batch.event.Delivery;
import dev.pilotlight.batch.event.S3Events.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Records of one event, some of which fail.
final class BatchHandlerTest {
  private static final List<Delivery> DELIVERIES =
      Stream.of("first", "second", "third")
          .map(what -> new Delivery(new Notice.Other(what), Trigger.EVENT))
          .toList();

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
        DELIVERIES,
        delivery -> {
          if (List.of(failing).contains(((Notice.Other) delivery.notice()).what())) {
            failure.run();
          }
          return Batches.Ending.IGNORED;
        },
        endings);
  }
}
