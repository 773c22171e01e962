package dev.pilotlight.cli.tune;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How much of the traffic is of each kind: hit, short, long, many.
public final class Weights {
  /// The kinds, in the order of reports.
  static final List<String> KINDS = List.of(Workload.HIT, "short", "long", "many");

  /// Two thirds are hits; the rest is an assumption that an option changes.
  public static final String DEFAULT = "hit=67,short=25,long=6,many=2";

  private Weights() {}

  /// Reads weights, such as [#DEFAULT]. A kind that is left out has none.
  ///
  /// @return shares that add up to 1, of the kinds that have one
  /// @throws IllegalArgumentException in one clear line if the text has another form
  public static Map<String, Double> parse(String text) {
    Map<String, Double> weights = new LinkedHashMap<>();
    double sum = 0;
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      String kind = part.substring(0, Math.max(0, equals)).strip();
      double weight = equals < 0 ? -1 : number(part.substring(equals + 1));
      if (!KINDS.contains(kind) || !(weight >= 0) || weights.put(kind, weight) != null) {
        throw wrong(text);
      }
      sum += weight;
    }
    if (!(sum > 0) || Double.isInfinite(sum)) {
      throw wrong(text);
    }
    double all = sum;
    weights.values().removeIf(weight -> weight == 0);
    weights.replaceAll((_, weight) -> weight / all);
    return weights;
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "--weights is '%s'; accepted: numbers for hit, short, long, many, such as %s"
            .formatted(text, DEFAULT));
  }
}
