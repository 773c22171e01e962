package dev.pilotlight.cli.replay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Headers that the user adds to every request of a target, such as keys. No message and no report
/// shows a value.
public final class GivenHeaders {
  private final Map<String, String> values = new TreeMap<>();

  /// Adds the lines `Name: value` of a file; blank lines and those that begin with `#` are ignored.
  ///
  /// @throws Malformed if a line has another form
  public void addFile(Path file) throws IOException, Malformed {
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        int colon = line.indexOf(':');
        if (colon < 1 || !add(line.substring(0, colon), line.substring(colon + 1).strip())) {
          throw new Malformed(file, i + 1, "is not a header; accepted: Name: value");
        }
      }
    }
  }

  /// Adds a header whose value is that of an environment variable.
  ///
  /// @param given `NAME=VARIABLE`
  /// @param environment the value of a variable; null if it is not set
  /// @throws Malformed if it has another form, or the variable is not set
  public void addVariable(String given, UnaryOperator<@Nullable String> environment)
      throws Malformed {
    int equals = given.indexOf('=');
    String name = given.substring(0, Math.max(0, equals));
    String value = equals < 0 ? null : environment.apply(given.substring(equals + 1));
    if (equals < 1) {
      throw new Malformed(
          "a --header or --against-header", "is not NAME=VARIABLE; accepted: x-api-key=MY_KEY");
    }
    if (value == null) {
      throw new Malformed("the environment", "lacks the variable of the header " + name);
    }
    if (!add(name, value)) {
      throw new Malformed(
          "the header " + name, "cannot be sent; accepted: names of HTTP, one line");
    }
  }

  private boolean add(String name, String value) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (!HeaderRules.isHeader(name, value) || HeaderRules.isOfClient(lower)) {
      return false;
    }
    values.put(lower, value);
    return true;
  }

  /// The names, for reports.
  public List<String> names() {
    return List.copyOf(values.keySet());
  }

  /// The recorded headers, with these added or in their place.
  Map<String, String> over(Map<String, String> recorded) {
    Map<String, String> all = new TreeMap<>(recorded);
    all.putAll(values);
    return all;
  }
}
