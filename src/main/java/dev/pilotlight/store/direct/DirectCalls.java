package dev.pilotlight.store.direct;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.store.DynamoCalls;
import dev.pilotlight.store.PutOutcome;
import dev.pilotlight.store.SdkCalls;
import dev.pilotlight.store.TableItem;
import dev.pilotlight.support.http.HttpAnswer;
import dev.pilotlight.support.json.JsonBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Calls of one signed request each, sent by this package. It handles success and a failed
/// condition. After anything else the SDK makes the same call in the time that is left: retries,
/// back-off, the correction of a wrong clock and the failures that callers see are the SDK's.
///
/// See docs/decisions/0022-dynamodb-calls.md.
public final class DirectCalls implements DynamoCalls {
  private static final int OK = 200;
  private static final String GET = "GetItem";
  private static final String GET_ALL = "BatchGetItem";
  private static final String PUT = "PutItem";
  private static final String PUT_ALL = "BatchWriteItem";

  private final DirectClient client;
  private final Function<String, SdkCalls> sdk;
  private final String table;
  private final Bodies bodies;

  DirectCalls(DirectClient client, Function<String, SdkCalls> sdk, String table) {
    this.client = client;
    this.sdk = sdk;
    this.table = table;
    this.bodies = new Bodies(table);
  }

  @Override
  public Optional<TableItem> get(ResultKey key, Deadline end, @Nullable Runnable onSent) {
    return call(
        GET,
        () -> {
          Optional<TableItem> item = Answers.item(succeeded(GET, bodies.get(key), end, onSent));
          if (item.isPresent()) {
            requireKey(key, item.get());
          }
          return item;
        },
        calls -> calls.get(key, end, onSent),
        end);
  }

  @Override
  public List<TableItem> getAll(List<ResultKey> keys, Deadline end, @Nullable Runnable onSent) {
    Answers.Found found =
        call(
            GET_ALL,
            () -> {
              Answers.Found answer =
                  Answers.found(succeeded(GET_ALL, bodies.getAll(keys), end, onSent), table);
              requireKeys(keys, answer);
              return answer;
            },
            calls -> new Answers.Found(calls.getAll(keys, end, onSent), List.of()),
            end);
    if (found.rest().isEmpty()) {
      return found.items();
    }
    List<TableItem> items = new ArrayList<>(found.items());
    items.addAll(sdk.apply(table).getAll(found.rest(), 1, end));
    return items;
  }

  @Override
  public Optional<TableItem> find(ResultKey key, String tenant, Deadline end) {
    return sdk.apply(table).find(key, tenant, end);
  }

  @Override
  public void put(TableItem item, Deadline end) {
    var _ =
        call(
            PUT,
            () -> {
              Answers.nothing(succeeded(PUT, bodies.put(item), end, null));
              return PutOutcome.WRITTEN;
            },
            calls -> {
              calls.put(item, end);
              return PutOutcome.WRITTEN;
            },
            end);
  }

  @Override
  public PutOutcome putIfAbsent(TableItem item, long now, Deadline end) {
    return call(
        PUT,
        () -> {
          HttpAnswer answer = client.send(PUT, bodies.putIfAbsent(item, now), end, null);
          if (answer.status() == OK) {
            Answers.nothing(answer.body());
            return PutOutcome.WRITTEN;
          }
          if (!Answers.isConditionFailed(answer)) {
            throw failure(answer);
          }
          TableItem existing =
              Answers.item(answer.body())
                  .orElseThrow(() -> new DirectFailure("no item in the refusal"));
          requireKey(item.key(), existing);
          return PutOutcome.exists(existing);
        },
        calls -> calls.putIfAbsent(item, now, end),
        end);
  }

  @Override
  public void putAll(List<TableItem> items, Deadline end) {
    List<ResultKey> unprocessed =
        call(
            PUT_ALL,
            () -> Answers.unprocessed(succeeded(PUT_ALL, bodies.putAll(items), end, null), table),
            calls -> {
              calls.putAll(items, end);
              return List.of();
            },
            end);
    if (!unprocessed.isEmpty()) {
      Set<ResultKey> keys = new HashSet<>(unprocessed);
      List<TableItem> rest = new ArrayList<>();
      for (TableItem item : items) {
        if (keys.contains(item.key())) {
          rest.add(item);
        }
      }
      sdk.apply(table).putAll(rest, 1, end);
    }
  }

  @Override
  public void putRefused(ResultKey absent, Deadline end) {
    var _ =
        call(
            PUT,
            () -> {
              HttpAnswer answer = client.send(PUT, bodies.putRefused(absent), end, null);
              if (!Answers.isConditionFailed(answer)) {
                throw failure(answer);
              }
              return PutOutcome.exists(null);
            },
            calls -> {
              calls.putRefused(absent, end);
              return PutOutcome.exists(null);
            },
            end);
  }

  private byte[] succeeded(
      String operation, JsonBytes body, Deadline end, @Nullable Runnable onSent)
      throws IOException, DirectFailure {
    HttpAnswer answer = client.send(operation, body, end, onSent);
    if (answer.status() != OK) {
      throw failure(answer);
    }
    return answer.body();
  }

  /// An answer to another request must never become a result.
  private static void requireKey(ResultKey asked, TableItem item) throws DirectFailure {
    if (!item.key().id().equals(asked.id())) {
      throw new DirectFailure("an item of another key");
    }
  }

  private static void requireKeys(List<ResultKey> asked, Answers.Found answer)
      throws DirectFailure {
    Set<ResultKey> keys = new HashSet<>(asked);
    boolean all = keys.containsAll(answer.rest());
    for (TableItem item : answer.items()) {
      all &= keys.contains(item.key());
    }
    if (!all) {
      throw new DirectFailure("an item of another key");
    }
  }

  static DirectFailure failure(HttpAnswer answer) {
    return new DirectFailure("status " + answer.status());
  }

  private <T> T call(
      String operation, DirectClient.Call<T> direct, Function<SdkCalls, T> bySdk, Deadline end) {
    return client.call(operation, direct, bySdk, sdk, table, end);
  }
}
