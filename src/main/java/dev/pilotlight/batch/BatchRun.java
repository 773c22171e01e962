package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.claim.Progress.Counts;
import dev.pilotlight.batch.input.InputFormat;
import dev.pilotlight.batch.input.InputObject;
import dev.pilotlight.batch.input.Line;
import dev.pilotlight.batch.input.Lines;
import dev.pilotlight.batch.input.ObjectOptions;
import dev.pilotlight.batch.lines.CustomIdIndex;
import dev.pilotlight.batch.lines.CustomIds;
import dev.pilotlight.batch.lines.EarlierIds;
import dev.pilotlight.batch.lines.LineTask;
import dev.pilotlight.batch.lines.LineTasks;
import dev.pilotlight.batch.lines.ModelTimes;
import dev.pilotlight.batch.lines.ResultIds;
import dev.pilotlight.batch.lines.ResultSizes;
import dev.pilotlight.batch.lines.Window;
import dev.pilotlight.batch.lines.WindowInference;
import dev.pilotlight.batch.openai.ApiBatchWork;
import dev.pilotlight.batch.output.Output;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.BatchSettings;
import dev.pilotlight.batch.s3.Futures;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.batch.s3.StopReason;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.support.Threads;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/// One invocation's work on the lines of a batch: read, run, write, window by window.
///
/// While the pipeline runs a window, other threads read the next one and write the last one, so
/// that the lanes do not wait for S3. At most three windows are in memory, whatever the object's
/// size.
public final class BatchRun {
  private static final int THREADS = 2;

  private final Lease lease;
  private final BatchServices services;
  private final BatchSettings settings;
  private final Retries retries;
  private final Meter meter;
  private final Deadline deadline;
  private final ModelTimes times;
  private final InputObject input;
  private final InputFormat format;
  private final ObjectOptions options;
  private final HeapGrowth heap = new HeapGrowth();
  private final Optional<Part> part;

  /// A part of the object, which begins where the lease's progress is.
  ///
  /// @param end bytes of the (decompressed) object up to the end of its last line
  /// @param customIds finds duplicates among all lines of the object
  public record Part(long end, CustomIdIndex customIds) {}

  /// Opens the object.
  ///
  /// @param meter of the invocation
  /// @param deadline for answering; the rest of the invocation's time is for handing over
  /// @param times gets the time of every model's windows
  /// @param part restricts the run to one shard; empty for the whole object. Called once the object
  ///   is open
  public BatchRun(
      Lease lease,
      BatchServices services,
      Retries retries,
      Meter meter,
      Deadline deadline,
      ModelTimes times,
      Supplier<Optional<Part>> part) {
    this.lease = lease;
    this.services = services;
    this.settings = services.settings();
    this.retries = retries;
    this.meter = meter;
    this.deadline = deadline;
    this.times = times;
    this.input = open();
    this.part = part.get();
    this.format = InputFormat.of(lease.version().key(), input.metadata());
    this.options = ObjectOptions.of(input.metadata(), format);
  }

  private InputObject open() {
    return InputObject.open(services.s3().get(), lease.version(), retries);
  }

  /// Names of the object's metadata that have no effect.
  public List<String> ignoredMetadata() {
    return options.ignored();
  }

  /// Whether the output is a Parquet file.
  boolean isParquet() {
    return options.parquet();
  }

  /// Answers lines until none is left or the time is up. Then all answers are appended to the
  /// output; the last ones are not in a checkpoint yet.
  ///
  /// @param mayContinue throws if the tenant of the batch may not use more, or the batch was
  ///   cancelled
  /// @return whether no line is left
  public boolean answerLines(Output output, BatchTenant tenant, Runnable mayContinue) {
    Counts from = lease.progress().counts();
    ProgressLog log = new ProgressLog(services.log(), input.version(), from.lines());
    ResultSizes sizes = new ResultSizes();
    WindowInference inference =
        new WindowInference(
            services.pipeline(), tenant.owner(), sizes, times, retries, meter, services.log());
    LineTasks tasks = waitingForModels(() -> tasks(tenant));
    // closing the workers waits for them: nothing may be written when this has returned
    try (Lines lines = lines(lease.progress().offset(), from.lines());
        ExecutorService workers =
            Executors.newFixedThreadPool(THREADS, Threads.daemons("pilotlight-batch-"))) {
      Supplier<Optional<Window>> read =
          () -> waitingForModels(() -> Window.next(lines, tasks, sizes, settings));
      boolean all = answerLines(read, inference, mayContinue, output, log, workers);
      if (all) {
        log.done(output.counts());
      }
      return all;
    }
  }

