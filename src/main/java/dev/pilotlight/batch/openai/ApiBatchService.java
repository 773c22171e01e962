package dev.pilotlight.batch.openai;

import dev.pilotlight.batch.s3.BatchSettings;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.Retries;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.files.FileTable;
import dev.pilotlight.files.Files;
import dev.pilotlight.store.StoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// Finds the batch of OpenAI's API that an object is the copy of. Thread-safe.
public final class ApiBatchService {
  private static final Duration CALL = Duration.ofSeconds(6);

  private final ApiBatches table;
  private final Files files;
  private final ApiBatchSettings settings;
  private final String outputBucket;

  /// @param table of the results
  /// @param function has the bucket of the output
  public ApiBatchService(
      Supplier<DynamoDbClient> client,
      String table,
      ApiBatchSettings settings,
      BatchSettings function) {
    this(client, table, settings, function.outputBucket(), InstantSource.system());
  }

  /// As the other constructor.
  ///
  /// @param clock decides when batches expire
  public ApiBatchService(
      Supplier<DynamoDbClient> client,
      String table,
      ApiBatchSettings settings,
      String outputBucket,
      InstantSource clock) {
    this.table = new ApiBatches(client, table, clock);
    this.files = new FileTable(client, table, clock);
    this.settings = settings;
    this.outputBucket = outputBucket;
  }

  /// Whether an object may be the copy of a file of OpenAI's API, by its key alone.
  public static boolean mayBeCopy(String key) {
    return !ApiBatchKeys.idOf(key).isEmpty();
  }

  /// The work on an object's batch; empty if the object is an ordinary batch.
  ///
  /// @throws dev.pilotlight.batch.s3.BatchException.Unavailable if the table cannot be read
  public Optional<ApiBatchWork> of(ObjectVersion version, Retries retries) {
    String id = ApiBatchKeys.idOf(version.key());
    if (id.isEmpty()) {
      return Optional.empty();
    }
    return retries
        .call(
            "read the row of " + id,
            failure -> failure instanceof StoreException,
            () -> table.find(id, Deadline.in(CALL)))
        .filter(
            batch -> batch.bucket().equals(version.bucket()) && batch.key().equals(version.key()))
        .map(batch -> new ApiBatchWork(table, files, settings, outputBucket, retries, batch));
  }
}
