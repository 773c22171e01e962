package dev.pilotlight.cli.batches;

import dev.pilotlight.batch.claim.Cancellation;
import dev.pilotlight.batch.claim.JobItem;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.cli.clients.Item;
import dev.pilotlight.cli.clients.Place;
import dev.pilotlight.model.files.JsonFile;
import java.math.BigDecimal;
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

/// Reads the state of batches by key: their items in the results table, the items of shards, and,
/// if no invocation holds the batch, up to two small objects of the bucket Out. Scans no table.
final class BatchRows {
  private static final int THREADS = 16;
  private static final int KEYS_PER_OBJECT = 3;
  private static final double MILLIS = 1_000;
  private static final int PERCENT = 100;

  private final Place place;
  private final BatchBucket out;

  BatchRows(Place place) {
    this.place = place;
    this.out = new BatchBucket(place.out());
  }

  /// A row and the facts that decide its state.
  record Reading(BatchRow row, BatchFacts facts) {}

  /// The rows of objects, in their order.
  List<BatchRow> read(List<BatchObject> objects, Instant now) throws Refused {
    return readWithFacts(objects, now).stream().map(Reading::row).toList();
  }

  /// As [#read].
  List<Reading> readWithFacts(List<BatchObject> objects, Instant now) throws Refused {
    List<String> keys = new ArrayList<>(KEYS_PER_OBJECT * objects.size());
    for (BatchObject object : objects) {
      keys.add(jobKey(object));
      keys.add(cancelKey(object));
      ApiRow.rowKey(object).ifPresent(keys::add);
    }
    Map<String, Item> items = place.results().getAll(keys);
    List<Future<Reading>> readings = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (BatchObject object : objects) {
        readings.add(threads.submit(() -> read(object, items, now)));
      }
    }
    List<Reading> read = new ArrayList<>();
    for (Future<Reading> reading : readings) {
      read.add(result(reading));
    }
    return read;
  }

  static String jobKey(BatchObject object) {
    return JobItem.rowKey(object.batchId());
  }

  static String cancelKey(BatchObject object) {
    return Cancellation.rowKey(object.batchId());
  }

  private static Reading result(Future<Reading> reading) throws Refused {
    try {
      return reading.get();
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

  private Reading read(BatchObject object, Map<String, Item> items, Instant now) throws Refused {
    Optional<Item> any = Optional.ofNullable(items.get(jobKey(object)));
    Optional<Item> job = any.filter(item -> isOf(object, item));
    boolean cancelled =
        Optional.ofNullable(items.get(cancelKey(object)))
            .filter(row -> cancels(row, object))
            .isPresent();
    Optional<ApiRow> api =
        ApiRow.rowKey(object)
            .flatMap(key -> Optional.ofNullable(items.get(key)))
            .flatMap(row -> ApiRow.of(object, row));
    BatchFacts facts = new BatchFacts(job, cancelled, api, BatchReports.NONE, now);
    if (!facts.isHeld()) {
      facts = facts.with(reports(object));
    }
    return new Reading(row(object, facts, BatchProgress.of(facts, place, out)), facts);
  }

  private static BatchRow row(BatchObject object, BatchFacts facts, BatchProgress progress) {
    long lines = progress.lines();
    long failed = progress.failed();
    long millis = progress.millis();
    Optional<JsonFile> summary = facts.reports().summary();
    if (summary.isPresent()) {
      lines = number(summary.get(), "lines");
      failed = number(summary.get(), "failed");
      millis = number(summary.get(), "milliseconds");
    } else if (facts.api().flatMap(ApiRow::end).isPresent()) {
      lines = facts.api().map(ApiRow::lines).orElse(0L);
      failed = facts.api().map(ApiRow::failed).orElse(0L);
    }
    return new BatchRow(
        object.key(),
        facts.state(),
        object.bytes(),
        lines,
        failed,
        lines > 0 && millis > 0
            ? OptionalDouble.of(lines * MILLIS / millis)
            : OptionalDouble.empty(),
        percent(object, facts.state(), progress),
        summary.flatMap(it -> it.value("estimated_cost_usd")).map(BatchRows::plain),
        object.modified(),
        facts.reason());
  }

  private static String plain(Object number) {
    return number instanceof Double value
        ? new BigDecimal(value.toString()).toPlainString()
        : number.toString();
  }

  private static long number(JsonFile file, String key) {
    return file.number(key).map(Math::round).orElse(0L);
  }

  private static OptionalInt percent(BatchObject object, BatchState state, BatchProgress progress) {
    if (state == BatchState.DONE) {
      return OptionalInt.of(PERCENT);
    }
    String key = object.key().toLowerCase(Locale.ROOT);
    // checkpoints of gzip and Parquet do not count the object's stored bytes
    boolean packed = key.endsWith(".gz") || key.endsWith(".parquet");
    if (packed || object.bytes() == 0 || progress.bytes() < 0) {
      return OptionalInt.empty();
    }
    long bytes = Math.min(progress.bytes(), object.bytes());
    return OptionalInt.of((int) (bytes * (double) PERCENT / object.bytes()));
  }

  /// Whether an item belongs to the object's current version.
  private static boolean isOf(BatchObject object, Item job) {
    long modified = job.number("modified") / (long) MILLIS;
    String eTag = job.text("e_tag");
    return (eTag.isEmpty() || eTag.equals(object.eTag()))
        && (modified == 0 || modified == object.modified().getEpochSecond());
  }

  private static boolean cancels(Item row, BatchObject object) {
    return object.modified().toEpochMilli() <= row.requiredNumber(Cancellation.REQUESTED);
  }

  /// Reads the reports even while an invocation holds the batch.
  BatchReports reports(BatchObject object) throws Refused {
    return BatchReports.of(object, out);
  }
}
