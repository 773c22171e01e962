package dev.pilotlight.cli.quantize;

import java.util.Optional;
import picocli.CommandLine.Option;

/// The options of `pilotlight quantize` for the accuracy that a result must have.
public final class QuantizeBounds {
  @Option(
      names = "--cosine-min",
      paramLabel = "COSINE",
      defaultValue = "0.98",
      description =
          "The lowest mean cosine with the original's embeddings; default: ${DEFAULT-VALUE}.")
  private double cosineMin;

  @Option(
      names = "--agreement-min",
      paramLabel = "SHARE",
      defaultValue = "0.95",
      description =
          "The lowest share of the original's labels, or of its decisions at 0.5 about several"
              + " labels of a text; default: ${DEFAULT-VALUE}.")
  private double agreementMin;

  @Option(
      names = "--rank-min",
      paramLabel = "CORRELATION",
      defaultValue = "0.9",
      description =
          "The lowest rank correlation with the original's scores, for one label, or for labels"
              + " that do not exclude each other; default: ${DEFAULT-VALUE}.")
  private double rankMin;

  /// The bounds that the options name, or their defaults.
  public Accuracy.Bounds all() {
    return new Accuracy.Bounds(cosineMin, agreementMin, rankMin);
  }

  /// Why an option's value cannot be a bound.
  ///
  /// @return empty if all can
  public Optional<String> fault() {
    // NaN is not in a range
    if (!(cosineMin >= -1 && cosineMin <= 1)) {
      return Optional.of("--cosine-min is " + cosineMin + "; accepted: -1 to 1");
    }
    if (!(agreementMin >= 0 && agreementMin <= 1)) {
      return Optional.of("--agreement-min is " + agreementMin + "; accepted: 0 to 1");
    }
    if (!(rankMin >= -1 && rankMin <= 1)) {
      return Optional.of("--rank-min is " + rankMin + "; accepted: -1 to 1");
    }
    return Optional.empty();
  }
}
