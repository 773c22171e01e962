package dev.pilotlight.costs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/// The page is built from its sources; `-Ddocs.write=true` writes it.
final class CalculatorPageTest {
  @Test
  void pageIsTheOneThatItsSourcesMake() throws IOException {
    String built = CalculatorPage.build();
    if (Boolean.getBoolean("docs.write")) {
      Files.createDirectories(CalculatorPage.PAGE.getParent());
      Files.writeString(CalculatorPage.PAGE, built);
    }
    assertThat(Files.readString(CalculatorPage.PAGE)).isEqualTo(built);
  }

  @Test
  void pageLoadsNothing() throws IOException {
    assertThat(CalculatorPage.build())
        .contains("default-src 'none'")
        .doesNotContain("<script src", "@import", "fetch(", "XMLHttpRequest", "url(")
        .doesNotContain("@style@", "@script@", "@policy@");
  }
}
