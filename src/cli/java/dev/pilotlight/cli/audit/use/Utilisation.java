package dev.pilotlight.cli.audit.use;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The content of exports that a bill does not have: use of processors, and recommendations.
///
/// @param cpu by id of the resource, without the part of an ARN before it
/// @param advice recommendations of Cost Optimization Hub
/// @param files the names of the exports
public record Utilisation(Map<String, Cpu> cpu, List<Advice> advice, List<String> files) {
  public static final Utilisation NONE = new Utilisation(Map.of(), List.of(), List.of());

  /// The use of a processor in percent.
  ///
  /// @param maximum the highest value, which is an upper bound of the average
  public record Cpu(Optional<Double> average, Optional<Double> maximum) {
    Cpu and(Cpu other) {
      return new Cpu(average.or(() -> other.average), maximum.or(() -> other.maximum));
    }
  }

  /// A recommendation.
  ///
  /// @param action in the Hub's words, such as `Rightsize`
  /// @param resource its id, without the part of an ARN before it
  /// @param saving a month, after the account's discounts; empty if the export lacks it
  /// @param effort in the Hub's words, such as `VeryLow`
  /// @param file and line where it stands
  public record Advice(
      String action,
      String type,
      String resource,
      String summary,
      Optional<BigDecimal> saving,
      String effort,
      boolean restart,
      boolean rollback,
      String file,
      long line) {
    private static final List<String> IDLE = List.of("stop", "delete");

    /// Whether it finds that nothing uses the resource.
    public boolean idle() {
      return IDLE.contains(action.toLowerCase(Locale.ROOT));
    }
  }

  /// The use of a resource's processor, if an export has it.
  public Optional<Cpu> of(String resource) {
    return Optional.ofNullable(cpu.get(id(resource)));
  }

  /// Both together; the first one's values count.
  public Utilisation and(Utilisation other) {
    Map<String, Cpu> both = new HashMap<>(cpu);
    other.cpu.forEach((id, use) -> both.merge(id, use, Cpu::and));
    return new Utilisation(
        both,
        Stream.concat(advice.stream(), other.advice.stream()).toList(),
        Stream.concat(files.stream(), other.files.stream()).toList());
  }

  /// The id in an ARN such as `arn:aws:ec2:eu-west-1:1:instance/i-1`.
  public static String id(String resource) {
    int slash = resource.lastIndexOf('/');
    int colon = resource.lastIndexOf(':');
    return resource.startsWith("arn:") ? resource.substring(Math.max(slash, colon) + 1) : resource;
  }
}
