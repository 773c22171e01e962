package dev.pilotlight.cli.preflight;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A preset of `samconfig.toml` over the defaults of `template.yaml`.
///
/// @param values of all parameters, as text
public record Preset(
    String name, Optional<String> stack, Optional<String> region, Map<String, String> values) {
  private static final Pattern PARAMETER = Pattern.compile("  (\\w+):");
  private static final Pattern DEFAULT = Pattern.compile("    Default: (.*)");

  /// All presets.
  ///
  /// @throws Malformed if a preset sets a parameter that the template does not have
  public static List<Preset> all(Path config, Path template) throws IOException, Malformed {
    Map<String, String> defaults = defaults(template);
    List<Preset> presets = new ArrayList<>();
    for (Map.Entry<String, SamConfig.Table> each : SamConfig.read(config).presets().entrySet()) {
      SamConfig.Table table = each.getValue();
      Map<String, String> values = new HashMap<>(defaults);
      for (Map.Entry<String, String> override : table.overrides().entrySet()) {
        if (!defaults.containsKey(override.getKey())) {
          throw new Malformed(
              "%s: %s sets %s, which %s does not have"
                  .formatted(config, each.getKey(), override.getKey(), template));
        }
        values.put(override.getKey(), override.getValue());
      }
      presets.add(new Preset(each.getKey(), table.stack(), table.region(), values));
    }
    return presets;
  }

  /// The defaults of the template's parameters, read line by line.
  static Map<String, String> defaults(Path template) throws IOException, Malformed {
    Map<String, String> defaults = new HashMap<>();
    boolean inside = false;
    String name = "";
    for (String line : Files.readAllLines(template)) {
      Matcher parameter = PARAMETER.matcher(line);
      Matcher value = DEFAULT.matcher(line);
      if (!line.isEmpty() && line.charAt(0) != ' ' && line.charAt(0) != '#') {
        inside = line.startsWith("Parameters:");
      } else if (inside && parameter.matches()) {
        name = parameter.group(1);
        defaults.put(name, "");
      } else if (inside && value.matches()) {
        defaults.put(name, value.group(1).strip().replaceAll("^\"(.*)\"$", "$1"));
      }
    }
    if (defaults.isEmpty()) {
      throw new Malformed(template + " has no parameters");
    }
    return defaults;
  }

  /// The value of a parameter; empty if the template does not have it.
  String value(String parameter) {
    return values.getOrDefault(parameter, "");
  }

  boolean is(String parameter, String value) {
    return value(parameter).equals(value);
  }

  /// The value of a parameter that is a number.
  ///
  /// @throws Malformed if it is not one
  double number(String parameter) throws Malformed {
    try {
      return Double.parseDouble(value(parameter));
    } catch (NumberFormatException e) {
      throw new Malformed(
          "%s: %s is '%s', not a number".formatted(name, parameter, value(parameter)));
    }
  }
}
