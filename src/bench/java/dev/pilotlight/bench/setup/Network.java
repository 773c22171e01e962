package dev.pilotlight.bench.setup;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/// A [DelayProxy] each before Redis and DynamoDB.
public record Network(DelayProxy redis, DelayProxy dynamo) implements AutoCloseable {
  /// Starts both.
  ///
  /// @param roundTrip to either
  public static Network of(Setup setup, Duration roundTrip) throws IOException {
    DelayProxy redis = new DelayProxy(setup.redis().port(), roundTrip);
    return new Network(redis, new DelayProxy(setup.dynamo().endpoint().getPort(), roundTrip));
  }

  /// The variables of a process that uses it.
  public Map<String, String> variables() {
    return Map.of(
        "PILOTLIGHT_REDIS",
        "redis://127.0.0.1:" + redis.port(),
        "AWS_ENDPOINT_URL_DYNAMODB",
        "http://127.0.0.1:" + dynamo.port());
  }

  @Override
  public void close() {
    redis.close();
    dynamo.close();
  }
}
