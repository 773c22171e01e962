package dev.pilotlight.cli.replay;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads method and path from a line of an access log, which holds neither headers nor a body.
final class AccessLine {
  private static final Pattern METHOD = Pattern.compile("[A-Z]{3,10}");

  /// `203.0.113.9 - - [29/Nov/2026:12:00:00 +0000] "GET /path HTTP/1.1" 200 …`
  private static final Pattern COMBINED =
      Pattern.compile("\\S+ \\S+ .{0,200}?\\[[^]]+] ?\"([A-Z]+) (\\S+) HTTP/[0-9.]+\" .*");

  /// `https 2026-11-29T12:00:00.000000Z app/lb/50dc6c495c0c9188 … "POST https://host:443/path
  /// HTTP/1.1" …`
  private static final Pattern BALANCER =
      Pattern.compile(
          "(?:https?|h2|grpcs|wss?) \\S+Z \\S+ .*?\"([A-Z]+) \\w+://[^/\\s]+(/\\S*) HTTP/[0-9.]+\""
              + " .*");

  private static final List<String> METHODS = List.of("httpMethod", "method");
  private static final List<String> PATHS = List.of("path", "rawPath");

  private AccessLine() {}

  static RecordedRequest combined(int number, String line) throws RequestLine.Wrong {
    return matched(number, COMBINED.matcher(line), "nginx's combined or the common log format");
  }

  static RecordedRequest balancer(int number, String line) throws RequestLine.Wrong {
    return matched(number, BALANCER.matcher(line), "an access log of an ALB");
  }

  private static RecordedRequest matched(int number, Matcher matcher, String form)
      throws RequestLine.Wrong {
    if (!matcher.matches()) {
      throw new RequestLine.Wrong("has no request; accepted: a line of " + form);
    }
    return request(number, matcher.group(1), matcher.group(2));
  }

  /// @param line JSON with method (or httpMethod) and path, as `$context` gives them
  static RecordedRequest gateway(int number, String line) throws RequestLine.Wrong {
    Object tree;
    try {
      tree = JsonTree.read(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new RequestLine.Wrong("is not valid JSON; accepted: an access log in JSON");
    }
    if (!(tree instanceof Map<?, ?> fields)) {
      throw new RequestLine.Wrong("is not a JSON object; accepted: an access log in JSON");
    }
    return request(number, first(fields, METHODS), first(fields, PATHS));
  }

  private static String first(Map<?, ?> fields, List<String> names) throws RequestLine.Wrong {
    for (String name : names) {
      if (fields.get(name) instanceof String text) {
        return text;
      }
    }
    throw new RequestLine.Wrong("has none of the fields " + String.join(", ", names));
  }

  private static RecordedRequest request(int number, String method, String path)
      throws RequestLine.Wrong {
    return new RecordedRequest(number, method(method), path(path), Map.of(), new byte[0]);
  }

  static String method(String text) throws RequestLine.Wrong {
    String method = text.toUpperCase(Locale.ROOT);
    if (!METHOD.matcher(method).matches()) {
      throw new RequestLine.Wrong("has a method that HTTP does not have; accepted: such as POST");
    }
    return method;
  }

  /// Checks a path, with its query.
  static String path(String text) throws RequestLine.Wrong {
    try {
      if (text.startsWith("/") && URI.create("http://host" + text).getRawFragment() == null) {
        return text;
      }
    } catch (IllegalArgumentException e) {
      // reported below
    }
    throw new RequestLine.Wrong(
        "has a path that no URL may have; accepted: such as /v1/embeddings, percent-encoded");
  }
}
