package dev.pilotlight.protocol;

import dev.pilotlight.domain.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Method and path to [Route].
///
/// Paths are compared segment by segment as they are, nothing in them is decoded: every name that
/// exists is written in characters that need no percent-encoding, so a `%2F` is an unknown name and
/// never a separator. A trailing slash is another path. `HEAD` goes where `GET` goes; `OPTIONS` is
/// answered by 405 with `Allow`, because CORS is API Gateway's to answer.
public final class Router {
  /// One route as it stands in a template: `POST`, `/v2/models/{model}/infer`.
  public record Template(String method, String path) {}

  private record Entry(
      Template template, List<String> segments, Function<List<String>, Route> route) {}

  private static final String GET = "GET";
  private static final String HEAD = "HEAD";
  private static final String POST = "POST";
  private static final String MODEL = "/v2/models/{model}";
  private static final String VERSION = MODEL + "/versions/{version}";

  private static final List<Entry> ENTRIES =
      List.of(
          entry(POST, "/v1/embeddings", p -> new Route.Embeddings()),
          entry(GET, "/v1/models", p -> new Route.OpenAiModelList()),
          entry(GET, "/v1/models/{model}", p -> new Route.OpenAiModel(Names.model(p.getFirst()))),
          entry(GET, "/v1/results/{id}", p -> new Route.StoredResult(Names.result(p.getFirst()))),
          entry(GET, "/v2", p -> new Route.Server()),
          entry(GET, "/v2/health/live", p -> new Route.Live()),
          entry(GET, "/v2/health/ready", p -> new Route.Ready()),
          entry(GET, "/v2/models", p -> new Route.Models()),
          entry(GET, MODEL, p -> new Route.Model(model(p), version(p))),
          entry(GET, VERSION, p -> new Route.Model(model(p), version(p))),
          entry(GET, MODEL + "/ready", p -> new Route.ModelReady(model(p), version(p))),
          entry(GET, VERSION + "/ready", p -> new Route.ModelReady(model(p), version(p))),
          entry(POST, MODEL + "/infer", p -> new Route.Infer(model(p), version(p))),
          entry(POST, VERSION + "/infer", p -> new Route.Infer(model(p), version(p))));

  private Router() {}

  /// Finds what a request asks for.
  ///
  /// @throws Refusal NOT_FOUND for an unknown path, model name or id, METHOD_NOT_ALLOWED, INVALID
  ///   for a version that is not a number
  public static Route route(HttpRequest request) {
    List<String> segments = segments(request.path());
    String method = request.method().equals(HEAD) ? GET : request.method();
    for (Entry entry : ENTRIES) {
      if (entry.template.method.equals(method) && matches(entry, segments)) {
        return entry.route.apply(parameters(entry, segments));
      }
    }
    List<String> allowed = allowed(request.path());
    if (allowed.isEmpty()) {
      throw Refusal.notFound(
          null, "there is no route %s".formatted(Text.shortened(request.path())));
    }
    throw Refusal.of(
        Refusal.Reason.METHOD_NOT_ALLOWED,
        null,
        "%s is not allowed for %s; accepted: %s"
            .formatted(
                Text.shortened(request.method()),
                Text.shortened(request.path()),
                String.join(", ", allowed)));
  }

  /// The methods that a path takes; none if there is no such path.
  static List<String> allowed(String path) {
    List<String> segments = segments(path);
    List<String> methods = new ArrayList<>();
    for (Entry entry : ENTRIES) {
      if (matches(entry, segments)) {
        methods.add(entry.template.method);
        if (entry.template.method.equals(GET)) {
          methods.add(HEAD);
        }
      }
    }
    return methods;
  }

  /// Every route, for comparison with what a deployment declares.
  public static List<Template> routes() {
    return ENTRIES.stream().map(Entry::template).toList();
  }

  private static Entry entry(String method, String path, Function<List<String>, Route> route) {
    return new Entry(new Template(method, path), segments(path), route);
  }

  private static List<String> segments(String path) {
    return Arrays.asList(path.split("/", -1));
  }

  private static boolean matches(Entry entry, List<String> segments) {
    if (segments.size() != entry.segments.size()) {
      return false;
    }
    for (int i = 0; i < segments.size(); i++) {
      String expected = entry.segments.get(i);
      String actual = segments.get(i);
      if (isParameter(expected) ? actual.isEmpty() : !expected.equals(actual)) {
        return false;
      }
    }
    return true;
  }

  private static List<String> parameters(Entry entry, List<String> segments) {
    List<String> values = new ArrayList<>(2);
    for (int i = 0; i < segments.size(); i++) {
      if (isParameter(entry.segments.get(i))) {
        values.add(segments.get(i));
      }
    }
    return values;
  }

  private static boolean isParameter(String segment) {
    return segment.startsWith("{");
  }

  private static String model(List<String> parameters) {
    return Names.model(parameters.getFirst());
  }

  private static Optional<String> version(List<String> parameters) {
    return parameters.size() < 2
        ? Optional.empty()
        : Optional.of(Names.version(parameters.getLast()));
  }
}
