package dev.pilotlight.tidy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The links of a Markdown page, and the anchors of its headings as GitHub makes them.
final class Links {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern WEB = Pattern.compile("[a-z]+:.*");
  private static final Pattern HEADING = Pattern.compile("#{1,6} +(.+)");
  private static final Pattern LINKED_TEXT = Pattern.compile("\\[([^]]*)]\\([^)]*\\)");
  private static final Pattern NOT_IN_ANCHORS = Pattern.compile("[^\\p{L}\\p{N}_ -]");

  private Links() {}

  /// The Markdown pages of the repository: those in its root and below `docs`.
  static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    try (var root = Files.list(Path.of(""));
        var docs = Files.walk(Path.of("docs"))) {
      root.forEach(pages::add);
      docs.forEach(pages::add);
    }
    pages.removeIf(page -> !page.toString().endsWith(".md"));
    pages.sort(null);
    return pages;
  }

  /// The links of a page to a file or heading that does not exist; links to the web are not
  /// followed.
  static List<String> broken(Path page) throws IOException {
    List<String> broken = new ArrayList<>();
    Matcher links = LINK.matcher(String.join("\n", withoutCode(Files.readString(page))));
    while (links.find()) {
      String link = links.group(1);
      if (!WEB.matcher(link).matches() && !leadsSomewhere(page, link)) {
        broken.add(link);
      }
    }
    return broken;
  }

  private static boolean leadsSomewhere(Path page, String link) throws IOException {
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Path target = file.isEmpty() ? page : page.resolveSibling(file);
    if (!Files.exists(target)) {
      return false;
    }
    return hash < 0 || anchors(Files.readString(target)).contains(link.substring(hash + 1));
  }

  /// The anchors of a page's headings. A heading that repeats gets `-1`, the next one `-2`.
  static Set<String> anchors(String markdown) {
    Set<String> anchors = new HashSet<>();
    for (String line : withoutCode(markdown)) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        String anchor = anchor(heading.group(1));
        String unique = anchor;
        for (int i = 1; !anchors.add(unique); i++) {
          unique = anchor + "-" + i;
        }
      }
    }
    return anchors;
  }

  private static String anchor(String heading) {
    String text = LINKED_TEXT.matcher(heading.strip()).replaceAll("$1").toLowerCase(Locale.ROOT);
    return NOT_IN_ANCHORS.matcher(text).replaceAll("").replace(' ', '-');
  }

  /// The lines outside fenced code.
  private static List<String> withoutCode(String markdown) {
    List<String> lines = new ArrayList<>();
    boolean inCode = false;
    for (String line : markdown.lines().toList()) {
      boolean fence = line.startsWith("```");
      inCode ^= fence;
      if (!inCode && !fence) {
        lines.add(line);
      }
    }
    return lines;
  }
}
