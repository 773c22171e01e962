package dev.pilotlight.cli.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The first processors alone, by affinity: only sizes of whole vCPUs can be measured.
///
/// @param processors numbers of those that this process may use
record WholeCores(List<Integer> processors) implements CpuLimit {
  WholeCores {
    processors = List.copyOf(processors);
  }

  @Override
  public String description() {
    return "affinity to whole processors (taskset), since this machine allows no quota";
  }

  @Override
  public boolean supports(int memoryMb) {
    return memoryMb % Sizes.ONE_CPU_MB == 0;
  }

  @Override
  public List<String> wrap(int memoryMb, List<String> command) {
    String list =
        processors.stream()
            .limit(memoryMb / Sizes.ONE_CPU_MB)
            .map(number -> Integer.toString(number))
            .collect(Collectors.joining(","));
    List<String> wrapped = new ArrayList<>(List.of("taskset", "-c", list));
    wrapped.addAll(command);
    return wrapped;
  }

  /// Reads a list of the kernel's, such as `0-3,8`.
  static List<Integer> parse(String list) {
    List<Integer> numbers = new ArrayList<>();
    for (String part : list.strip().split(",", -1)) {
      String[] ends = part.split("-", 2);
      int last = Integer.parseInt(ends[ends.length - 1]);
      for (int number = Integer.parseInt(ends[0]); number <= last; number++) {
        numbers.add(number);
      }
    }
    return numbers;
  }
}
