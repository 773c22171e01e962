package dev.pilotlight.handler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.pilotlight.batch.BatchReplyWriter;
import dev.pilotlight.batch.Batches;
import dev.pilotlight.batch.event.Delivery;
import dev.pilotlight.batch.event.S3Events.Notice;
import dev.pilotlight.batch.fanout.FanOut;
import dev.pilotlight.batch.fanout.FanOutStep;
import dev.pilotlight.batch.fanout.Outcome;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.protocol.http.WarmUp;
import dev.pilotlight.support.EnvironmentVariables;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Lambda's entry point for S3 events, also those in messages of a queue: each object of lines that
/// was created is answered. A state machine calls the steps of large objects ([FanOut]).
///
/// If a record fails, the other records of its event are still answered. Then the first failure is
/// thrown: Lambda retries the event, and after the last attempt sends it to the failure queue; a
/// message is delivered again, and after the last attempt moved to the dead-letter queue. For a
/// record that an earlier attempt answered, a retry reads one item of the table.
public final class BatchHandler implements RequestStreamHandler, AutoCloseable {
  private final App app;
  private final Batches batches;
  private final FanOut fanOut;

  /// For Lambda: reads the settings from the environment, once.
  public BatchHandler() {
    this(App.start(EnvironmentVariables.ofProcess()).writesAtShutdown());
  }

  public BatchHandler(App app) {
    this.app = app;
    this.batches = app.batches();
    this.fanOut = new FanOut(batches.jobs(), batches.services());
  }

  @Override
  public void handleRequest(InputStream event, OutputStream response, Context context)
      throws IOException {
    Deadline end = Deadline.in(Duration.ofMillis(context.getRemainingTimeInMillis()));
    Metering.Measured measured = app.metering().begin();
    byte[] notification = event.readAllBytes();
    if (WarmUp.isPing(notification) && !batches.isTheirSchedule(notification)) {
      response.write(WarmUp.answer());
      return;
    }
    Optional<FanOutStep> step = FanOutStep.read(notification);
    if (step.isPresent()) {
      response.write(answer(step.get(), context, end, measured));
      return;
    }
    List<BatchReplyWriter.Entry> endings = new ArrayList<>();
    boolean failed = true; // until all records are answered
    try (ModelRepository.Use _ = app.useModels(end)) {
      var invocation = new Batches.Invocation(context.getAwsRequestId(), end, measured.meter());
      List<Delivery> deliveries = Delivery.read(notification);
      answerAll(deliveries, delivery -> batches.answer(delivery, invocation), endings);
      response.write(BatchReplyWriter.write(endings));
      failed = false;
    } finally {
      measured.ofBatch(failed, words(endings, failed));
      app.log().writeAllRepeats();
    }
  }

  /// Works on a step of the state machine.
  ///
  /// @return what the state machine reads
  /// @throws RuntimeException the failure; the state machine's retriers match its class name
  private byte[] answer(
      FanOutStep step, Context context, Deadline end, Metering.Measured measured) {
    boolean failed = true; // until it is answered
    String ending = "failed";
    try (ModelRepository.Use _ = app.useModels(end)) {
      var invocation = new Batches.Invocation(context.getAwsRequestId(), end, measured.meter());
      Outcome outcome = fanOut.answer(step, invocation);
      failed = false;
      ending = outcome.wireName();
      return outcome.json();
    } finally {
      measured.ofBatch(failed, ending);
      app.log().writeAllRepeats();
    }
  }

  /// Answers the records one after the other. A record that fails does not keep the next ones from
  /// being answered; only an [OutOfMemoryError] does, because it would make them fail, too.
  ///
  /// @param answer gives what became of a record
  /// @param endings takes those of the records that did not fail
  /// @throws RuntimeException the first failure; an error is thrown as it is
  static void answerAll(
      List<Delivery> deliveries,
      Function<Delivery, Batches.Ending> answer,
      List<BatchReplyWriter.Entry> endings) {
    @Nullable Throwable failure = null;
    for (Delivery delivery : deliveries) {
      try {
        String ending = answer.apply(delivery).wireName();
        endings.add(new BatchReplyWriter.Entry(about(delivery.notice()), ending));
      } catch (OutOfMemoryError e) {
        throw e;
      } catch (RuntimeException | Error e) {
        failure = first(failure, e);
      }
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  /// Such as `done`, or `done, held, failed`.
  private static String words(List<BatchReplyWriter.Entry> endings, boolean failed) {
    Stream<String> words = endings.stream().map(BatchReplyWriter.Entry::ending);
    return Stream.concat(words, failed ? Stream.of("failed") : Stream.empty())
        .collect(Collectors.joining(", "));
  }

  private static String about(Notice notice) {
    return switch (notice) {
      case Notice.Created(var version) -> version.toString();
      case Notice.Scheduled() -> "a schedule";
      case Notice.Other(String what) -> what;
      case Notice.Malformed(String reason) -> reason;
    };
  }

  private static Throwable first(@Nullable Throwable before, Throwable now) {
    if (before == null) {
      return now;
    }
    before.addSuppressed(now);
    return before;
  }

  @Override
  public void close() {
    app.close();
  }
}
