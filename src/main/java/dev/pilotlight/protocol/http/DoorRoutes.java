package dev.pilotlight.protocol.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The routes of the further doors, in the order in which [Door] declares them. The class loads
/// with the first request that is at none of the router's own routes.
final class DoorRoutes {
  static final List<Router.Entry> ENTRIES = entries();

  /// The routes of OpenAI's files, uploads and batches: no request to a door initialises this
  /// class.
  static final class Stored {
    private static final String GET = "GET";
    private static final String POST = "POST";
    private static final String FILES = "/v1/files";
    private static final String FILE = FILES + "/{file_id}";
    private static final String UPLOADS = "/v1/uploads";
    private static final String UPLOAD = UPLOADS + "/{upload_id}";
    private static final String BATCHES = "/v1/batches";
    private static final String BATCH = BATCHES + "/{batch_id}";

    static final List<Router.Entry> ENTRIES =
        List.of(
            Router.entry(POST, FILES, _ -> new Route.CreateFile()),
            Router.entry(GET, FILES, _ -> new Route.FileList()),
            of(GET, FILE, Route.FileOf::new),
            of(GET, FILE + "/content", Route.FileContent::new),
            of("DELETE", FILE, Route.DeleteFile::new),
            Router.entry(POST, UPLOADS, _ -> new Route.CreateUpload()),
            of(POST, UPLOAD + "/parts", Route.UploadPart::new),
            of(POST, UPLOAD + "/complete", Route.CompleteUpload::new),
            of(POST, UPLOAD + "/cancel", Route.CancelUpload::new),
            Router.entry(POST, BATCHES, _ -> new Route.CreateBatch()),
            Router.entry(GET, BATCHES, _ -> new Route.BatchList()),
            of(GET, BATCH, Route.BatchOf::new),
            of(POST, BATCH + "/cancel", Route.CancelBatch::new));

    private Stored() {}

    private static Router.Entry of(String method, String path, Function<String, Route> route) {
      return Router.entry(method, path, values -> route.apply(Router.decode(values.getFirst())));
    }
  }

  private DoorRoutes() {}

  private static List<Router.Entry> entries() {
    List<Router.Entry> entries = new ArrayList<>();
    for (Door door : Door.values()) {
      entries.add(Router.entry(door.method(), door.path(), values -> route(door, values)));
    }
    return List.copyOf(entries);
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
