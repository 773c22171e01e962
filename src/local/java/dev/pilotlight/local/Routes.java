package dev.pilotlight.local;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The route table of an HTTP API.
final class Routes {
  /// A route that takes a request, with what its path parameters are.
  record Match(Route route, Map<String, String> pathParameters) {}

  private final List<Route> particularFirst;

  Routes(List<Route> routes) {
    particularFirst =
        routes.stream().sorted(Comparator.comparingInt(Route::weight).reversed()).toList();
  }

  /// Empty if the HTTP API answers 404 itself.
  Optional<Match> match(String method, String path) {
    for (Route route : particularFirst) {
      Optional<Map<String, String>> parameters = route.match(method, path);
      if (parameters.isPresent()) {
        return Optional.of(new Match(route, parameters.get()));
      }
    }
    return Optional.empty();
  }

  List<Route> all() {
    return particularFirst;
  }
}
