package dev.pilotlight.local.template;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The route table of an HTTP API.
public final class Routes {
  /// A route that matches a request, with the values of its path parameters.
  public record Match(Route route, Map<String, String> pathParameters) {}

  private final List<Route> particularFirst;

  public Routes(List<Route> routes) {
    particularFirst =
        routes.stream().sorted(Comparator.comparingInt(Route::weight).reversed()).toList();
  }

  /// Empty if the HTTP API answers 404 itself.
  public Optional<Match> match(String method, String path) {
    for (Route route : particularFirst) {
      Optional<Map<String, String>> parameters = route.match(method, path);
      if (parameters.isPresent()) {
        return Optional.of(new Match(route, parameters.get()));
      }
    }
    return Optional.empty();
  }

  public List<Route> all() {
    return particularFirst;
  }

  /// The function that the first route leads to.
  ///
  /// @throws IllegalArgumentException if there is no route
  public String function() {
    if (particularFirst.isEmpty()) {
      throw new IllegalArgumentException("the template has no HttpApi route");
    }
    return particularFirst.getFirst().function();
  }
}
