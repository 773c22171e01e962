package dev.pilotlight.protocol.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The routes of the further doors, in the order in which [Door] declares them. The class loads
/// with the first request that is at none of the router's own routes.
final class DoorRoutes {
  static final List<Router.Entry> ENTRIES = entries();

  private DoorRoutes() {}

  private static List<Router.Entry> entries() {
    List<Router.Entry> entries = new ArrayList<>();
    for (Door door : Door.values()) {
      entries.add(Router.entry(door.method(), door.path(), values -> route(door, values)));
    }
    return List.copyOf(entries);
  }

  private static Route route(Door door, List<String> values) {
    String model = values.isEmpty() ? "" : Router.model(values);
    Optional<String> last =
        values.size() < 2 ? Optional.empty() : Optional.of(Router.decode(values.getLast()));
    return new Route.AtDoor(door, model, last);
  }
}
