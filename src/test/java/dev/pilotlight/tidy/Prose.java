package dev.pilotlight.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The sentences of a file that people read, each with the line on which it begins.
///
/// @param line from 1
/// @param text without line breaks; code in backticks is the word `x`
record Prose(int line, String text) {
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<comment>//[^\n]*)|(?<block>\"\"\"(?:[^\"\\\\]++|\\\\.|\"(?!\"\"))*+\"\"\")"
              + "|(?<string>\"(?:[^\"\\\\\n]++|\\\\.)*+\")|'(?:[^'\\\\]|\\\\[^']+|\\\\')'");
  private static final Pattern SLASHES = Pattern.compile("^///? ?");
  private static final Pattern CODE = Pattern.compile("`[^`]*`");
  private static final Pattern LINK = Pattern.compile("\\[([^]\\[]*)](?:\\([^)]*\\))?");
  private static final Pattern TAG = Pattern.compile("^@(?:param \\S+|return|throws \\S+) ?");
  private static final Pattern MARK = Pattern.compile("^(?:[-*>]|#+|\\d+\\.) +");
  private static final Pattern HUMP =
      Pattern.compile("(?<=\\w)(?=[A-Z][a-z])|(?<=[a-z0-9])(?=[A-Z])");

  /// The comments of a Java file; comments on consecutive lines are one text.
  static List<Prose> comments(String java) {
    List<Prose> texts = new ArrayList<>();
    Paragraph paragraph = new Paragraph(texts);
    Matcher token = TOKEN.matcher(java);
    for (Lines lines = new Lines(java); token.find(); ) {
      if (token.group("comment") != null) {
        int lineStart = java.lastIndexOf('\n', token.start()) + 1;
        if (!java.substring(lineStart, token.start()).isBlank()) {
          paragraph.end();
        }
        String content = SLASHES.matcher(token.group().strip()).replaceFirst("");
        paragraph.add(lines.at(token.start()), content);
      }
    }
    paragraph.end();
    return texts;
  }

  /// The string literals of a Java file.
  static List<Prose> strings(String java) {
    List<Prose> texts = new ArrayList<>();
    Matcher token = TOKEN.matcher(java);
    for (Lines lines = new Lines(java); token.find(); ) {
      if (token.group("string") != null || token.group("block") != null) {
        String text = token.group().replace("\"", "").replaceAll("\\s+", " ");
        texts.add(new Prose(lines.at(token.start()), plain(text.strip())));
      }
    }
    return texts;
  }

  /// A method name as a sentence: `answersAgain` is "Answers again".
  static String sentence(String name) {
    String words = HUMP.matcher(name).replaceAll(" ").toLowerCase(Locale.ROOT);
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  /// The paragraphs, list items and table cells of a Markdown page, outside fenced code.
  static List<Prose> paragraphs(String markdown) {
    List<Prose> texts = new ArrayList<>();
    Paragraph paragraph = new Paragraph(texts);
    boolean inCode = false;
    int number = 0;
    for (String line : markdown.lines().toList()) {
      number++;
      boolean fence = line.strip().startsWith("```");
      inCode ^= fence;
      if (inCode || fence) {
        paragraph.end();
      } else if (line.startsWith("|")) {
        for (String cell : CODE.matcher(line).replaceAll("x").split("\\|", -1)) {
          texts.add(new Prose(number, plain(cell.strip())));
        }
      } else {
        paragraph.add(number, line.strip());
      }
    }
    paragraph.end();
    return texts;
  }

  private static String plain(String text) {
    return LINK.matcher(CODE.matcher(text).replaceAll("x")).replaceAll("$1");
  }

  /// Joins lines until one is empty, begins a list item or a tag, or does not follow the last.
  private static final class Paragraph {
    private final List<Prose> texts;
    private final StringBuilder text = new StringBuilder();
    private int first;
    private int last;

    Paragraph(List<Prose> texts) {
      this.texts = texts;
    }

    void add(int line, String content) {
      String bare = TAG.matcher(MARK.matcher(content).replaceFirst("")).replaceFirst("");
      if (line != last + 1 || !bare.equals(content) || content.isEmpty()) {
        end();
      }
      first = text.isEmpty() ? line : first;
      text.append(text.isEmpty() ? "" : " ").append(bare);
      last = line;
    }

    void end() {
      if (!text.isEmpty()) {
        texts.add(new Prose(first, plain(text.toString())));
      }
      text.setLength(0);
    }
  }

  /// Counts lines up to ever larger offsets.
  private static final class Lines {
    private final String text;
    private int offset;
    private int line = 1;

    Lines(String text) {
      this.text = text;
    }

    int at(int wanted) {
      for (; offset < wanted; offset++) {
        line += text.charAt(offset) == '\n' ? 1 : 0;
      }
      return line;
    }
  }
}
