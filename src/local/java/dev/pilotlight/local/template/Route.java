package dev.pilotlight.local.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One route of an HTTP API, such as `POST /v1/embeddings`, `ANY /v2/{proxy+}` or `$default`.
///
/// @param method upper-case, or `ANY`
/// @param function the logical id of the function it goes to
public record Route(String method, String path, String function) {
  static final String DEFAULT = "$default";

  /// The route key as the event has it.
  public String key() {
    return path.equals(DEFAULT) ? DEFAULT : method + " " + path;
  }

  /// The path parameters if it matches this request.
  Optional<Map<String, String>> match(String requestMethod, String requestPath) {
    if (path.equals(DEFAULT)) {
      return Optional.of(Map.of());
    }
    if (!method.equals("ANY") && !method.equals(requestMethod)) {
      return Optional.empty();
    }
    List<String> wanted = List.of(path.split("/", -1));
    List<String> given = List.of(requestPath.split("/", -1));
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      String segment = wanted.get(i);
      if (i >= given.size()) {
        return Optional.empty();
      }
      if (segment.endsWith("+}")) {
        parameters.put(
            segment.substring(1, segment.length() - 2),
            String.join("/", given.subList(i, given.size())));
        return Optional.of(parameters);
      }
      if (segment.startsWith("{")) {
        parameters.put(segment.substring(1, segment.length() - 1), given.get(i));
      } else if (!segment.equals(given.get(i))) {
        return Optional.empty();
      }
    }
    return wanted.size() == given.size() ? Optional.of(parameters) : Optional.empty();
  }

  /// The order of matching: an HTTP API tries a full match before a greedy one, the longer path
  /// first, a named method before `ANY`, and `$default` last.
  int weight() {
    if (path.equals(DEFAULT)) {
      return 0;
    }
    int weight = 1;
    for (String segment : path.split("/", -1)) {
      weight += segment.startsWith("{") ? 4 : 16;
    }
    return weight + (path.endsWith("+}") ? 0 : 4096) + (method.equals("ANY") ? 0 : 1);
  }
}
