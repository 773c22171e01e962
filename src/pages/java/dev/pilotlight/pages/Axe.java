package dev.pilotlight.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.results.CheckedNode;
import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.util.List;

/// The rules of axe-core: WCAG 2.2 to level AA, and good practice.
public final class Axe {
  private Axe() {}

  /// Fails if the page breaks a rule, light or dark, wide or narrow.
  public static void assertAccessible(Browser browser) {
    for (int width : new int[] {1280, 390}) {
      for (boolean dark : new boolean[] {false, true}) {
        browser.look(width, dark);
        assertThat(violations(browser))
            .as("axe at %d pixels, %s", width, dark ? "dark" : "light")
            .isEmpty();
      }
    }
    browser.look(1280, false);
  }

  private static List<String> violations(Browser browser) {
    return new AxeBuilder()
        .analyze(browser.driver()).getViolations().stream().map(Axe::described).toList();
  }

  private static String described(Rule rule) {
    List<String> places = rule.getNodes().stream().map(CheckedNode::getHtml).toList();
    return rule.getId() + ": " + rule.getHelp() + " " + places;
  }
}
