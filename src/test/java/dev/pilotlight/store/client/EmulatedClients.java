package dev.pilotlight.store.client;

import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.suite.leaks.Planted;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/// The function's own AWS clients, for emulators.
public final class EmulatedClients {
  private EmulatedClients() {}

  public static Clients s3(URI endpoint) {
    return of(StoreSettings.from(new Settings(Map.of())), Map.of("S3", endpoint));
  }

  /// Clients of some services.
  ///
  /// @param endpoints by the service, as in `AWS_ENDPOINT_URL_S3`
  public static Clients of(StoreSettings settings, Map<String, URI> endpoints) {
    Map<String, String> environment = new HashMap<>();
    endpoints.forEach(
        (service, at) -> environment.put("AWS_ENDPOINT_URL_" + service, at.toString()));
    environment.put("AWS_REGION", "eu-west-1");
    environment.put("AWS_ACCESS_KEY_ID", "local");
    environment.put("AWS_SECRET_ACCESS_KEY", Planted.PASSWORD);
    return new Clients(environment, settings, new Log(System.out, Log.Level.ERROR));
  }
}
