package dev.pilotlight.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.FormatterException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Each rule of [TidyTest] catches what it is for, and nothing else.
final class RulesTest {
  private static final String MARKED = "/// Text.\n@NullMarked\npackage dev.pilotlight.a;\n";

  @Test
  void aLineOfOverAHundredCharactersIsCaught() {
    assertThat(Rules.sizes("// " + "é".repeat(97))).isEmpty();
    assertThat(Rules.sizes("\n// " + "é".repeat(98))).containsExactly("line 2 has 101 characters");
  }

  @Test
  void aMethodOfOverSixtyLinesIsCaught() {
    String method = "class A {\n  void m() {\n%s  }\n}\n";
    Map<String, String> files =
        Map.of(
            "Short.java", method.formatted("    i++;\n".repeat(58)),
            "Long.java", method.formatted("    i++;\n".repeat(59)));
    assertThat(Rules.methodSizes(files)).containsExactly("Long.java: m in line 2 has 61 lines");
  }

  @Test
  void aFileOfOverThreeHundredLinesIsCaught() {
    assertThat(Rules.sizes("// line\n".repeat(300))).isEmpty();
    assertThat(Rules.sizes("// line\n".repeat(301))).containsExactly("the file has 301 lines");
  }

  @Test
  void anotherFormatIsCaught() throws FormatterException {
    assertThat(Rules.format("class A {}\n")).isEmpty();
    assertThat(Rules.format("class A\n{\n}\n")).hasSize(1);
    assertThat(Rules.format("import java.util.List;\n\nclass A {}\n")).hasSize(1);
  }

  @Test
  void leftOversAreCaughtAndTheLogsOwnStreamIsNot() {
    assertThat(Rules.leftOvers("// TODO later\nSystem.out.println(1);\n// FIXME"))
        .containsExactly("TODO", "System.out.", "FIXME");
    assertThat(Rules.leftOvers("new Log(System.out, level); // a TODOLIST")).isEmpty();
  }

  @Test
  void aPackageWithoutNullMarkedPackageInfoIsCaught() {
    String a = "src/main/java/dev/pilotlight/a/package-info.java";
    String testOfA = "src/test/java/dev/pilotlight/a/ATest.java";
    String b = "src/main/java/dev/pilotlight/b/B.java";
    assertThat(Rules.notNullMarked(Map.of(a, MARKED, testOfA, "", b, "")))
        .containsExactly("dev/pilotlight/b");
    assertThat(Rules.notNullMarked(Map.of(a, "package dev.pilotlight.a;\n")))
        .containsExactly("dev/pilotlight/a");
  }

  @Test
  void aTypeWithoutASentenceAboutItIsCaught() {
    Map<String, String> files =
        Map.of(
            "Good.java", "/// Reads a.b from\n/// a file. And\n/// more\nclass Good {}",
            "Bare.java", "@Deprecated class Bare { static class Hidden {} }",
            "List.java", "/// Reads:\n/// - lines.\nclass Items {}",
            "Tag.java", "/// Reads lines\n///\n/// @param a one.\nrecord Tag(int a) {}",
            "Outer.java", "/// Is.\nclass Outer { public enum Inner { A } }");
    assertThat(Rules.withoutSummary(files))
        .extracting(complaint -> complaint.substring(0, complaint.indexOf(':')))
        .containsExactly("Bare.java", "List.java", "Outer.java", "Tag.java");
  }

  @Test
  void aClassThatOnlyItselfAndCommentsNameIsCaught() {
    Map<String, String> files =
        Map.of(
            "Used.java", "class Used { Used next; }",
            "Dead.java", "class Dead { Dead next; Used used; }",
            "Other.java", "/// Not a [Dead].\nclass Other { String s = \"Dead\"; }");
    assertThat(Rules.unused(files, List.of())).containsExactly("Dead", "Other");
    assertThat(Rules.unused(files, List.of("Handler: dev.pilotlight.handler.Other::handle")))
        .containsExactly("Dead");
  }

  @Test
  void fullFoldersAreFound() {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < 23; i++) {
      paths.add("src/main/java/a/File" + i + ".java");
      paths.add("src/test/java/a/File" + i + ".java");
    }
    assertThat(Rules.fullFolders(paths)).containsExactly("src/main/java/a has 23 files");
  }
}
