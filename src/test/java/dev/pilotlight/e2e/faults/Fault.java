package dev.pilotlight.e2e.faults;

import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.local.support.TcpProxy;
import redis.clients.jedis.Jedis;

/// A fault that begins, lasts for a while and ends.
enum Fault {
  REDIS_ENDS {
    @Override
    void begin(LocalStack stack, TcpProxy dynamo) {
      redis(stack).stop();
    }

    @Override
    void end(LocalStack stack, TcpProxy dynamo) {
      redis(stack).start();
    }
  },
  ENVIRONMENTS_ARE_KILLED {
    @Override
    void begin(LocalStack stack, TcpProxy dynamo) {
      stack.killFunction();
    }

    @Override
    void end(LocalStack stack, TcpProxy dynamo) {
      // the next requests start new ones
    }
  },
  REDIS_STOPS_ANSWERING {
    @Override
    void begin(LocalStack stack, TcpProxy dynamo) {
      redis(stack).freeze();
    }

    @Override
    void end(LocalStack stack, TcpProxy dynamo) {
      redis(stack).thaw();
    }
  },
  DYNAMODB_STOPS_ANSWERING {
    @Override
    void begin(LocalStack stack, TcpProxy dynamo) {
      dynamo.pass(TcpProxy.DEAD);
    }

    @Override
    void end(LocalStack stack, TcpProxy dynamo) {
      dynamo.pass(TcpProxy.FAST);
    }
  },
  REDIS_IS_OUT_OF_MEMORY {
    @Override
    void begin(LocalStack stack, TcpProxy dynamo) {
      set(stack, "maxmemory", "1");
    }

    @Override
    void end(LocalStack stack, TcpProxy dynamo) {
      set(stack, "maxmemory", "0");
    }
  },
  REDIS_IS_READ_ONLY {
    @Override
    void begin(LocalStack stack, TcpProxy dynamo) {
      set(stack, "min-replicas-to-write", "1");
    }

    @Override
    void end(LocalStack stack, TcpProxy dynamo) {
      set(stack, "min-replicas-to-write", "0");
    }
  },
  REDIS_LOSES_ITS_DATA {
    @Override
    void begin(LocalStack stack, TcpProxy dynamo) {
      redis(stack).flush();
    }

    @Override
    void end(LocalStack stack, TcpProxy dynamo) {
      // results come back from DynamoDB
    }
  },
  DYNAMODB_IS_SLOW {
    @Override
    void begin(LocalStack stack, TcpProxy dynamo) {
      dynamo.pass(20_000);
    }

    @Override
    void end(LocalStack stack, TcpProxy dynamo) {
      dynamo.pass(TcpProxy.FAST);
    }
  };

  /// @param dynamo stands between the function and DynamoDB
  abstract void begin(LocalStack stack, TcpProxy dynamo);

  abstract void end(LocalStack stack, TcpProxy dynamo);

  private static RedisServer redis(LocalStack stack) {
    return stack.redis().orElseThrow();
  }

  private static void set(LocalStack stack, String name, String value) {
    try (Jedis jedis = redis(stack).jedis()) {
      jedis.configSet(name, value);
    }
  }
}
