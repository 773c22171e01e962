package dev.pilotlight.handler.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.Harness;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.suite.OnlyInFaults;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// One rate for a tenant in several environments, with a real table and a real Redis.
@Isolated("it measures rates")
@OnlyInFaults
final class RateOfTwoFunctionsIT {
  private static final String PLANS =
      """
      {"brisk": {"requests_per_second": 20, "requests_burst": 40},
       "wide": {"requests_per_second": 1000, "requests_burst": 1000}}""";

  /// As in the plan `brisk`, whose burst is used up first: it would be full again, and lose some of
  /// the rate, only if all callers stalled for 2 s.
  private static final double RATE = 20;

  @Test
  void twoFunctionsTogetherKeepTheRateWithinTwoPercent() throws Exception {
    AtomicInteger admitted = new AtomicInteger();
    try (Tenancy tenancy = new Tenancy();
        RedisServer redis = RedisServer.start(0);
        Harness function = tenancy.limited(PLANS, redis);
        Harness another = tenancy.limited(PLANS, redis)) {
      String key = tenancy.key("shared", "brisk");
      tenancy.warm(function);
      tenancy.warm(another);
      long begun = System.nanoTime();
      while (Tenancy.embed(function, key, "hello").status() == 200) {
        begun = System.nanoTime();
      }
      // Redis refused between the two readings, with less than one request left
      long refused = System.nanoTime();
      List<Thread> callers = new ArrayList<>();
      for (Harness each : List.of(function, another)) {
        callers.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      while (System.nanoTime() - refused < 6_000_000_000L) {
                        if (Tenancy.embed(each, key, "hello").status() == 200) {
                          admitted.incrementAndGet();
                        }
                      }
                    }));
      }
      for (Thread caller : callers) {
        caller.join();
      }
      long beforeLast = System.nanoTime();
      Harness.Reply last = Tenancy.embed(function, key, "hello");
      double most = 1 + RATE * (System.nanoTime() - begun) / 1e9;
      double least = RATE * (beforeLast - refused) / 1e9 - 1;
      int all = admitted.get() + (last.status() == 200 ? 1 : 0);
      assertThat((double) all).as("not more than the rate").isLessThan(most * 1.02);
      // a busy machine may have left some
      int left = Integer.parseInt(last.header("x-ratelimit-remaining-requests"));
      assertThat((double) all + left).isBetween(least * 0.98, most * 1.02);
    }
  }
}
