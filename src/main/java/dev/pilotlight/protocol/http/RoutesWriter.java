package dev.pilotlight.protocol.http;

import dev.pilotlight.protocol.json.JsonBytes;
import java.util.List;

/// The answer of `GET /`: `{name, version, routes:[{method, path}]}`.
public final class RoutesWriter {
  private RoutesWriter() {}

  /// Writes the body, as UTF-8 JSON.
  ///
  /// @param version the server's own
  public static byte[] write(String version, List<Router.Template> routes) {
    JsonBytes json =
        new JsonBytes()
            .object()
            .field("name", "pilotlight")
            .field("version", version)
            .name("routes")
            .array();
    for (Router.Template route : routes) {
      json.object().field("method", route.method()).field("path", route.path()).endObject();
    }
    return json.endArray().endObject().toByteArray();
  }
}
