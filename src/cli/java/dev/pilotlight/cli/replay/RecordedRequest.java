package dev.pilotlight.cli.replay;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// A request of a traffic file.
///
/// @param line of the file, from 1
/// @param path with its query, beginning with `/`
/// @param headers those that may be sent again; names in lower case
/// @param body empty if it has none
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RecordedRequest(
    int line, String method, String path, Map<String, String> headers, byte[] body) {
  public RecordedRequest {
    headers = Map.copyOf(headers);
  }

  /// Without the parameters of its query that may hold a credential; this if it has none.
  RecordedRequest withoutCredentials() {
    int query = path.indexOf('?');
    if (query < 0) {
      return this;
    }
    String[] given = path.substring(query + 1).split("&", -1);
    String kept =
        Arrays.stream(given)
            .filter(parameter -> !HeaderRules.isCredential(name(parameter)))
            .collect(Collectors.joining("&"));
    String left = path.substring(0, query) + (kept.isEmpty() ? "" : "?" + kept);
    return kept.length() == path.length() - query - 1
        ? this
        : new RecordedRequest(line, method, left, headers, body);
  }

  /// The path for reports, without the values of its query.
  String shownPath() {
    int query = path.indexOf('?');
    if (query < 0) {
      return path;
    }
    return Arrays.stream(path.substring(query + 1).split("&", -1))
        .map(parameter -> parameter.split("=", 2)[0] + (parameter.contains("=") ? "=…" : ""))
        .collect(Collectors.joining("&", path.substring(0, query + 1), ""));
  }

  private static String name(String parameter) {
    String name = parameter.split("=", 2)[0];
    return URLDecoder.decode(name, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
  }
}
