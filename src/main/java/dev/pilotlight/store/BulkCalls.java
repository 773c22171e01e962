package dev.pilotlight.store;

import dev.pilotlight.domain.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// Reads and writes many items in one call. Items that DynamoDB leaves unprocessed, because of
/// throughput or of the size of its answer, are sent again with exponential back-off and jitter
/// until the deadline. A pause leaves time for the attempt after it.
public final class BulkCalls {
  private static final Duration PAUSE_FIRST = Duration.ofMillis(20);
  private static final int DOUBLINGS_MAX = 6;

  /// For the attempt after a pause.
  private static final long ATTEMPT_MS = 50;

  private final Supplier<DynamoDbClient> client;
  private final String table;

  /// @param client called with the first call
  public BulkCalls(Supplier<DynamoDbClient> client, String table) {
    this.client = client;
    this.table = table;
  }

  /// @param keys of items, at most 100
  /// @param attempts how many have been made already
  List<Map<String, AttributeValue>> get(
      List<Map<String, AttributeValue>> keys, int attempts, Deadline deadline) {
    return get(KeysAndAttributes.builder().keys(keys).build(), attempts, deadline);
  }

  /// Reads items strongly consistent.
  ///
  /// @param keys of items, at most 100
  public List<Map<String, AttributeValue>> getConsistently(
      List<Map<String, AttributeValue>> keys, Deadline deadline) {
    return get(KeysAndAttributes.builder().keys(keys).consistentRead(true).build(), 0, deadline);
  }

  private List<Map<String, AttributeValue>> get(
      KeysAndAttributes keys, int attempts, Deadline deadline) {
    List<Map<String, AttributeValue>> found = new ArrayList<>();
    untilProcessed(
        Map.of(table, keys),
        attempts,
        deadline,
        rest -> {
          BatchGetItemResponse answer =
              client
                  .get()
                  .batchGetItem(
                      get ->
                          get.requestItems(rest)
                              .overrideConfiguration(o -> o.apiCallTimeout(Budget.left(deadline))));
          found.addAll(answer.responses().getOrDefault(table, List.of()));
          return answer.unprocessedKeys();
        });
    return found;
  }

  /// @param writes at most 25, of different items
  /// @param attempts how many have been made already
  void write(Collection<WriteRequest> writes, int attempts, Deadline deadline) {
    untilProcessed(
        Map.of(table, List.copyOf(writes)),
        attempts,
        deadline,
        rest ->
            client
                .get()
                .batchWriteItem(
                    write ->
                        write
                            .requestItems(rest)
                            .overrideConfiguration(o -> o.apiCallTimeout(Budget.left(deadline))))
                .unprocessedItems());
  }

  /// @param call returns the requests that were not processed
  private static <T> void untilProcessed(
      Map<String, T> requests,
      int attempts,
      Deadline deadline,
      UnaryOperator<Map<String, T>> call) {
    Map<String, T> rest = requests;
    for (int attempt = attempts; !rest.isEmpty(); attempt++) {
      if (attempt > 0) {
        pause(attempt, deadline);
      }
      try {
        rest = call.apply(rest);
      } catch (DynamoDbException e) {
        if (!e.isThrottlingException()) {
          throw e;
        }
      }
    }
  }

  private static void pause(int attempt, Deadline deadline) {
    long longest = PAUSE_FIRST.toMillis() << Math.min(attempt - 1, DOUBLINGS_MAX);
    long millis = ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
    long most = deadline.remaining().toMillis() - ATTEMPT_MS;
    if (most <= 0) {
      throw new StoreException("DynamoDB did not process all items in time", null);
    }
    try {
      Thread.sleep(Math.min(millis, most));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted", e);
    }
  }
}
