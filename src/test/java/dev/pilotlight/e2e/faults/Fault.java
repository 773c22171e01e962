package dev.pilotlight.e2e.faults;

import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.local.support.TcpProxy;
import redis.clients.jedis.Jedis;

/// A fault that begins, lasts for a while and ends.
// its steps are methods, which have no state
@SuppressWarnings("ImmutableEnumChecker")
enum Fault {
  REDIS_ENDS((stack, _) -> redis(stack).stop(), (stack, _) -> redis(stack).start()),
  ENVIRONMENTS_ARE_KILLED((stack, _) -> stack.killFunction(), Step.NOTHING),
  REDIS_STOPS_ANSWERING((stack, _) -> redis(stack).freeze(), (stack, _) -> redis(stack).thaw()),
  DYNAMODB_STOPS_ANSWERING(dynamo(TcpProxy.DEAD), dynamo(TcpProxy.FAST)),
  REDIS_IS_OUT_OF_MEMORY(redisSetting("maxmemory", "1"), redisSetting("maxmemory", "0")),
  REDIS_IS_READ_ONLY(
      redisSetting("min-replicas-to-write", "1"), redisSetting("min-replicas-to-write", "0")),
  REDIS_LOSES_ITS_DATA((stack, _) -> redis(stack).flush(), Step.NOTHING),
  DYNAMODB_IS_SLOW(dynamo(20_000), dynamo(TcpProxy.FAST));

  private final Step begin;
  private final Step end;

  Fault(Step begin, Step end) {
    this.begin = begin;
    this.end = end;
  }

  /// @param dynamo stands between the function and DynamoDB
  void begin(LocalStack stack, TcpProxy dynamo) {
    begin.run(stack, dynamo);
  }

  void end(LocalStack stack, TcpProxy dynamo) {
    end.run(stack, dynamo);
  }

  private static Step dynamo(long bytesPerSecond) {
    return (_, dynamo) -> dynamo.pass(bytesPerSecond);
  }

  private static Step redisSetting(String name, String value) {
    return (stack, _) -> {
      try (Jedis jedis = redis(stack).jedis()) {
        jedis.configSet(name, value);
      }
    };
  }

  private static RedisServer redis(LocalStack stack) {
    return stack.redis().orElseThrow();
  }

  @FunctionalInterface
  private interface Step {
    /// The function starts new environments, and results come back from DynamoDB, without a step.
    Step NOTHING = (_, _) -> {};

    void run(LocalStack stack, TcpProxy dynamo);
  }
}