  /// Writes an error for each remaining line of a batch that stops.
  ///
  /// @return whether no line is left; else the time is up
  boolean refuseRest(Output output, BatchTenant tenant, StopReason reason) {
    LineTasks tasks = waitingForModels(() -> tasks(tenant));
    try (Lines lines = lines(output.offset(), output.counts().lines())) {
      Optional<Line> line = lines.next();
      while (line.isPresent() && !deadline.passed()) {
        LineTask task = tasks.unanswered(line.get(), reason.code(), reason.message());
        output.write(List.of(task), services.log());
        line = lines.next();
      }
      return line.isEmpty();
    }
  }

  /// Checks the file of a batch of OpenAI's API ([ApiBatchWork#begin]).
  boolean begin(ApiBatchWork api) {
    return api.begin(() -> lines(0, 0), input.version().size(), deadline);
  }

  private boolean answerLines(
      Supplier<Optional<Window>> read,
      WindowInference inference,
      Runnable mayContinue,
      Output output,
      ProgressLog log,
      ExecutorService workers) {
    Future<Optional<Window>> next = workers.submit(read::get);
    Future<?> written = workers.submit(() -> {});
    Optional<Window> window = Futures.get(next);
    while (window.isPresent()) {
      Window now = window.get();
      next = workers.submit(read::get);
      lease.requireHeld();
      require(mayContinue, written);
      boolean finished = !deadline.passed() && inference.run(now, deadline);
      var _ = Futures.get(written);
      if (!finished) {
        return false;
      }
      written = workers.submit(() -> write(now, output, log));
      window = result(next, written);
    }
    var _ = Futures.get(written);
    return true;
  }

  /// The windows before are written first, so that a checkpoint can have them.
  private static void require(Runnable mayContinue, Future<?> written) {
    try {
      mayContinue.run();
    } catch (BatchException.QuotaUsedUp | BatchException.Stopped e) {
      var _ = Futures.get(written);
      throw e;
    }
  }

  private void write(Window window, Output output, ProgressLog log) {
    output.write(window.tasks(), services.log());
    heap.collectIfGrown();
    log.progress(output.counts(), window.stored());
  }

  private Lines lines(long offset, long number) {
    Lines lines = Lines.open(input, format, offset, number, settings.lineBytesMax());
    return part.isEmpty() ? lines : lines.until(part.get().end());
  }

  private LineTasks tasks(BatchTenant tenant) {
    options.model().ifPresent(name -> requireModel(name, tenant));
    return new LineTasks(
        tenant.calls(),
        name -> tenant.models().apply(name.or(options::model)),
        options,
        part.map(Part::customIds).orElseGet(() -> new CustomIds(this::addEarlier)),
        ResultIds.of(settings.store(), lease.version()),
        lease.version().batchId(),
        // identifies the content, so that the same content has the same answers
        input.version().eTag(),
        services.itemsMax(),
        services.log());
  }

  /// Fails the object once instead of each line if its metadata name no model, or one that its
  /// tenant may not use.
  ///
  /// @throws BatchException.Unreadable if so
  /// @throws Refusal UNAVAILABLE if the model cannot be loaded now
  public static void requireModel(String name, BatchTenant tenant) {
    try {
      var _ = tenant.models().apply(Optional.of(name));
    } catch (Refusal refusal) {
      if (refusal.reason() != Refusal.Reason.UNAVAILABLE) {
        throw new BatchException.Unreadable(
            "the object's metadata name a model: " + refusal.message(), refusal);
      }
      throw refusal;
    }
  }

  private void addEarlier(CustomIds ids) {
    InputObject again = open();
    new EarlierIds(
            lease.version(),
            format,
            () -> Lines.open(again::from, format, 0, 0, settings.lineBytesMax()),
            deadline::passed)
        .addTo(ids, lease.progress().counts().lines());
  }

  /// Calls something that may load a model. It waits until the deadline, then it throws a [Refusal]
  /// UNAVAILABLE and loading goes on. The limit holds for the calling thread, so that each thread
  /// which reads lines needs it.
  private <T> T waitingForModels(Supplier<T> call) {
    try (ModelRepository.Use _ = services.useModels().apply(deadline)) {
      return call.get();
    }
  }

  /// The next window. If it cannot be read, the window before is written first.
  private static <T> T result(Future<T> next, Future<?> written) {
    try {
      return Futures.get(next);
    } catch (Refusal refusal) {
      var _ = Futures.get(written);
      throw refusal;
    }
  }
}
