package dev.pilotlight.local;

import dev.pilotlight.local.support.Option;
import dev.pilotlight.tidy.DocTable;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// docs/local.md lists the local runner's options.
class OptionsPageTest {
  @Test
  void pageListsTheOptionsOfTheCode() throws IOException {
    DocTable table = DocTable.in("docs/local.md", "| option | default | meaning |");
    List<String> rows = Arrays.stream(Option.values()).map(OptionsPageTest::row).toList();
    table.assertRows(rows);
    table.assertNoOtherRows("| `-D", rows.size());
  }

  private static String row(Option option) {
    String value = option.defaultValue().isEmpty() ? "–" : "`" + option.defaultValue() + "`";
    return "| `-D%s` | %s | %s |".formatted(option.optionName(), value, option.meaning());
  }
}
