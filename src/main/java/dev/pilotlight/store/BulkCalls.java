package dev.pilotlight.store;

import dev.pilotlight.domain.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/// Many items in one call. What DynamoDB leaves unprocessed, because of throughput or of the size
/// of its answer, is sent again after a growing, jittered pause until the deadline.
final class BulkCalls {
  private static final Duration PAUSE_FIRST = Duration.ofMillis(20);
  private static final int DOUBLINGS_MAX = 6;

  private final Supplier<DynamoDbClient> client;
  private final String table;

  BulkCalls(Supplier<DynamoDbClient> client, String table) {
    this.client = client;
    this.table = table;
  }

  /// @param keys of items, at most 100
  List<Map<String, AttributeValue>> get(List<Map<String, AttributeValue>> keys, Deadline deadline) {
    List<Map<String, AttributeValue>> found = new ArrayList<>();
    Map<String, KeysAndAttributes> rest =
        Map.of(table, KeysAndAttributes.builder().keys(keys).build());
    for (int attempt = 0; !rest.isEmpty(); attempt++) {
      if (attempt > 0) {
        pause(attempt, deadline, "read");
      }
      Map<String, KeysAndAttributes> asked = rest;
      BatchGetItemResponse answer =
          unlessThrottled(
              () ->
                  client
                      .get()
                      .batchGetItem(
                          get ->
                              get.requestItems(asked)
                                  .overrideConfiguration(
                                      o -> o.apiCallTimeout(Budget.left(deadline)))));
      if (answer != null) {
        found.addAll(answer.responses().getOrDefault(table, List.of()));
        rest = new HashMap<>(answer.unprocessedKeys());
      }
    }
    return found;
  }

  /// @param writes at most 25, of different items
  void write(Collection<WriteRequest> writes, Deadline deadline) {
    Map<String, List<WriteRequest>> rest = Map.of(table, List.copyOf(writes));
    for (int attempt = 0; !rest.isEmpty(); attempt++) {
      if (attempt > 0) {
        pause(attempt, deadline, "written");
      }
      Map<String, List<WriteRequest>> asked = rest;
      BatchWriteItemResponse answer =
          unlessThrottled(
              () ->
                  client
                      .get()
                      .batchWriteItem(
                          write ->
                              write
                                  .requestItems(asked)
                                  .overrideConfiguration(
                                      o -> o.apiCallTimeout(Budget.left(deadline)))));
      if (answer != null) {
        rest = answer.unprocessedItems();
      }
    }
  }

  private interface Call<T> {
    T run() throws SdkException;
  }

  /// Null if nothing was processed for want of throughput.
  private static <T> @Nullable T unlessThrottled(Call<T> call) {
    try {
      return call.run();
    } catch (DynamoDbException e) {
      if (e.isThrottlingException()) {
        return null;
      }
      throw e;
    }
  }

  private static void pause(int attempt, Deadline deadline, String done) {
    long longest = PAUSE_FIRST.toMillis() << Math.min(attempt - 1, DOUBLINGS_MAX);
    long millis = ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
    if (deadline.remaining().toMillis() <= millis) {
      throw new StoreException("some results could not be " + done + " in time", null);
    }
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted", e);
    }
  }
}
