package dev.pilotlight.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The phrases that no text of the project has, each with the plain one.
final class PlainEnglish {
  private static final String SENTENCE = "(?:^|[.!?:;] )";

  /// Why a phrase is refused, by its pattern.
  static final Map<Pattern, String> BANNED =
      Map.ofEntries(
          ban(SENTENCE + "(?:What|Who) [^.?:]*\\.(?: |$)", "name the actor first"),
          ban(SENTENCE + "Of (?!course)[a-z]", "begin with the noun, not with Of"),
          ban("\\b(?:tells|told|says|said|knows)\\b", "files and code have, state, return or log"),
          ban("\\bspeaks?\\b", "a program uses a protocol"),
          ban("\\banew\\b", "again"),
          ban("\\bmend(?:s|ed|ing)?\\b", "repair, fix or correct"),
          ban("\\b[Ww]herever\\b", "name the places"),
          ban("\\b[Ww]hoever\\b", "name the actor"),
          ban("\\bas dear as\\b", "break-even with, or costs as much as"),
          ban("\\bof (?:its|their) own\\b", "its own X, or nothing"),
          ban("\\bbeside\\b", "next to (place), besides (addition) or compared with"),
          ban("\\bbehind (?!an? (?:\\S+ )?(?:proxy|gateway)\\b)", "after; behind is for proxies"),
          ban(
              "(?<![Tt]here )\\b(?:is|are|was|were) no (?!longer\\b|more\\b|less\\b)[a-z]",
              "is not a"));

  private PlainEnglish() {}

  private static Map.Entry<Pattern, String> ban(String phrase, String plain) {
    return Map.entry(Pattern.compile(phrase), plain);
  }

  /// The banned phrases of a text, each with the plain one.
  static List<String> complaints(String text) {
    List<String> complaints = new ArrayList<>();
    BANNED.forEach(
        (phrase, plain) -> {
          Matcher found = phrase.matcher(text);
          if (found.find()) {
            complaints.add("'%s': %s".formatted(found.group().strip(), plain));
          }
        });
    return complaints;
  }

  /// @param files text by path
  /// @param read finds the sentences of a file
  static List<String> complaints(Map<String, String> files, Function<String, List<Prose>> read) {
    List<String> complaints = new ArrayList<>();
    files.forEach(
        (path, text) -> {
          for (Prose prose : read.apply(text)) {
            complaints(prose.text())
                .forEach(c -> complaints.add("%s:%d: %s".formatted(path, prose.line(), c)));
          }
        });
    return complaints;
  }

  /// A test's name is a sentence.
  ///
  /// @param files text by path
  static List<String> namesOfTests(Map<String, String> files) {
    List<String> complaints = new ArrayList<>();
    Source.parse(files)
        .forEach(
            (path, source) -> {
              for (String test : source.tests()) {
                complaints(Prose.sentence(test) + ".")
                    .forEach(c -> complaints.add("%s: %s: %s".formatted(path, test, c)));
              }
            });
    return complaints;
  }
}
