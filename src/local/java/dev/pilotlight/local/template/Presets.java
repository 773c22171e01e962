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

/// The presets of `samconfig.toml`: the parameters that `sam deploy` gives the template. A preset has
/// the name of its `--config-env`; the one that SAM takes without that option is called starter.
///
/// Reads only the lists `parameter_overrides`, also as the text that `sam deploy --guided` writes.
public final class Presets {
  public static final String STARTER = "starter";
  public static final String PRODUCTION = "production";
  public static final String BUSY = "busy";

  /// The file's name, next to the template.
  public static final String FILE = "samconfig.toml";

  private static final String DEFAULT = "default";
  private static final String STRING = "\"(?:[^\"\\\\]|\\\\.)*+\"";
  private static final Pattern COMMENT = Pattern.compile("^((?:[^\"#]|" + STRING + ")*+)#.*$");
  private static final Pattern TABLE = Pattern.compile("^\\[([^.\\]]+)\\.deploy\\.parameters]$");
  private static final Pattern OVERRIDES =
      Pattern.compile("(?m)^parameter_overrides *= *(\\[(?:[^]\"]|" + STRING + ")*+]|" + STRING + ")");
  private static final Pattern TEXT = Pattern.compile(STRING);
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
    Matcher overrides = OVERRIDES.matcher(table);
    if (overrides.find()) {
      Matcher texts = TEXT.matcher(overrides.group(1));
      while (texts.find()) {
        Matcher pairs = PAIR.matcher(unquoted(texts.group()));
        while (pairs.find()) {
          parameters.put(pairs.group(1), unquoted(pairs.group(2)));
        }
      }
    }
    presets.put(environment.equals(DEFAULT) ? STARTER : environment, parameters);
  }

  /// The text without its quotes, if it has any, and without the backslashes before others.
  private static String unquoted(String text) {
    return text.startsWith("\"")
        ? text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1")
        : text;
  }
}
