package dev.pilotlight.costs;

import dev.pilotlight.cli.cost.CostInputs;
import dev.pilotlight.support.Prices.Processor;
import java.util.Map;
import java.util.Random;

/// Inputs of the calculator by chance: small and large traffic, every kind of stack.
public final class RandomMonths {
  private static final double MAGNITUDES = 10;

  private RandomMonths() {}

  public static CostInputs next(Random random) {
    int max = random.nextBoolean() ? 0 : 1 + random.nextInt(20);
    return new CostInputs(
        random.nextInt(10) == 0 ? 0 : Math.floor(Math.pow(10, random.nextDouble() * MAGNITUDES)),
        random.nextInt(101) / 100.0,
        1 + random.nextInt(128),
        random.nextBoolean() ? CostInputs.MINI_LM : CostInputs.ARTICLE,
        128 + random.nextInt(10_113),
        random.nextBoolean() ? Processor.ARM : Processor.X86,
        max == 0 ? 0 : random.nextInt(max + 1),
        max,
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextInt(4) == 0
            ? Map.of("computedMs", 1 + 500 * random.nextDouble(), "itemBytes", 9_000.0)
            : Map.of());
  }

  public static double fleetUsd(Random random) {
    return Math.pow(10, random.nextDouble() * 5);
  }
}
