package dev.pilotlight.protocol.http;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.Text;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Maps method and path to a [Route].
///
/// Paths are compared segment by segment. The name of a model may be several segments, as
/// `owner/name` is, or have its slash as `%2F`; only in such names percent-encoding is decoded. A
/// route may have more characters after the name, such as `:predict`. A path may end in slashes.
/// `HEAD` has the routes of `GET`; `OPTIONS` is answered by 405 with `Allow`, because API Gateway
/// answers CORS.
public final class Router {
  /// One route as a template declares it: `POST`, `/v2/models/{model}/infer`.
  public record Template(String method, String path) {}

  record Entry(Template template, List<String> segments, Function<List<String>, Route> route) {}

  private static final String GET = "GET";
  private static final String HEAD = "HEAD";
  private static final String POST = "POST";
  private static final String EMBEDDINGS = "/v1/embeddings";
  static final String MODEL_NAME = "{model}";
  private static final String MODEL = "/v2/models/" + MODEL_NAME;
  private static final String VERSION = MODEL + "/versions/{version}";
  private static final String CONTROL = "/v2/repository/models/" + MODEL_NAME;

  private static final int SLASHES_MAX = 3;
  // a wrong path must not be taken for a name
  private static final Set<String> RESERVED =
      Set.of("versions", "ready", "infer", "stats", "config");

  private static final List<Entry> ENTRIES =
      List.of(
          entry(POST, EMBEDDINGS, p -> new Route.Embeddings()),
          entry(GET, "/v1/models", p -> new Route.OpenAiModelList()),
          entry(GET, "/v1/models/{model}", p -> new Route.OpenAiModel(model(p))),
          entry(GET, Route.RESULTS + "{id}", p -> Names.result(p.getFirst())),
          entry(GET, "/", p -> new Route.Root()),
          entry(GET, "/v2", p -> new Route.Server()),
          entry(GET, "/v2/health/live", p -> new Route.Live()),
          entry(GET, "/v2/health/ready", p -> new Route.Ready()),
          entry(GET, "/v2/models", p -> new Route.Models()),
          // before the next, which would take it for a model
          entry(
              GET,
              "/v2/models/stats",
              p -> new Route.Statistics(Optional.empty(), Optional.empty())),
          entry(GET, MODEL, p -> new Route.Model(model(p), version(p))),
          entry(GET, VERSION, p -> new Route.Model(model(p), version(p))),
          entry(GET, MODEL + "/ready", p -> new Route.ModelReady(model(p), version(p))),
          entry(GET, VERSION + "/ready", p -> new Route.ModelReady(model(p), version(p))),
          entry(POST, MODEL + "/infer", p -> new Route.Infer(model(p), version(p))),
          entry(POST, VERSION + "/infer", p -> new Route.Infer(model(p), version(p))));

  /// Routes that most environments never serve: no other request initialises this class.
  private static final class Rare {
    static final List<Entry> ENTRIES =
        List.of(
            entry(GET, EMBEDDINGS, p -> new Route.Queried(new Route.Embeddings())),
            entry(GET, "/predict", p -> predict()),
            entry(GET, "/v1/usage", p -> new Route.OwnUsage()),
            entry(GET, "/v1/organization/usage/embeddings", p -> new Route.OrganizationUsage()),
            entry(POST, "/v2/repository/index", p -> new Route.RepositoryIndex()),
            entry(POST, CONTROL + "/load", p -> new Route.Load(model(p))),
            entry(POST, CONTROL + "/unload", p -> new Route.Unload(model(p))),
            entry(GET, MODEL + "/stats", Rare::statistics),
            entry(GET, VERSION + "/stats", Rare::statistics),
            entry(GET, MODEL + "/config", p -> new Route.Configuration(model(p), version(p))),
            entry(GET, VERSION + "/config", p -> new Route.Configuration(model(p), version(p))));

    private static Route predict() {
      return new Route.Queried(new Route.AtDoor(Door.PREDICT, "", Optional.empty()));
    }

    private static Route statistics(List<String> parameters) {
      return new Route.Statistics(Optional.of(model(parameters)), version(parameters));
    }
  }

  private Router() {}

  /// Finds the route of a request.
  ///
  /// @throws Refusal NOT_FOUND for an unknown path, model name or id, METHOD_NOT_ALLOWED, INVALID
  ///   for a version that is not a number
  public static Route route(HttpRequest request) {
    if (request.method().equals(POST) && request.path().equals(EMBEDDINGS)) {
      return new Route.Embeddings(); // most requests: no need to take the path apart
    }
    List<String> segments = segments(request.path());
    String method = request.method().equals(HEAD) ? GET : request.method();
    Route route = find(ENTRIES, method, segments);
    if (route == null) {
      route = find(Rare.ENTRIES, method, segments);
    }
    if (route == null) {
      route = find(DoorRoutes.ENTRIES, method, segments);
    }
    if (route == null) {
      route = find(DoorRoutes.Stored.ENTRIES, method, segments);
    }
    if (route != null) {
      return route;
    }
    List<String> allowed = allowed(request.path());
    if (allowed.isEmpty()) {
      throw Refusal.notFound(null, "there is no route %s".formatted(Text.shorten(request.path())));
    }
    throw Refusal.of(
        Refusal.Reason.METHOD_NOT_ALLOWED,
        null,
        "%s is not allowed for %s; accepted: %s"
            .formatted(
                Text.shorten(request.method()),
                Text.shorten(request.path()),
                String.join(", ", allowed)));
  }

