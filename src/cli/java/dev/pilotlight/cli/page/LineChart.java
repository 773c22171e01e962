package dev.pilotlight.cli.page;

import java.util.List;
import java.util.Locale;

/// A line chart as SVG: places of equal distance on the x axis, and y from 0.
///
/// @param label the chart in a sentence, for people who cannot see it, too
/// @param places names on the x axis
public record LineChart(String label, List<String> places, List<Series> series) {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 280;
  private static final int LEFT = 70;
  private static final int RIGHT = 20;
  private static final int TOP = 34;
  private static final int BOTTOM = 40;
  private static final int STEPS = 4;
  private static final int LEGEND_WIDTH = 170;
  private static final double TEN = 10;
  private static final double[] NICE = {1, 2, 2.5, 4, 5, 8, 10};

  /// A line.
  ///
  /// @param values one for each place; NaN leaves a gap
  public record Series(String name, List<Double> values) {
    public Series {
      values = List.copyOf(values);
    }
  }

  public LineChart {
    places = List.copyOf(places);
    series = List.copyOf(series);
  }

  String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
            .formatted(WIDTH, HEIGHT, Page.escape(label)));
    double top = top();
    for (int step = 0; step <= STEPS; step++) {
      double value = top * step / STEPS;
      double y = y(value, top);
      svg.append(
          number(
              "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>\n",
              LEFT, WIDTH - RIGHT, y, y));
      svg.append(number("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">", LEFT - 8, y + 4))
          .append(text(value))
          .append("</text>\n");
    }
    for (int i = 0; i < places.size(); i++) {
      svg.append(number("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">", x(i), HEIGHT - 16))
          .append(Page.escape(places.get(i)))
          .append("</text>\n");
    }
    for (int i = 0; i < series.size(); i++) {
      line(svg, i, top);
    }
    return svg.append("</svg>\n").toString();
  }

  private void line(StringBuilder svg, int which, double top) {
    Series line = series.get(which);
    String styleClass = "s" + (which + 1);
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < line.values().size(); i++) {
      double value = line.values().get(i);
      if (Double.isFinite(value)) {
        points.append(number("%.1f,%.1f ", x(i), y(value, top)));
      } else {
        polyline(svg, styleClass, points);
      }
    }
    polyline(svg, styleClass, points);
    int x = LEFT + which * LEGEND_WIDTH;
    svg.append(
            number(
                "<line class=\"%s\" stroke-width=\"3\" x1=\"%d\" x2=\"%d\" y1=\"14\" y2=\"14\"/>\n",
                styleClass, x, x + 24))
        .append(number("<text x=\"%d\" y=\"18\">", x + 30))
        .append(Page.escape(line.name()))
        .append("</text>\n");
  }

  private static void polyline(StringBuilder svg, String styleClass, StringBuilder points) {
    if (!points.isEmpty()) {
      svg.append(
          "<polyline class=\"%s\" points=\"%s\"/>\n"
              .formatted(styleClass, points.toString().strip()));
      points.setLength(0);
    }
  }

  /// A round number that is not under any value.
  private double top() {
    double max = 0;
    for (Series line : series) {
      for (double value : line.values()) {
        max = Double.isFinite(value) ? Math.max(max, value) : max;
      }
    }
    if (max <= 0) {
      return 1;
    }
    double power = Math.pow(TEN, Math.floor(Math.log10(max)));
    for (double nice : NICE) {
      if (nice * power >= max) {
        return nice * power;
      }
    }
    return TEN * power;
  }

  private double x(int place) {
    double width = WIDTH - LEFT - RIGHT;
    return LEFT + width * (place + 0.5) / places.size();
  }

  private static double y(double value, double top) {
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top;
  }

  private static String text(double value) {
    String text = number("%.4f", value);
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }

  @SuppressWarnings("AnnotateFormatMethod") // constant forms of this class
  private static String number(String form, Object... values) {
    return String.format(Locale.ROOT, form, values);
  }
}
