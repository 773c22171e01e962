package dev.pilotlight.handler.batch;

import dev.pilotlight.access.ClientRows;
import java.util.List;
import java.util.stream.Stream;

/// The settings of a function with API keys, whose batches belong to the tenant of their folder.
final class TenantSettings {
  private static final List<String> BY_FOLDER =
      List.of(
          "PILOTLIGHT_AUTH",
          "keys",
          "PILOTLIGHT_TENANT_FROM",
          "key",
          "PILOTLIGHT_BATCH_TENANT_FROM",
          "folder",
          "PILOTLIGHT_CLIENTS_TABLE",
          ClientRows.TABLE);

  private TenantSettings() {}

  /// @param more settings, names and values in turn
  static String[] byFolder(String... more) {
    return Stream.concat(BY_FOLDER.stream(), Stream.of(more)).toArray(String[]::new);
  }
}
