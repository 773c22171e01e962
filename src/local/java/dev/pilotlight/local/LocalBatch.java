package dev.pilotlight.local;

import dev.pilotlight.local.runtime.AsyncFailure;
import dev.pilotlight.local.support.Option;
import dev.pilotlight.local.template.Intrinsics;
import dev.pilotlight.local.template.Template;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/// `mvn -q -Plocal -Dbatch=reviews.jsonl`: answers the lines of one file as production would,
/// through a stack that it starts, and ends. An instance is used once.
final class LocalBatch {
  /// Every line has an answer, though some may be errors. Maven takes any other status for a
  /// failure of the build.
  static final int DONE = 0;

  /// There are no answers; the lines on the screen have the reason.
  static final int NOT_DONE = 1;

  static final String INPUT = Intrinsics.localName("In");
  static final String OUTPUT = Intrinsics.localName("Out");

  /// An event may come a moment after its cause.
  private static final Duration EVENTS_ARRIVE = Duration.ofSeconds(2);

  private static final Duration TURN = Duration.ofMillis(200);

  private final BatchFiles files;
  private final Options options;
  private final BatchBar bar;
  private final Console console;

  LocalBatch(BatchFiles files, Options options, Screen screen) {
    this.files = files;
    this.options = options;
    bar = new BatchBar(screen, files.name());
    console = Console.of(options, bar);
  }

  /// From `-D` options; ports that are not given are free ones.
  ///
  /// @throws IllegalArgumentException in one clear line if one is wrong, or the file cannot be used
  static LocalBatch from(Properties given, Screen screen) {
    Options options = Options.onFreePortsUnlessIn(given);
    requireBucketsAndTrigger(options.template());
    BatchFiles files = BatchFiles.of(Option.BATCH.in(given), Option.BATCH_OUTPUT.in(given));
    return new LocalBatch(files, options, screen);
  }

  /// Answers the file.
  ///
  /// @param parts takes everything that is started; the caller closes it
  /// @return the exit status
  int run(Parts parts) throws InterruptedException {
    try {
      return answer(LocalStack.startIdle(options, console, parts));
    } catch (IllegalStateException | UncheckedIOException | SdkException e) {
      return notDone(String.valueOf(e.getMessage()));
    } finally {
      console.flush();
    }
  }

  private int answer(LocalStack stack) throws InterruptedException {
    try (S3Client s3 = stack.s3().client()) {
      s3.putObject(to -> to.bucket(INPUT).key(files.name()), files.input());
      if (!awaitSummary(stack, s3)) {
        return notDone(
            stack.failures().stream()
                .reduce((_, last) -> last)
                .map(AsyncFailure::reason)
                .orElse("its function ended without an answer, and without an error"));
      }
      boolean all = download(s3, BatchFiles.OUT);
      boolean errors = download(s3, BatchFiles.ERRORS);
      boolean summary = download(s3, BatchFiles.SUMMARY);
      if (!all || !summary) {
        return notDone("its output was deleted");
      }
      finish(errors);
      return DONE;
    }
  }

  /// @return whether there is one
  private boolean awaitSummary(LocalStack stack, S3Client s3) throws InterruptedException {
    long end = System.nanoTime() + EVENTS_ARRIVE.toNanos();
    while (!isThere(s3, BatchFiles.SUMMARY)) {
      if (!stack.awaitIdle(TURN)) {
        end = System.nanoTime() + EVENTS_ARRIVE.toNanos();
      } else if (!stack.failures().isEmpty() || System.nanoTime() > end) {
        return isThere(s3, BatchFiles.SUMMARY);
      } else {
        Thread.sleep(TURN);
      }
    }
    while (!stack.awaitIdle(TURN)) {
      // the function still deletes its temporary objects
    }
    return true;
  }

  private boolean isThere(S3Client s3, String kind) {
    try {
      var _ = s3.headObject(of -> of.bucket(OUTPUT).key(files.name() + kind));
      return true;
    } catch (NoSuchKeyException e) {
      return false;
    }
  }

  private boolean download(S3Client s3, String kind) {
    try {
      var _ = s3.getObject(of -> of.bucket(OUTPUT).key(files.name() + kind), files.output(kind));
      return true;
    } catch (NoSuchKeyException e) {
      return false;
    }
  }

  private void finish(boolean errors) throws InterruptedException {
    long end = System.nanoTime() + EVENTS_ARRIVE.toNanos();
    Optional<BatchReport> done = bar.done();
    while (done.isEmpty() && System.nanoTime() < end) { // the log comes through another pipe
      Thread.sleep(TURN);
      done = bar.done();
    }
    done.ifPresent(report -> console.line(counted(report)));
    console.line("answers  " + files.output(BatchFiles.OUT));
    if (errors) {
      console.line("errors   " + files.output(BatchFiles.ERRORS));
    }
    console.line("summary  " + files.output(BatchFiles.SUMMARY));
  }

  private String counted(BatchReport report) {
    return String.format(
        Locale.ROOT,
        "%s: %,d lines, %,d answered, %,d refused; %,d texts were known, %,d were run; %s",
        files.name(),
        report.lines(),
        report.lines() - report.failed(),
        report.failed(),
        report.hits(),
        report.runs(),
        BatchReport.time(Duration.ofMillis(report.millis())));
  }

  private int notDone(String reason) {
    console.line("%s was not answered: %s".formatted(files.name(), reason));
    return NOT_DONE;
  }

  private static void requireBucketsAndTrigger(Template template) {
    if (!template.buckets().contains(INPUT) || !template.buckets().contains(OUTPUT)) {
      throw new IllegalArgumentException("the template has no buckets In and Out for batches");
    }
    if (template.s3Triggers().stream().noneMatch(trigger -> trigger.bucket().equals(INPUT))) {
      throw new IllegalArgumentException("no function of the template gets the events of In");
    }
  }
}
