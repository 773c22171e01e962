package dev.pilotlight.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every folder of [Cases] through the whole function; the same list is documented.
final class CompatibilityTest {
  private static final Path PAGE = Path.of("docs/models-compatibility.md");

  /// If it is `true`, the test writes the page instead of comparing it.
  private static final String WRITE = "compatibility.write";

  private static final int CASES_MIN = 120;

  @TempDir private Path root;

  static Stream<Case> cases() {
    return Cases.all().stream().flatMap(group -> group.cases().stream());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void folderIsAnsweredRightlyOrRefusedWithTheReason(Case row) {
    row.folder().write(root);
    try (Probe probe = new Probe(root, row.settings())) {
      row.checks().forEach(probe::verify);
    }
  }

  @Test
  void documentationListsTheSameFolders() throws IOException {
    assertThat(System.getProperties().stringPropertyNames())
        .filteredOn(name -> name.startsWith("compatibility."))
        .as("-Dcompatibility.* options; accepted: -D" + WRITE)
        .isSubsetOf(WRITE);
    String page = Markdown.page(Cases.all());
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as("rewrite it with mvn test -Dtest=CompatibilityTest -D%s=true", WRITE)
        .isEqualTo(page);
  }

  @Test
  void casesAreManyAndNamesAreUnique() {
    assertThat(cases().count()).isGreaterThanOrEqualTo(CASES_MIN);
    assertThat(Cases.all())
        .allSatisfy(
            group -> assertThat(group.cases()).extracting(Case::name).doesNotHaveDuplicates());
    assertThat(cases()).allSatisfy(row -> assertThat(row.checks()).isNotEmpty());
  }
}
