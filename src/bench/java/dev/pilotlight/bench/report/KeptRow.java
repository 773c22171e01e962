package dev.pilotlight.bench.report;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/// One line of a [KeptRun].
///
/// @param baseline null if the figure stands alone
/// @param ratio to the baseline; null if another figure has the target
/// @param over the difference from the baseline; likewise
/// @param target such as `≤ 1.5 ×`, or `–` for none
/// @param held null without a target
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KeptRow(
    String measure,
    String what,
    String unit,
    Figures measured,
    @Nullable Figures baseline,
    @Nullable Compared ratio,
    @Nullable Compared over,
    String target,
    @Nullable Boolean held) {
  /// The comparison of two programs: the median of the rounds, the least and the greatest; in JSON
  /// an array of the three.
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  @JsonPropertyOrder({"median", "low", "high"})
  public record Compared(double median, double low, double high) {
    private String text(String unit) {
      String text = "%s %s".formatted(Target.number(median), unit);
      return low == high
          ? text
          : "%s (%s–%s)".formatted(text, Target.number(low), Target.number(high));
    }
  }

  /// As a line of the Markdown table.
  public String markdown() {
    return "| %s | %s | %s | %s | %s | %s | %s |"
        .formatted(
            measure,
            what,
            measured.text(unit),
            baseline == null ? "–" : baseline.text(unit),
            ratio != null ? ratio.text("×") : over != null ? over.text(unit) : "–",
            target,
            held == null ? "–" : held ? "yes" : "**no**");
  }
}
