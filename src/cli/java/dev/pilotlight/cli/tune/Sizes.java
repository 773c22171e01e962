package dev.pilotlight.cli.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// The sizes of a function's memory, and the vCPUs that Lambda gives with each.
public final class Sizes {
  /// Megabytes of memory that stand for one vCPU.
  public static final int ONE_CPU_MB = 1_769;

  /// The least that the template accepts.
  static final int MIN_MB = 512;

  /// The most that Lambda has.
  static final int MAX_MB = 10_240;

  /// The sizes that are measured unless others are chosen.
  public static final List<Integer> DEFAULT =
      List.of(
          512, 768, 1_024, 1_280, 1_536, 1_769, 2_048, 2_560, 3_008, 3_538, 5_307, 7_076, 8_845,
          10_240);

  private Sizes() {}

  /// Reads a list such as `512,1024`.
  ///
  /// @throws IllegalArgumentException in one clear line if a size is wrong
  public static List<Integer> parse(List<String> texts) {
    TreeSet<Integer> sizes = new TreeSet<>();
    for (String text : texts) {
      int size;
      try {
        size = Integer.parseInt(text.strip());
      } catch (NumberFormatException e) {
        size = 0;
      }
      if (size < MIN_MB || size > MAX_MB) {
        throw new IllegalArgumentException(
            "--sizes has '%s'; accepted: 512–10240 MB, joined by commas".formatted(text));
      }
      sizes.add(size);
    }
    return new ArrayList<>(sizes);
  }

  /// The vCPUs of a size, such as 0.29.
  static double vcpus(int memoryMb) {
    return (double) memoryMb / ONE_CPU_MB;
  }

  /// The processor time of a size in a period.
  static long quotaMicros(int memoryMb, long periodMicros) {
    return Math.round((double) periodMicros * memoryMb / ONE_CPU_MB);
  }

  /// Whether this machine has as many processors.
  ///
  /// @param processors a fraction where a container has a quota
  static boolean fits(int memoryMb, double processors) {
    return memoryMb <= processors * ONE_CPU_MB;
  }
}
