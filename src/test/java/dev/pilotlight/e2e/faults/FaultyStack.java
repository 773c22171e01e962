package dev.pilotlight.e2e.faults;

import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.support.Option;
import dev.pilotlight.local.support.Ports;
import dev.pilotlight.local.support.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.util.Set;

/// The function in one process, with a proxy in front of Redis, and two in front of DynamoDB: one
/// for connections, one for calls.
///
/// @param dynamo passes connections on to `calls`, which passes calls on to DynamoDB
record FaultyStack(LocalStack stack, TcpProxy redis, TcpProxy dynamo, Between calls)
    implements AutoCloseable {

  /// Hits come from Redis: the function keeps none in its own memory.
  static FaultyStack start() throws IOException {
    int redisPort = Ports.unused();
    int dynamoPort = Ports.unused();
    Between calls = new Between(URI.create("http://127.0.0.1:" + dynamoPort));
    TcpProxy dynamo = new TcpProxy(calls.endpoint());
    TcpProxy redis = new TcpProxy(URI.create("http://127.0.0.1:" + redisPort));
    Options options =
        Options.onFreePorts()
            .withEnvironmentsMax(1)
            .withPort(Option.REDIS_PORT, redisPort)
            .withPort(Option.DYNAMODB_PORT, dynamoPort)
            .withVariable("PILOTLIGHT_MEMORY_CACHE_BYTES", "0")
            .withVariable("PILOTLIGHT_REDIS", redisUrl(redis))
            .withVariable("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString());
    return new FaultyStack(LocalStack.start(options), redis, dynamo, calls);
  }

  private static String redisUrl(TcpProxy redis) {
    return "redis://127.0.0.1:" + redis.endpoint().getPort();
  }

  RedisServer redisServer() {
    return stack.redis().orElseThrow();
  }

  /// The function's processes.
  Set<Long> pids() {
    return Resident.pids("PILOTLIGHT_REDIS=" + redisUrl(redis));
  }

  @Override
  public void close() throws IOException {
    stack.close();
    redis.close();
    dynamo.close();
    calls.close();
  }
}
