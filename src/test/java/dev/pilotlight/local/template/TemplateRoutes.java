package dev.pilotlight.local.template;

import java.util.Map;
import java.util.stream.Collectors;

/// The routes of a template as API Gateway matches them, for tests of other packages.
public final class TemplateRoutes {
  private final Routes routes;

  public TemplateRoutes(Template template) {
    routes = template.routes();
  }

  /// The keys of all routes, and the functions that they lead to.
  public Map<String, String> functionsByKey() {
    return routes.all().stream().collect(Collectors.toMap(Route::key, Route::function));
  }

  /// The key of the route that takes a request, such as `$default`; `none` if the API answers 404
  /// itself.
  public String takenBy(String method, String path) {
    return routes.match(method, path).map(match -> match.route().key()).orElse("none");
  }
}
