package dev.pilotlight.tidy;

import com.google.googlejavaformat.java.FormatterException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The rules of [TidyTest]; each gives one line per complaint.
final class Rules {
  static final int LINE_LENGTH_MAX = 100;
  static final int METHOD_LINES_MAX = 60;
  static final int FILE_LINES_MAX = 300;
  private static final int MAIN_FILES_MAX = 22;
  private static final int FILES_MAX = 30;

  /// Left-overs, and output past the log; handing `System.out` to the log is what it is for.
  private static final Pattern LEFT_OVER =
      Pattern.compile(
          "\\bTODO\\b|\\bFIXME\\b|\\bXXX\\b|System\\.(?:out|err)\\."
              + "|printStackTrace\\((?!new PrintWriter\\()");

  /// A full stop before the first empty line, list or tag.
  private static final Pattern SUMMARY =
      Pattern.compile("^(?![-@])(?:(?!\\n\\s*(?:\\n|[-@]))[^.]|\\.(?=\\S))+\\.(?:\\s|$)");

  private Rules() {}

  static List<String> sizes(String text) {
    List<String> complaints = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      int length = lines.get(i).codePointCount(0, lines.get(i).length());
      if (length > LINE_LENGTH_MAX) {
        complaints.add("line %d has %d characters".formatted(i + 1, length));
      }
    }
    if (lines.size() > FILE_LINES_MAX) {
      complaints.add("the file has %d lines".formatted(lines.size()));
    }
    return complaints;
  }

  /// The folders with too many files.
  ///
  /// @param paths of files
  static List<String> fullFolders(Collection<String> paths) {
    Map<String, Integer> counts = new TreeMap<>();
    for (String path : paths) {
      counts.merge(path.substring(0, path.lastIndexOf('/')), 1, Integer::sum);
    }
    List<String> complaints = new ArrayList<>();
    counts.forEach(
        (folder, count) -> {
          if (count > (folder.startsWith("src/main/") ? MAIN_FILES_MAX : FILES_MAX)) {
            complaints.add(folder + " has " + count + " files");
          }
        });
    return complaints;
  }

  /// @param files text by path
  static List<String> methodSizes(Map<String, String> files) {
    List<String> complaints = new ArrayList<>();
    Source.parse(files)
        .forEach(
            (path, source) ->
                source.methodLines().entrySet().stream()
                    .filter(method -> method.getValue() > METHOD_LINES_MAX)
                    .map(
                        method ->
                            "%s: %s has %d lines"
                                .formatted(path, method.getKey(), method.getValue()))
                    .forEach(complaints::add));
    return complaints;
  }

  static List<String> format(String text) throws FormatterException {
    return Format.isFormatted(text) ? List.of() : List.of("not formatted; mvn -Pformat does it");
  }

  static List<String> leftOvers(String text) {
    return LEFT_OVER.matcher(text).results().map(MatchResult::group).toList();
  }

  /// The packages none of whose files is a null-marked `package-info.java`.
  ///
  /// @param files text by path
  static List<String> notNullMarked(Map<String, String> files) {
    Set<String> packages = new HashSet<>();
    Set<String> marked = new HashSet<>();
    files.forEach(
        (path, text) -> {
          String name = packageOf(path);
          packages.add(name);
          if (path.endsWith("/package-info.java") && text.contains("\n@NullMarked\npackage ")) {
            marked.add(name);
          }
        });
    packages.removeAll(marked);
    return packages.stream().sorted().toList();
  }

  private static String packageOf(String path) {
    return path.substring(path.indexOf("/java/") + "/java/".length(), path.lastIndexOf('/'));
  }

  /// The public and the top-level types whose Javadoc does not begin with a sentence.
  ///
  /// @param files text by path
  static List<String> withoutSummary(Map<String, String> files) {
    List<String> complaints = new ArrayList<>();
    Source.parse(files)
        .forEach(
            (path, source) ->
                source
                    .summaries()
                    .forEach(
                        (type, comment) -> {
                          if (!SUMMARY.matcher(comment.strip()).find()) {
                            complaints.add(path + ": no sentence with a full stop about " + type);
                          }
                        }));
    return complaints;
  }

  /// The top-level classes that no other file's code names.
  ///
  /// @param files text by path
  /// @param outside texts that name entry points by their full names, such as the template
  static List<String> unused(Map<String, String> files, List<String> outside) {
    Map<String, Source> sources = Source.parse(files);
    return sources.entrySet().stream()
        .flatMap(
            entry ->
                entry.getValue().topLevelClasses().stream()
                    .filter(name -> !isNamedBeside(entry.getKey(), name, sources))
                    .filter(name -> !isEntryPoint(name, outside)))
        .toList();
  }

  private static boolean isNamedBeside(String path, String name, Map<String, Source> sources) {
    Stream<Map.Entry<String, Source>> others =
        sources.entrySet().stream().filter(entry -> !entry.getKey().equals(path));
    return others.anyMatch(other -> other.getValue().names().contains(name));
  }

  private static boolean isEntryPoint(String name, List<String> outside) {
    Pattern full = Pattern.compile("dev\\.pilotlight\\.(?:\\w+\\.)+" + name + "\\b");
    return outside.stream().anyMatch(text -> full.matcher(text).find());
  }
}
