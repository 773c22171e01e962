package dev.pilotlight.cli.batches;

import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.cli.batches.BatchBucket.Body;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.cli.clients.Item;
import dev.pilotlight.cli.clients.Place;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.format.LoadFailure;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Reads the state of batches: their items in the table of results by key, and for those without a
/// live claim up to two small objects of the bucket Out. Nothing is scanned.
final class BatchRows {
  private static final int THREADS = 16;
  private static final int KEYS_PER_OBJECT = 2;
  private static final double MILLIS = 1_000;
  private static final int PERCENT = 100;

  private final Place place;
  private final BatchBucket out;

  BatchRows(Place place) {
    this.place = place;
    this.out = new BatchBucket(place.out());
  }

  /// The texts that a batch leaves in the bucket Out, those of its current version.
  ///
  /// @param summary empty unless all lines are answered
  /// @param failed empty unless an attempt failed
  record Notes(Optional<JsonFile> summary, Optional<JsonFile> failed) {
    static final Notes NONE = new Notes(Optional.empty(), Optional.empty());
  }

  /// The rows of objects, in their order.
  List<BatchRow> read(List<BatchObject> objects, Instant now) throws Refused {
    List<String> keys = new ArrayList<>(KEYS_PER_OBJECT * objects.size());
    for (BatchObject object : objects) {
      keys.add(jobKey(object));
      keys.add(cancelKey(object));
    }
    Map<String, Item> items = place.results().getAll(keys);
    List<Future<BatchRow>> rows = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (BatchObject object : objects) {
        rows.add(threads.submit(() -> row(object, items, now)));
      }
    }
    List<BatchRow> read = new ArrayList<>();
    for (Future<BatchRow> row : rows) {
      read.add(result(row));
    }
    return read;
  }

  static String jobKey(BatchObject object) {
    return "batch#" + object.batchId();
  }

  static String cancelKey(BatchObject object) {
    return "cancel#" + object.batchId();
  }

  private static BatchRow result(Future<BatchRow> row) throws Refused {
    try {
      return row.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Refused refused -> throw refused;
        case RuntimeException failure -> throw failure;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused("interrupted");
    }
  }

  private BatchRow row(BatchObject object, Map<String, Item> items, Instant now) throws Refused {
    Optional<Item> any = Optional.ofNullable(items.get(jobKey(object)));
    Optional<Item> job = any.filter(item -> isOf(object, item));
    String claimed = job.map(item -> item.text("state")).orElse("");
    boolean cancelled =
        Optional.ofNullable(items.get(cancelKey(object)))
            .filter(row -> cancels(row, object, job))
            .isPresent();
    boolean alive =
        claimed.equals("WAITING")
            || (claimed.equals("RUNNING")
                && job.orElseThrow().number("lease_until") > now.toEpochMilli());
    Notes notes = alive ? Notes.NONE : notes(object);
    BatchState state = state(claimed, alive, cancelled, notes);
    Optional<Progress> progress =
        job.flatMap(item -> item.bytes("progress")).map(BatchRows::progress);
    return row(object, state, progress, notes);
  }

  private static Progress progress(byte[] checkpoint) {
    try {
      return Progress.of(checkpoint);
    } catch (IllegalArgumentException e) {
      throw new LoadFailure(e.getMessage() + "; use the command of the stack's release");
    }
  }

  private static BatchState state(String claimed, boolean alive, boolean cancelled, Notes notes) {
    if (notes.summary.isPresent()) {
      return notes.summary.get().flag("cancelled").orElse(false)
          ? BatchState.CANCELLED
          : BatchState.DONE;
    }
    boolean isFinal = notes.failed.flatMap(note -> note.flag("final")).orElse(false);
    if (claimed.equals("FAILED") || isFinal) {
      return BatchState.FAILED;
    }
    if (claimed.equals("DONE")) {
      return cancelled ? BatchState.CANCELLED : BatchState.DONE;
    }
    if (cancelled) {
      return BatchState.CANCELLING;
    }
    if (alive) {
      return claimed.equals("RUNNING") ? BatchState.RUNNING : BatchState.WAITING;
    }
    if (notes.failed.isPresent()) {
      return BatchState.FAILING;
    }
    return claimed.isEmpty() ? BatchState.QUEUED : BatchState.STALLED;
  }

  private static BatchRow row(
      BatchObject object, BatchState state, Optional<Progress> progress, Notes notes) {
    long lines = progress.map(it -> it.counts().lines()).orElse(0L);
    long failed = progress.map(it -> it.counts().failed()).orElse(0L);
    long millis = progress.map(it -> it.counts().millis()).orElse(0L);
    if (notes.summary.isPresent()) {
      JsonFile summary = notes.summary.get();
      lines = number(summary, "lines");
      failed = number(summary, "failed");
      millis = number(summary, "milliseconds");
    }
    return new BatchRow(
        object.key(),
        state,
        object.bytes(),
        lines,
        failed,
        lines > 0 && millis > 0
            ? OptionalDouble.of(lines * MILLIS / millis)
            : OptionalDouble.empty(),
        percent(object, state, progress),
        notes.summary.flatMap(it -> it.value("estimated_cost_usd")).map(BatchRows::plain),
        object.modified(),
        notes.failed.flatMap(note -> note.text("reason")).orElse(""));
  }

  private static String plain(Object number) {
    return number instanceof Double value
        ? new BigDecimal(value.toString()).toPlainString()
        : number.toString();
  }

  private static long number(JsonFile file, String key) {
    return file.number(key).map(Math::round).orElse(0L);
  }

  private static OptionalInt percent(
      BatchObject object, BatchState state, Optional<Progress> progress) {
    if (state == BatchState.DONE) {
      return OptionalInt.of(PERCENT);
    }
    String key = object.key().toLowerCase(Locale.ROOT);
    // their checkpoints do not count bytes as S3 does
    boolean packed = key.endsWith(".gz") || key.endsWith(".parquet");
    if (packed || object.bytes() == 0 || progress.isEmpty()) {
      return OptionalInt.empty();
    }
    long offset = Math.min(progress.get().offset(), object.bytes());
    return OptionalInt.of((int) (offset * (double) PERCENT / object.bytes()));
  }

  /// Whether an item is that of the object's current version.
  private static boolean isOf(BatchObject object, Item job) {
    long modified = job.number("modified") / (long) MILLIS;
    String eTag = job.text("e_tag");
    return (eTag.isEmpty() || eTag.equals(object.eTag()))
        && (modified == 0 || modified == object.modified().getEpochSecond());
  }

  private static boolean cancels(Item row, BatchObject object, Optional<Item> job) {
    String identity = row.text("identity");
    if (identity.isEmpty()) {
      return object.modified().toEpochMilli() <= row.number("requested");
    }
    return job.filter(
            it ->
                identity.equals(it.text("sequencer"))
                    || identity.equals(it.text("version_id"))
                    || identity.equals(it.text("e_tag") + "-" + it.number("modified")))
        .isPresent();
  }

  /// The notes about the object's current version.
  Notes notes(BatchObject object) throws Refused {
    Optional<JsonFile> summary = note(object, ".summary.json");
    return new Notes(
        summary, summary.isPresent() ? Optional.empty() : note(object, ".failed.json"));
  }

  /// Empty if there is none, or if it is of an earlier version.
  private Optional<JsonFile> note(BatchObject object, String suffix) throws Refused {
    Optional<Body> body = out.read(object.key() + suffix);
    if (body.isEmpty() || body.get().modified().isBefore(object.modified())) {
      return Optional.empty();
    }
    JsonFile note =
        JsonFile.of(object.key() + suffix, body.get().text().getBytes(StandardCharsets.UTF_8));
    Optional<String> eTag = note.nested("input").text("etag");
    return eTag.isEmpty() || eTag.get().equals(object.eTag())
        ? Optional.of(note)
        : Optional.empty();
  }
}
