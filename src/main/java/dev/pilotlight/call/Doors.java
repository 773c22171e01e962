package dev.pilotlight.call;

import dev.pilotlight.protocol.cohere.CohereErrors;
import dev.pilotlight.protocol.door.Asked;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.http.Errors;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.http.Router;
import dev.pilotlight.protocol.kserve.KServePredict;
import dev.pilotlight.protocol.openai.AzureEmbeddings;
import dev.pilotlight.protocol.rerank.Rerank;
import dev.pilotlight.protocol.tei.Predict;
import dev.pilotlight.protocol.tei.Similarity;
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

      case RERANK -> Rerank.read(request, Rerank.Dialect.PLAIN, terms);
      case RERANK_V1 -> Rerank.read(request, Rerank.Dialect.V1, terms);
      case RERANK_V2 -> Rerank.read(request, Rerank.Dialect.V2, terms);
      case RERANKING -> Rerank.read(request, Rerank.Dialect.RERANKING, terms);

      case PREDICT -> Predict.read(request, terms);
      case SIMILARITY -> Similarity.read(request, terms);
      case KSERVE_PREDICT -> KServePredict.read(request, route.model(), terms);
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
