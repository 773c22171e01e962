package dev.pilotlight.handler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.pilotlight.batch.BatchReplyWriter;
import dev.pilotlight.batch.Batches;
import dev.pilotlight.batch.S3Events;
import dev.pilotlight.batch.S3Events.Notice;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.protocol.http.WarmUp;
import dev.pilotlight.support.EnvironmentVariables;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Lambda's entry point for S3 events: each object of lines that was created is answered.
///
/// Whatever a record cannot be answered for, the others of its event are; then the failure is
/// thrown, so that Lambda tries the event again, and in the end sends it to the queue of failures.
/// Records that were answered before cost a retry one look into the table.
public final class BatchHandler implements RequestStreamHandler, AutoCloseable {
  private final App app;
  private final Batches batches;

  /// For Lambda: reads the settings from the environment, once.
  public BatchHandler() {
    this(App.start(EnvironmentVariables.ofProcess()));
  }

  public BatchHandler(App app) {
    this.app = app;
    this.batches = app.batches();
  }

  @Override
  public void handleRequest(InputStream event, OutputStream response, Context context)
      throws IOException {
    Deadline end = Deadline.in(Duration.ofMillis(context.getRemainingTimeInMillis()));
    Metering.Measured measured = app.metering().begin();
    byte[] notification = event.readAllBytes();
    if (WarmUp.isPing(notification)) {
      response.write(WarmUp.answer());
      return;
    }
    List<BatchReplyWriter.Entry> endings = new ArrayList<>();
    boolean failed = true; // unless it comes to its end
    try (ModelRepository.Use _ = app.useModels(end)) {
      var invocation = new Batches.Invocation(context.getAwsRequestId(), end, measured.meter());
      answer(new ByteArrayInputStream(notification), invocation, endings);
      response.write(BatchReplyWriter.write(endings));
      failed = false;
    } finally {
      measured.ofBatch(failed, words(endings, failed));
      app.log().writeAllRepeats();
    }
  }

  /// @param endings of records that did not fail, added one by one
  private void answer(
      InputStream event, Batches.Invocation invocation, List<BatchReplyWriter.Entry> endings)
      throws IOException {
    @Nullable RuntimeException failure = null;
    for (Notice notice : S3Events.read(event.readAllBytes())) {
      try {
        Batches.Ending ending = batches.answer(notice, invocation);
        endings.add(new BatchReplyWriter.Entry(about(notice), ending.wireName()));
      } catch (RuntimeException e) {
        failure = first(failure, e);
      }
    }
    if (failure != null) {
      throw failure;
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
      case Notice.Other(String what) -> what;
      case Notice.Malformed(String reason) -> reason;
    };
  }

  private static RuntimeException first(@Nullable RuntimeException before, RuntimeException now) {
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
