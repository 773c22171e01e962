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
/// @param cpu by ARN or id of the resource, as in the export
/// @param advice recommendations of Cost Optimization Hub
/// @param hub whether one of the exports is Cost Optimization Hub's, even without recommendations
/// @param notes what was left out of the exports
/// @param exports the files
public record Utilisation(
    Map<String, Cpu> cpu,
    List<Advice> advice,
    boolean hub,
    List<String> notes,
    List<Export> exports) {
  public static final Utilisation NONE =
      new Utilisation(Map.of(), List.of(), false, List.of(), List.of());

  /// A file that was read.
  ///
  /// @param hub whether it is Cost Optimization Hub's; else it has the use of machines
  public record Export(String name, boolean hub) {
    /// Names the kind of its content.
    public String content() {
      return hub ? "recommendations" : "use of machines";
    }
  }

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
  /// @param resource its ARN or id
  /// @param saving a month, after the account's discounts; empty if the export lacks it
  /// @param currency of the saving; empty if the export lacks it
  /// @param effort in the Hub's words, such as `VeryLow`
  /// @param file and line where it stands
  public record Advice(
      String action,
      String type,
      String resource,
      String summary,
      Optional<BigDecimal> saving,
      String currency,
      String effort,
      boolean restart,
      boolean rollback,
      String file,
      long line) {
    private static final List<String> IDLE = List.of("stop", "delete");

    /// The resource's id, without the part of an ARN before it.
    public String id() {
      return Utilisation.id(resource);
    }

    private Advice worth(Optional<BigDecimal> amount, String in) {
      return new Advice(
          action, type, resource, summary, amount, in, effort, restart, rollback, file, line);
    }

    /// Whether it finds that nothing uses the resource.
    public boolean idle() {
      return IDLE.contains(action.toLowerCase(Locale.ROOT));
    }
  }

  /// The same with savings in a bill's currency. A saving without a currency is in USD, as the
  /// Hub's are; one that cannot be converted is empty.
  ///
  /// @param perUsd units of the bill's currency for one USD; empty if unknown
  public Utilisation in(String bill, Optional<BigDecimal> perUsd) {
    List<Advice> converted =
        advice.stream()
            .map(
                each -> {
                  String from = each.currency.isEmpty() ? "USD" : each.currency;
                  Optional<BigDecimal> amount = each.saving;
                  if (!from.equals(bill)) {
                    amount =
                        from.equals("USD")
                            ? amount.flatMap(usd -> perUsd.map(usd::multiply))
                            : Optional.empty();
                  }
                  return each.worth(amount, bill);
                })
            .toList();
    return new Utilisation(cpu, converted, hub, notes, exports);
  }

  /// Both together; the first one's values count.
  public Utilisation and(Utilisation other) {
    Map<String, Cpu> both = new HashMap<>(cpu);
    other.cpu.forEach((id, use) -> both.merge(id, use, Cpu::and));
    return new Utilisation(
        both,
        Stream.concat(advice.stream(), other.advice.stream()).toList(),
        hub || other.hub,
        Stream.concat(notes.stream(), other.notes.stream()).toList(),
        Stream.concat(exports.stream(), other.exports.stream()).toList());
  }

  /// The id in an ARN such as `arn:aws:ec2:eu-west-1:1:instance/i-1`.
  public static String id(String resource) {
    int slash = resource.lastIndexOf('/');
    int colon = resource.lastIndexOf(':');
    return resource.startsWith("arn:") ? resource.substring(Math.max(slash, colon) + 1) : resource;
  }
}
