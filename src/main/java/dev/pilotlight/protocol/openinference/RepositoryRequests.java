package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.MediaTypes;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;

/// Reads the bodies of Triton's model repository extension. An empty body counts as an empty
/// object, because Triton's clients send it.
///
/// Source: <https://github.com/triton-inference-server/server>, page
/// `docs/protocol/extension_model_repository.md`
public final class RepositoryRequests {
  private static final String READY = "ready";
  private static final String PARAMETERS = "parameters";

  private RepositoryRequests() {}

  /// Reads the body of `POST /v2/repository/index`.
  ///
  /// @return whether only models that are ready are to be listed
  /// @throws Refusal INVALID, UNSUPPORTED_MEDIA_TYPE
  public static boolean readIndex(HttpRequest request) {
    return !isEmpty(request) && request.readJson(RepositoryRequests::readyOnly);
  }

  /// Reads the body of `POST /v2/repository/models/{model}/load`, which may have no parameters.
  ///
  /// @throws Refusal INVALID, also for each parameter of Triton's; UNSUPPORTED_MEDIA_TYPE
  public static void readLoad(HttpRequest request) {
    if (!isEmpty(request)) {
      boolean _ = request.readJson(RepositoryRequests::requireNoParameters);
    }
  }

  private static boolean isEmpty(HttpRequest request) {
    if (request.body().length == 0) {
      return true;
    }
    MediaTypes.requireJson(request);
    return false;
  }

  private static boolean readyOnly(JsonReader json) throws IOException {
    boolean[] ready = new boolean[1];
    json.object(
        name -> {
          if (!name.equals(READY)) {
            throw json.unknownField(READY);
          }
          ready[0] = json.bool();
        });
    return ready[0];
  }

  private static boolean requireNoParameters(JsonReader json) throws IOException {
    json.object(
        name -> {
          if (!name.equals(PARAMETERS)) {
            throw json.unknownField(PARAMETERS);
          }
          json.object(parameter -> refuse(json));
        });
    return true;
  }

  private static void refuse(JsonReader json) {
    throw Refusal.invalid(
        json.path(),
        ("%s is not supported: graphs and their settings come only from the model repository;"
                + " accepted: no parameters. To change a model, add a version to the repository")
            .formatted(json.path()));
  }
}
