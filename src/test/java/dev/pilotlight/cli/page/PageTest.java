package dev.pilotlight.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Pages and charts.
final class PageTest {
  private static final String EVIL = "<script>alert('x')</script>&\"\u0007";
  private static final String ESCAPED =
      "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;\ufffd";

  @Test
  void everyTextIsEscaped() {
    LineChart chart =
        new LineChart(EVIL, List.of(EVIL), List.of(new LineChart.Series(EVIL, List.of(1.0))));
    String page =
        new Page(EVIL)
            .heading(EVIL)
            .paragraph(EVIL)
            .list(List.of(EVIL))
            .table(EVIL, List.of(EVIL), List.of(List.of(EVIL, EVIL)))
            .texts(EVIL, List.of(""), List.of(List.of(EVIL)))
            .chart(chart)
            .render();

    assertThat(page).doesNotContain("<script").doesNotContain("\u0007");
    assertThat(page.split(Pattern.quote(ESCAPED), -1)).hasSize(16);
  }

  @Test
  void nothingIsLoadedFromElsewhere() {
    String page = new Page("a").render();

    assertThat(page)
        .contains("default-src 'none'; style-src 'unsafe-inline'")
        .contains("prefers-color-scheme: dark", "width=device-width")
        .doesNotContain("http:")
        .doesNotContain("https:")
        .doesNotContain("src=")
        .doesNotContain("url(");
  }

  @Test
  void aChartReachesARoundNumberAndLeavesGaps() {
    LineChart chart =
        new LineChart(
            "a",
            List.of("1", "2", "3", "4"),
            List.of(new LineChart.Series("s", List.of(3.0, Double.NaN, 6.0, 7.5))));

    assertThat(chart.svg())
        .contains(">8</text>", ">6</text>", ">4</text>", ">2</text>", ">0</text>")
        .contains("points=\"148.8,162.8\"", "points=\"463.8,85.5 621.3,46.9\"");
    LineChart empty = new LineChart("a", List.of("1"), List.of());
    assertThat(empty.svg()).contains(">1</text>");
  }
}
