package dev.pilotlight.handler.batch;

import dev.pilotlight.access.ClientRows;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.runtime.Between.Call;
import dev.pilotlight.local.runtime.Between.Fate;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/// The calls of a batch function to S3 and DynamoDB. The function can be killed at a call: then no
/// further call gets through until it is revived.
final class FanOutCalls implements AutoCloseable {
  private static final String REFUSED =
      "{\"__type\":\"com.amazon.coral.service#AccessDeniedException\",\"message\":\"killed\"}";

  private static final String CLIENTS = "\"" + ClientRows.TABLE + "\"";

  private final Between s3;
  private final Between dynamo;
  private final AtomicInteger count = new AtomicInteger();
  private volatile IntPredicate killsAt = _ -> false;
  private volatile Consumer<Call> before = _ -> {};
  private volatile boolean killed;
  private volatile boolean clientsRefused;

  FanOutCalls(URI s3, URI dynamo) throws IOException {
    this.s3 = new Between(s3);
    this.dynamo = new Between(dynamo);
    this.s3.rule(call -> fate(call, 403, ""));
    this.dynamo.rule(
        call -> {
          if (call.body().contains("batch#")) {
            return fate(call, 400, REFUSED);
          }
          before.accept(call);
          boolean refused = clientsRefused && call.body().contains(CLIENTS);
          return killed || refused ? new Fate.Fail(400, REFUSED) : new Fate.Pass();
        });
  }

  private Fate fate(Call call, int status, String body) {
    before.accept(call);
    if (killsAt.test(count.getAndIncrement())) {
      killed = true;
    }
    return killed ? new Fate.Fail(status, body) : new Fate.Pass();
  }

  String s3() {
    return s3.endpoint().toString();
  }

  String dynamo() {
    return dynamo.endpoint().toString();
  }

  /// Kills at calls to S3 and to the batch's items, by their places.
  void killAt(IntPredicate places) {
    count.set(0);
    killsAt = places;
  }

  /// From now on no call reaches the table of clients, unless it also writes a batch's item.
  void refuseClients() {
    clientsRefused = true;
  }

  /// Does something before each call is passed on.
  void before(Consumer<Call> action) {
    before = action;
  }

  int count() {
    return count.get();
  }

  void forget() {
    count.set(0);
    s3.forgetCalls();
  }

  /// All to S3 since they were forgotten.
  List<Call> toS3() {
    return s3.calls();
  }

  boolean isKilled() {
    return killed;
  }

  void revive() {
    killed = false;
  }

  @Override
  public void close() {
    s3.close();
    dynamo.close();
  }
}
