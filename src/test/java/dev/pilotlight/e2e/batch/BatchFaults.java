package dev.pilotlight.e2e.batch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.runtime.Between.Fate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// Random faults of S3 and DynamoDB, the same for the same seed and order of calls. Each counts how
/// often it happened. Thread-safe.
final class BatchFaults {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SLOW_DOWN =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>""";
  private static final String THROTTLED =
      """
      {"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",\
      "message":"too fast for this table"}""";

  final AtomicInteger refused = new AtomicInteger();
  final AtomicInteger cut = new AtomicInteger();
  final AtomicInteger throttled = new AtomicInteger();
  final AtomicInteger unprocessed = new AtomicInteger();
  private final Random random;

  BatchFaults(long seed) {
    random = new Random(seed);
  }

  /// S3 that answers 503.
  Function<Between.Call, Fate> refuse(double share, Function<Between.Call, Fate> otherwise) {
    return call -> {
      if (happens(share)) {
        refused.incrementAndGet();
        return new Fate.Fail(503, SLOW_DOWN);
      }
      return otherwise.apply(call);
    };
  }

  /// Objects whose bodies break off half-way.
  Function<Between.Call, Fate> cut(double share, Function<Between.Call, Fate> otherwise) {
    return call -> {
      boolean isObject = call.method().equals("GET") && call.uri().getPath().endsWith(".jsonl");
      if (isObject && happens(share)) {
        cut.incrementAndGet();
        return new Fate.Cut();
      }
      return otherwise.apply(call);
    };
  }

  /// DynamoDB that has not enough throughput: it refuses calls, or does nothing of them.
  Function<Between.Call, Fate> throttle(double share, Function<Between.Call, Fate> otherwise) {
    return call -> {
      if (!happens(share)) {
        return otherwise.apply(call);
      }
      if (call.action().startsWith("Batch") && happens(0.5)) {
        unprocessed.incrementAndGet();
        return new Fate.Fail(200, unprocessed(call));
      }
      throttled.incrementAndGet();
      return new Fate.Fail(400, THROTTLED);
    };
  }

  static Fate pass(Between.Call call) {
    return new Fate.Pass();
  }

  private boolean happens(double share) {
    return random.nextDouble() < share;
  }

  private static String unprocessed(Between.Call call) {
    try {
      var items = JSON.readTree(call.body()).required("RequestItems");
      ObjectNode answer = JSON.createObjectNode();
      if (call.action().equals("BatchGetItem")) {
        answer.putObject("Responses");
        answer.set("UnprocessedKeys", items);
      } else {
        answer.set("UnprocessedItems", items);
      }
      return answer.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
