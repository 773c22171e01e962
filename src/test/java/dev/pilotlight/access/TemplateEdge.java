package dev.pilotlight.access;

import dev.pilotlight.local.template.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/// The distribution of `template.yaml`, as it is written.
public final class TemplateEdge {
  private TemplateEdge() {}

  /// Its resources, by their names.
  static Map<String, Object> resources() throws IOException {
    Object template = Yaml.read(Files.readString(Path.of("template.yaml")));
    Map<String, Object> found = new LinkedHashMap<>();
    ((Map<?, ?>) inside(template, "Resources"))
        .forEach(
            (name, resource) -> {
              if (((String) name).startsWith("Edge")) {
                found.put((String) name, resource);
              }
            });
    return found;
  }

  /// The code of its function.
  public static String code() throws IOException {
    Object properties = inside(inside(resources(), "EdgeFunction"), "Properties");
    return (String) inside(properties, "FunctionCode");
  }

  /// The patterns of the paths whose answers may be kept.
  static List<String> keptPaths() throws IOException {
    Object value = resources();
    for (String step :
        List.of("EdgeDistribution", "Properties", "DistributionConfig", "CacheBehaviors")) {
      value = inside(value, step);
    }
    return ((List<?>) value).stream().map(each -> (String) inside(each, "PathPattern")).toList();
  }

  /// Whether CloudFront would find a path by a pattern: a star is any text.
  static boolean fits(String pattern, String path) {
    return path.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q"));
  }

  private static Object inside(Object map, String name) {
    return Objects.requireNonNull(((Map<?, ?>) map).get(name), name);
  }
}
