package dev.pilotlight.local.template;

import java.util.List;

/// The routes of a template as API Gateway matches them, for tests of other packages.
public final class TemplateRoutes {
  private final Routes routes;

  public TemplateRoutes(Template template) {
    routes = template.routes();
  }

  /// A method and a path with its parameters in braces.
  public record Key(String method, String path, String function) {}

  /// All but `$default`.
  public List<Key> explicit() {
    return routes.all().stream()
        .filter(route -> !route.path().equals(Route.DEFAULT))
        .map(route -> new Key(route.method(), route.path(), route.function()))
        .toList();
  }

  /// The key of the route that takes a request, such as `POST /v1/embeddings`; `none` if the API
  /// answers 404 itself.
  public String takenBy(String method, String path) {
    return routes.match(method, path).map(match -> match.route().key()).orElse("none");
  }
}
