package dev.pilotlight.handler.doors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.provider.CsvSource;

/// The tables of a test class.
final class CsvRows {
  private CsvRows() {}

  /// The rows in the text block of a method's [CsvSource].
  static long of(Class<?> test, String method) {
    CsvSource[] tables =
        Arrays.stream(test.getDeclaredMethods())
            .filter(it -> it.getName().equals(method))
            .map(it -> it.getAnnotation(CsvSource.class))
            .toArray(CsvSource[]::new);
    assertThat(tables).as(method).hasSize(1).doesNotContainNull();
    return tables[0].textBlock().lines().filter(line -> !line.isBlank()).count();
  }
}
