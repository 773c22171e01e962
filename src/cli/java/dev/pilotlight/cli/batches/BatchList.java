package dev.pilotlight.cli.batches;

import dev.pilotlight.batch.claim.Cancellation;
import dev.pilotlight.batch.output.PrivateKeys;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.cli.clients.Item;
import dev.pilotlight.cli.clients.Place;
import dev.pilotlight.model.files.JsonFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The batches of a stack or the local runner, including objects put into S3 directly.
public final class BatchList {
  private static final int CHUNK = 50;

  private final Place place;
  private final BatchBucket in;
  private final BatchRows rows;

  public BatchList(Place place) {
    this.place = place;
    this.in = new BatchBucket(place.in());
    this.rows = new BatchRows(place);
  }

  /// Some batches, newest first.
  ///
  /// @param unread number of older objects whose batches were not read
  public record Found(List<BatchRow> rows, int unread) {}

  /// A batch with its summary or failure.
  ///
  /// @param summary empty unless all lines are answered
  /// @param failed empty unless an attempt failed
  public record Detail(BatchRow row, Optional<JsonFile> summary, Optional<JsonFile> failed) {}

  /// Lists the batches of objects whose keys begin with a text, newest first. Lists all of these
  /// objects, then reads batches until it has found enough.
  ///
  /// @param states empty for all
  /// @param limit maximum number of rows
  public Found find(String prefix, Set<BatchState> states, int limit) throws Refused {
    List<BatchObject> objects = new ArrayList<>();
    in.list(
        prefix,
        object -> {
          if (!object.isFolder() && !PrivateKeys.isPrivate(object.key())) {
            objects.add(object);
          }
        });
    objects.sort(
        Comparator.comparing(BatchObject::modified).reversed().thenComparing(BatchObject::key));
    List<BatchRow> found = new ArrayList<>();
    int read = 0;
    while (read < objects.size() && found.size() < limit) {
      int wanted = states.isEmpty() ? Math.min(CHUNK, limit - found.size()) : CHUNK;
      List<BatchObject> chunk = objects.subList(read, Math.min(read + wanted, objects.size()));
      for (BatchRow row : rows.read(chunk, Instant.now())) {
        read++;
        if (states.isEmpty() || states.contains(row.state())) {
          found.add(row);
        }
        if (found.size() == limit) {
          break;
        }
      }
    }
    return new Found(found, objects.size() - read);
  }

  /// The current state of these batches; keys whose object was deleted are omitted.
  public List<BatchRow> read(List<String> keys) throws Refused {
    List<BatchObject> objects = new ArrayList<>();
    for (String key : keys) {
      in.find(key).ifPresent(objects::add);
    }
    List<BatchRow> read = new ArrayList<>();
    for (int i = 0; i < objects.size(); i += CHUNK) {
      List<BatchObject> chunk = objects.subList(i, Math.min(i + CHUNK, objects.size()));
      read.addAll(rows.read(chunk, Instant.now()));
    }
    return read;
  }

  /// A batch with its summary, or the reason of its failure.
  ///
  /// @throws Refused also if there is no such object
  public Detail show(String key) throws Refused {
    BatchObject object = object(key);
    BatchRows.Reading reading = read(object);
    BatchReports reports =
        reading.facts().isHeld() ? rows.reports(object) : reading.facts().reports();
    return new Detail(reading.row(), reports.summary(), reports.failed());
  }

  /// Cancels the batch of an object: writes a row that the function reads within seconds and then
  /// ends the batch.
  ///
  /// @throws Refused also if the batch has ended
  public void cancel(String key) throws Refused {
    BatchObject object = object(key);
    BatchState state = read(object).row().state();
    if (!state.isActive()) {
      throw new Refused("%s is %s: there is nothing to cancel".formatted(key, state.wireName()));
    }
    // S3's time, not this machine's: a fast local clock would also cancel versions put later
    Instant until = object.modified();
    Map<String, Object> row = Cancellation.row(object.batchId(), until, Instant.now());
    place.results().put(new Item(row));
  }

  /// Copies an object onto itself with its metadata, so that the function answers it again.
  ///
  /// @param again whether to run a batch that is done
  /// @throws Refused also if the batch is running, or is done and `again` is false
  public void retry(String key, boolean again) throws Refused, InterruptedException {
    BatchObject object = object(key);
    BatchRows.Reading reading = read(object);
    requireRetry(key, reading, again);
    BatchBucket.Copy copy = in.prepareCopy(object);
    // a report written in the same second as the copy would look like the copy's report
    Instant reported = reading.facts().reports().modified();
    copy.awaitAfter(Collections.max(List.of(reported, cancelledUntil(object))));
    in.write(copy);
  }

  /// The time up to which the cancellation row applies. Retry keeps the row: otherwise, if S3
  /// refused the copy, the cancelled batch would continue.
  private Instant cancelledUntil(BatchObject object) throws Refused {
    String key = BatchRows.cancelKey(object);
    return place.results().getAll(List.of(key)).values().stream()
        .map(row -> Instant.ofEpochMilli(row.requiredNumber(Cancellation.REQUESTED)))
        .findFirst()
        .orElse(Instant.EPOCH);
  }

  private static void requireRetry(String key, BatchRows.Reading reading, boolean again)
      throws Refused {
    BatchState state = reading.row().state();
    Optional<ApiRow> api = reading.facts().api();
    if (api.isPresent()) {
      throw new Refused(
          ("%s belongs to the OpenAI batch %s and cannot be retried; %screate another batch from"
                  + " the file with POST /v1/batches")
              .formatted(
                  key, api.get().id(), state.isActive() ? "it is still active: wait, or " : ""));
    }
    switch (state) {
      case RUNNING, WAITING, IN_SHARDS ->
          throw new Refused("%s is %s; cancel it first".formatted(key, state.wireName()));
      case CANCELLING -> {
        if (reading.facts().isHeld()) {
          throw new Refused(key + " is still cancelling; retry after it ends");
        }
      }
      case DONE -> {
        if (!again) {
          throw new Refused("%s is done; --again runs it again".formatted(key));
        }
      }
      case QUEUED, STALLED, FAILING, CANCELLED, FAILED -> {}
    }
  }

  private BatchObject object(String key) throws Refused {
    return in.find(key).orElseThrow(() -> new Refused(in.notFoundMessage(key)));
  }

  private BatchRows.Reading read(BatchObject object) throws Refused {
    return rows.readWithFacts(List.of(object), Instant.now()).getFirst();
  }
}