  private static @Nullable Route find(List<Entry> entries, String method, List<String> segments) {
    for (Entry entry : entries) {
      List<String> parameters =
          entry.template.method.equals(method) ? match(entry, segments) : null;
      if (parameters != null) {
        return entry.route.apply(parameters);
      }
    }
    return null;
  }

  /// The form of errors at a path; OpenAI's where it belongs to no further door.
  public static Door.Form form(String path) {
    List<String> segments = segments(path);
    for (Door door : Door.values()) {
      if (match(entry(door.method(), door.path(), p -> new Route.Root()), segments) != null) {
        return door.form();
      }
    }
    return Door.Form.OPENAI;
  }

  /// The methods that a path takes; none if there is no such path.
  public static List<String> allowed(String path) {
    List<String> segments = segments(path);
    List<String> methods = new ArrayList<>();
    for (Entry entry : all()) {
      if (match(entry, segments) != null && !methods.contains(entry.template.method)) {
        methods.add(entry.template.method);
        if (entry.template.method.equals(GET)) {
          methods.add(HEAD);
        }
      }
    }
    return methods;
  }

  /// The route of a request as the template declares it, such as `GET /v1/results/{id}`: without
  /// what the caller wrote. Empty if there is no such route.
  public static Optional<String> pattern(HttpRequest request) {
    List<String> segments = segments(request.path());
    String method = request.method().equals(HEAD) ? GET : request.method();
    Optional<String> pattern = pattern(ENTRIES, method, segments);
    return pattern.isPresent() ? pattern : pattern(all(), method, segments);
  }

  private static Optional<String> pattern(
      List<Entry> entries, String method, List<String> segments) {
    for (Entry entry : entries) {
      if (entry.template.method.equals(method) && match(entry, segments) != null) {
        return Optional.of(method + " " + entry.template.path);
      }
    }
    return Optional.empty();
  }

  /// Every route, to compare with a deployment's template.
  public static List<Template> routes() {
    return all().stream().map(Entry::template).toList();
  }

  private static List<Entry> all() {
    List<Entry> all = new ArrayList<>(ENTRIES);
    all.addAll(Rare.ENTRIES);
    all.addAll(DoorRoutes.Stored.ENTRIES);
    all.addAll(DoorRoutes.ENTRIES);
    return all;
  }

  static Entry entry(String method, String path, Function<List<String>, Route> route) {
    return new Entry(new Template(method, path), segments(path), route);
  }

  private static List<String> segments(String path) {
    int end = path.length();
    while (end > 1 && path.charAt(end - 1) == '/') {
      end--;
    }
    // under a named stage, the path of the stage alone is empty
    return Arrays.asList((end == 0 ? "/" : path.substring(0, end)).split("/", -1));
  }

  /// The values of an entry's parameters in a path; null if the path is not the entry's.
  private static @Nullable List<String> match(Entry entry, List<String> segments) {
    int more = segments.size() - entry.segments.size();
    if (more < 0 || more > SLASHES_MAX) {
      return null;
    }
    List<String> values = new ArrayList<>(2);
    int at = 0;
    for (String expected : entry.segments) {
      int end = at + (expected.startsWith(MODEL_NAME) ? 1 + more : 1);
      if (end > segments.size() || !matches(expected, segments.subList(at, end))) {
        return null;
      }
      if (isParameter(expected)) {
        String value = String.join("/", segments.subList(at, end));
        values.add(value.substring(0, value.length() - suffixLength(expected)));
      }
      at = end;
    }
    return at == segments.size() ? values : null;
  }

  private static boolean matches(String expected, List<String> actual) {
    if (!isParameter(expected)) {
      return expected.equals(actual.getFirst());
    }
    if (!hasSuffix(expected, actual.getLast())) {
      return false;
    }
    for (String segment : actual) {
      if (segment.isEmpty() || (actual.size() > 1 && RESERVED.contains(segment))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isParameter(String segment) {
    return segment.startsWith("{");
  }

  /// The number of characters that a route has after a parameter, in the same segment.
  private static int suffixLength(String parameter) {
    return parameter.length() - 1 - parameter.lastIndexOf('}');
  }

  /// Whether a segment has something before a parameter's suffix, and then the suffix.
  private static boolean hasSuffix(String parameter, String segment) {
    int suffix = suffixLength(parameter);
    int start = segment.length() - suffix;
    return start > 0
        && segment.regionMatches(start, parameter, parameter.length() - suffix, suffix);
  }

  static String model(List<String> parameters) {
    return Names.model(decode(parameters.getFirst()));
  }

  /// Invalid percent-encoding stays as it is; it cannot be a name.
  static String decode(String name) {
    if (name.indexOf('%') < 0) {
      return name;
    }
    try {
      // a plus is a plus: this is a path
      return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return name;
    }
  }

  private static Optional<String> version(List<String> parameters) {
    return parameters.size() < 2 ? Optional.empty() : Names.version(parameters.getLast());
  }
}
