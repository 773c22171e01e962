package dev.pilotlight.local.template;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The presets of `samconfig.toml`: the parameters that `sam deploy` gives the template. A preset
/// has the name of its `--config-env`; the one that SAM takes without that option is called
/// starter.
///
/// Reads only the lists `parameter_overrides`, also as the text that `sam deploy --guided` writes.
public final class Presets {
  public static final String STARTER = "starter";
  public static final String PRODUCTION = "production";
  public static final String BUSY = "busy";

  /// The file's name, next to the template.
  public static final String FILE = "samconfig.toml";

  private static final String DEFAULT = "default";
  private static final String OVERRIDES = "parameter_overrides";
  private static final String STRING = "\"(?:[^\"\\\\]|\\\\.)*+\"";
  private static final String TEXT = "(?:" + STRING + "|'[^']*+')";
  private static final Pattern TEXTS = Pattern.compile(TEXT);
  private static final Pattern COMMENT = Pattern.compile("^((?:[^\"'#]|" + TEXT + ")*+)#.*$");
  private static final Pattern TABLE = Pattern.compile("^\\[([^.\\]]+)\\.deploy\\.parameters]$");
  private static final Pattern LIST =
      Pattern.compile(
          "(?m)^" + OVERRIDES + " *= *(\\[(?:\\s*+" + TEXT + "\\s*+,?)*+\\s*+]|" + TEXT + ")$");
  private static final Pattern PAIR = Pattern.compile("([A-Za-z0-9]+)=(" + STRING + "|[^ \"]+)");

  private final Map<String, Map<String, String>> presets = new LinkedHashMap<>();

  private Presets(String text) {
    String name = "";
    StringBuilder table = new StringBuilder();
    for (String line : text.lines().toList()) {
      String read = COMMENT.matcher(line).replaceFirst("$1").strip();
      if (read.startsWith("[")) {
        add(name, table);
        Matcher header = TABLE.matcher(read);
        name = header.matches() ? header.group(1) : "";
        table.setLength(0);
      } else {
        table.append(read).append('\n');
      }
    }
    add(name, table);
  }

  /// Reads a file.
  ///
  /// @throws IllegalArgumentException in one clear line if there is none
  public static Presets read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("there is no " + file.toAbsolutePath(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Presets parse(String text) {
    return new Presets(text);
  }

  /// The parameters that a preset sets, by name.
  ///
  /// @throws IllegalArgumentException in one clear line that names the presets, if it is none
  public Map<String, String> parameters(String preset) {
    Map<String, String> found = presets.get(preset);
    if (found == null) {
      throw new IllegalArgumentException(
          "%s has no preset '%s'; accepted: %s"
              .formatted(FILE, preset, String.join(", ", presets.keySet())));
    }
    return found;
  }

  private void add(String environment, CharSequence table) {
    if (environment.isEmpty()) {
      return;
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    Matcher list = LIST.matcher(table);
    if (list.find()) {
      TEXTS.matcher(list.group(1)).results().forEach(text -> pairs(text.group(), parameters));
    } else if (table.toString().contains(OVERRIDES)) {
      throw new IllegalArgumentException(
          "%s of %s in %s is not understood; accepted: a list of \"Name=value\""
              .formatted(OVERRIDES, environment, FILE));
    }
    presets.put(environment.equals(DEFAULT) ? STARTER : environment, parameters);
  }

  private static void pairs(String text, Map<String, String> parameters) {
    String assignments = unquoted(text);
    Matcher pairs = PAIR.matcher(assignments);
    while (pairs.find()) {
      parameters.put(pairs.group(1), unquoted(pairs.group(2)));
    }
    if (!PAIR.matcher(assignments).replaceAll("").isBlank()) {
      throw new IllegalArgumentException(
          "%s in %s is not understood; accepted: Name=value, and Name=\"value\" with blanks"
              .formatted(assignments, FILE));
    }
  }

  /// The text without its quotes, if it has any. Within double ones, a backslash is taken away.
  private static String unquoted(String text) {
    if (!text.startsWith("\"") && !text.startsWith("'")) {
      return text;
    }
    String inner = text.substring(1, text.length() - 1);
    return text.startsWith("'") ? inner : inner.replaceAll("\\\\(.)", "$1");
  }
}
