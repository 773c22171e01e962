package dev.pilotlight.cli.preflight;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The presets in `samconfig.toml`: the tables `[<preset>.deploy.parameters]`.
///
/// It reads the part of TOML that SAM writes: tables, strings, booleans, lists of strings over
/// several lines, and comments.
///
/// @param presets by name, in the file's order
public record SamConfig(Map<String, Table> presets) {
  private static final Pattern TABLE = Pattern.compile("\\[([\\w.\"-]+)]");
  private static final Pattern ENTRY = Pattern.compile("([\\w-]+)\\s*=\\s*(.*)");
  private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|'([^']*)'");
  private static final Pattern OVERRIDE =
      Pattern.compile("(\\w+)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S*))");
  private static final String DEPLOY = ".deploy.parameters";

  /// The parameters of `sam deploy` of one preset.
  ///
  /// @param overrides of the template's parameters
  public record Table(
      Optional<String> stack, Optional<String> region, Map<String, String> overrides) {}

  /// Reads the file.
  ///
  /// @throws Malformed if it has no preset, or a line that is not understood
  public static SamConfig read(Path file) throws IOException, Malformed {
    Map<String, Map<String, String>> tables = new LinkedHashMap<>();
    Map<String, String> current = new LinkedHashMap<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = withoutComment(lines.get(i)).strip();
      Matcher table = TABLE.matcher(line);
      Matcher entry = ENTRY.matcher(line);
      if (table.matches()) {
        current = tables.computeIfAbsent(table.group(1), _ -> new LinkedHashMap<>());
      } else if (entry.matches()) {
        StringBuilder value = new StringBuilder(entry.group(2));
        while (value.charAt(0) == '[' && value.charAt(value.length() - 1) != ']') {
          if (++i == lines.size()) {
            throw new Malformed(file + ": the list " + entry.group(1) + " does not end");
          }
          value.append(' ').append(withoutComment(lines.get(i)).strip());
        }
        current.put(entry.group(1), value.toString());
      } else if (!line.isEmpty()) {
        throw new Malformed("%s, line %d is not understood: %s".formatted(file, i + 1, line));
      }
    }
    return of(file, tables);
  }

  private static SamConfig of(Path file, Map<String, Map<String, String>> tables) throws Malformed {
    Map<String, Table> presets = new LinkedHashMap<>();
    for (Map.Entry<String, Map<String, String>> table : tables.entrySet()) {
      String name = table.getKey();
      if (name.endsWith(DEPLOY)) {
        Map<String, String> entries = table.getValue();
        presets.put(
            name.substring(0, name.length() - DEPLOY.length()),
            new Table(
                string(entries.get("stack_name")),
                string(entries.get("region")),
                overrides(file, entries.getOrDefault("parameter_overrides", ""))));
      }
    }
    if (presets.isEmpty()) {
      throw new Malformed(file + " has no table [<preset>.deploy.parameters]");
    }
    return new SamConfig(presets);
  }

  /// A list of `Name=value`, or one string of them, as `sam deploy --guided` writes it.
  private static Map<String, String> overrides(Path file, String value) throws Malformed {
    Map<String, String> overrides = new LinkedHashMap<>();
    Matcher strings = STRING.matcher(value);
    while (strings.find()) {
      String text = unquoted(strings);
      if (value.startsWith("[")) {
        int equals = text.indexOf('=');
        if (equals <= 0) {
          throw new Malformed("%s: '%s' is not Name=value".formatted(file, text));
        }
        overrides.put(text.substring(0, equals), withoutQuotes(text.substring(equals + 1)));
      } else {
        Matcher each = OVERRIDE.matcher(text);
        while (each.find()) {
          overrides.put(each.group(1), each.group(2) == null ? each.group(3) : each.group(2));
        }
      }
    }
    return overrides;
  }

  private static String withoutQuotes(String value) {
    Matcher string = STRING.matcher(value);
    return string.matches() ? unquoted(string) : value;
  }

  private static Optional<String> string(@Nullable String value) {
    return Optional.ofNullable(value)
        .map(STRING::matcher)
        .filter(Matcher::matches)
        .map(SamConfig::unquoted);
  }

  private static String unquoted(Matcher string) {
    String basic = string.group(1);
    return basic == null ? string.group(2) : basic.replaceAll("\\\\(.)", "$1");
  }

  private static String withoutComment(String line) {
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && (i == 0 || line.charAt(i - 1) != '\\')) {
        quoted = !quoted;
      } else if (c == '#' && !quoted) {
        return line.substring(0, i);
      }
    }
    return line;
  }
}
