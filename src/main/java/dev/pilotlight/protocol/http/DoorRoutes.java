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
    List<Router.Entry> entries = new ArrayList<>(batches());
    for (Door door : Door.values()) {
      entries.add(Router.entry(door.method(), door.path(), values -> route(door, values)));
    }
    return List.copyOf(entries);
  }

  private static List<Router.Entry> batches() {
    String all = "/v1/batches";
    String one = all + "/{batch_id}";
    return List.of(
        Router.entry("POST", all, _ -> new Route.CreateBatch()),
        Router.entry("GET", all, _ -> new Route.BatchList()),
        Router.entry("GET", one, p -> new Route.BatchOf(Router.decode(p.getFirst()))),
        Router.entry(
            "POST", one + "/cancel", p -> new Route.CancelBatch(Router.decode(p.getFirst()))));
  }

  private static Route route(Door door, List<String> values) {
    if (values.isEmpty()) {
      return new Route.AtDoor(door, "", Optional.empty());
    }
    boolean isModelLast = values.size() > 1 && door.path().endsWith(Router.MODEL_NAME);
    List<String> inOrder = isModelLast ? values.reversed() : values;
    Optional<String> other =
        values.size() < 2 ? Optional.empty() : Optional.of(Router.decode(inOrder.getLast()));
    return new Route.AtDoor(door, Router.model(inOrder), other);
  }
}
