package dev.pilotlight.tidy;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The one format of every Java file. Its `main` writes it; [TidyTest] checks it.
final class Format {
  private static final Pattern WORD = Pattern.compile("\\w+");

  private Format() {}

  public static void main(String[] args) throws IOException, FormatterException {
    for (Path file : javaFiles()) {
      String source = Files.readString(file);
      String formatted = formatted(source);
      if (!formatted.equals(source)) {
        Files.writeString(file, formatted);
        System.out.println("formatted " + file);
      }
    }
  }

  static String formatted(String source) throws FormatterException {
    Formatter formatter = new Formatter(JavaFormatterOptions.defaultOptions());
    String imports = ImportOrderer.reorderImports(source, JavaFormatterOptions.Style.GOOGLE);
    return formatter.formatSource(RemoveUnusedImports.removeUnusedImports(imports));
  }

  /// Whether [#formatted] would change nothing. It is quicker: that an import is used is seen by
  /// its name, in comments as well.
  static boolean isFormatted(String source) throws FormatterException {
    Set<String> imported = new HashSet<>();
    Set<String> words = new HashSet<>();
    source
        .lines()
        .forEach(
            line -> {
              if (line.startsWith("import ")) {
                imported.add(line.substring(line.lastIndexOf('.') + 1).replace(";", ""));
              } else {
                WORD.matcher(line).results().map(MatchResult::group).forEach(words::add);
              }
            });
    if (!words.containsAll(imported)) {
      return formatted(source).equals(source);
    }
    return ImportOrderer.reorderImports(source, JavaFormatterOptions.Style.GOOGLE).equals(source)
        && new Formatter(JavaFormatterOptions.defaultOptions()).formatSource(source).equals(source);
  }

  static List<Path> javaFiles() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }
}
