package dev.pilotlight.tidy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

@Order(1) // it is long
final class TidyTest {
  private static final Map<String, String> FILES = new TreeMap<>();

  @BeforeAll
  static void readEveryJavaFile() throws IOException {
    for (Path file : Format.javaFiles()) {
      FILES.put(file.toString().replace('\\', '/'), Files.readString(file));
    }
  }

  @Test
  void linesAndFilesAreShort() {
    assertThat(complaints(FILES, Rules::sizes)).isEmpty();
  }

  @Test
  void foldersHaveFewFiles() {
    assertThat(Rules.fullFolders(FILES.keySet())).isEmpty();
  }

  @Test
  void methodsAreShort() {
    assertThat(Rules.methodSizes(FILES)).isEmpty();
  }

  @Test
  void everyFileHasTheOneFormat() throws FormatterException {
    List<String> complaints = new ArrayList<>();
    for (var file : FILES.entrySet()) {
      Rules.format(file.getValue()).forEach(text -> complaints.add(file.getKey() + ": " + text));
    }
    assertThat(complaints).isEmpty();
  }

  @Test
  void nothingIsLeftOverInWhatShips() {
    assertThat(complaints(files("src/main/"), Rules::leftOvers)).isEmpty();
  }

  @Test
  void everyPackageIsNullMarked() {
    assertThat(Rules.notNullMarked(FILES)).isEmpty();
  }

  @Test
  void everyLinkBetweenPagesLeadsToAFileAndHeading() throws IOException {
    assumeThat(Path.of("README.md")).exists();
    List<String> complaints = new ArrayList<>();
    for (Path page : Links.pages()) {
      Links.broken(page).forEach(link -> complaints.add(page + ": " + link));
    }
    assertThat(complaints).isEmpty();
  }

  @Test
  void commentsAndNamesOfTestsArePlainEnglish() {
    assertThat(PlainEnglish.complaints(FILES, Prose::comments)).isEmpty();
    assertThat(PlainEnglish.namesOfTests(FILES)).isEmpty();
  }

  @Test
  void messagesArePlainEnglish() {
    // the strings of tests are data
    Map<String, String> others = new TreeMap<>(FILES);
    others.keySet().removeIf(path -> path.startsWith("src/test/"));
    assertThat(PlainEnglish.complaints(others, Prose::strings)).isEmpty();
  }

  @Test
  void pagesArePlainEnglish() throws IOException {
    assumeThat(Path.of("README.md")).exists();
    Map<String, String> pages = new TreeMap<>();
    for (Path page : Links.pages()) {
      pages.put(page.toString(), Files.readString(page));
    }
    assertThat(PlainEnglish.complaints(pages, Prose::paragraphs)).isEmpty();
  }

  @Test
  void everyTypeHasASummary() {
    Map<String, String> others = new TreeMap<>(FILES);
    others.keySet().removeIf(path -> path.startsWith("src/test/"));
    assertThat(Rules.withoutSummary(others)).isEmpty();
  }

  @Test
  void everyClassOfTheCommandLineIsUsed() throws IOException {
    assertThat(Rules.unused(files("src/cli/"), List.of(Files.readString(Path.of("pom.xml")))))
        .isEmpty();
  }

  @Test
  void everyClassThatShipsIsUsed() throws IOException {
    // only the template names the classes at which the function begins
    assumeThat(Path.of("template.yaml")).exists();
    List<String> outside = new ArrayList<>();
    for (String file : List.of("template.yaml", "pom.xml", "src/package/bootstrap")) {
      outside.add(Files.readString(Path.of(file)));
    }
    assertThat(Rules.unused(files("src/main/"), outside)).isEmpty();
  }

  private static Map<String, String> files(String root) {
    Map<String, String> files = new TreeMap<>(FILES);
    files.keySet().removeIf(path -> !path.startsWith(root));
    assertThat(files).isNotEmpty();
    return files;
  }

  private interface Rule {
    List<String> complaints(String text);
  }

  private static List<String> complaints(Map<String, String> files, Rule rule) {
    List<String> complaints = new ArrayList<>();
    files.forEach(
        (path, text) -> rule.complaints(text).forEach(c -> complaints.add(path + ": " + c)));
    return complaints;
  }
}
