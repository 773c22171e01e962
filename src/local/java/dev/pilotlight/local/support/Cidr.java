package dev.pilotlight.local.support;

import java.util.List;
import java.util.stream.IntStream;

/// CloudFormation's `Fn::Cidr`: parts of a network.
public final class Cidr {
  private static final int ADDRESS_BITS = 32;

  private Cidr() {}

  /// Evaluates `Fn::Cidr`.
  ///
  /// @param argument a network such as `10.0.0.0/16`, how many parts, and the bits of each one's
  ///   addresses
  /// @throws IllegalArgumentException in one clear line if they do not fit
  public static List<String> blocks(List<?> argument) {
    String[] network = String.valueOf(argument.get(0)).split("[./]", -1);
    int count = Integer.parseInt(String.valueOf(argument.get(1)));
    int bits = Integer.parseInt(String.valueOf(argument.get(2)));
    if (network.length != 5) {
      throw new IllegalArgumentException("it has no network " + argument.get(0));
    }
    long first = 0;
    for (int i = 0; i < 4; i++) {
      first = first << 8 | Long.parseLong(network[i]);
    }
    if ((long) count << bits > 1L << (ADDRESS_BITS - Integer.parseInt(network[4]))) {
      throw new IllegalArgumentException("it has networks that do not fit: " + argument);
    }
    long start = first;
    return IntStream.range(0, count)
        .mapToObj(i -> block(start + ((long) i << bits), bits))
        .toList();
  }

  private static String block(long address, int bits) {
    return "%d.%d.%d.%d/%d"
        .formatted(
            address >> 24 & 255,
            address >> 16 & 255,
            address >> 8 & 255,
            address & 255,
            ADDRESS_BITS - bits);
  }
}
