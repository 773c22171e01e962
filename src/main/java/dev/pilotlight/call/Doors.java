package dev.pilotlight.call;

import dev.pilotlight.protocol.cohere.CohereEmbed;
import dev.pilotlight.protocol.cohere.CohereErrors;
import dev.pilotlight.protocol.door.Asked;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.http.Errors;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.http.Router;
import dev.pilotlight.protocol.ollama.OllamaEmbed;
import dev.pilotlight.protocol.openai.AzureEmbeddings;
import dev.pilotlight.protocol.tei.TeiErrors;

/// The further doors: which package reads a request target, and which writes its errors. The class
/// and those behind it load with the first such request.
public final class Doors {
  private Doors() {}

  /// Reads a request of a further door.
  ///
  /// @throws dev.pilotlight.domain.Refusal INVALID, naming the field; UNSUPPORTED_MEDIA_TYPE
  static Asked read(HttpRequest request, Route.AtDoor route, Terms terms) {
    return switch (route.door()) {
      case AZURE_EMBEDDINGS -> AzureEmbeddings.read(request, route.model(), terms);
      // Cohere's embeddings
      case COHERE_EMBED_V1 -> CohereEmbed.read(request, 1, terms);
      case COHERE_EMBED_V2 -> CohereEmbed.read(request, 2, terms);
      // Ollama
      case OLLAMA_EMBED -> OllamaEmbed.read(request, OllamaEmbed.Form.EMBED, terms);
      case OLLAMA_EMBEDDINGS -> OllamaEmbed.read(request, OllamaEmbed.Form.EMBEDDINGS, terms);
    };
  }

  /// Answers a failure in the form of the request's path: that of a further door, else
  /// [Errors]'s own.
  public static HttpResponse failed(Throwable failure, HttpRequest request) {
    return switch (Router.form(request.path())) {
      case OPENAI -> Errors.response(failure, request);
      case OPEN_INFERENCE -> Errors.inOpenInference(failure, request);
      case TEI -> Errors.response(failure, request, new TeiErrors());
      case COHERE -> Errors.response(failure, request, new CohereErrors());
    };
  }
}
