package dev.pilotlight.call;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.cohere.CohereEmbed;
import dev.pilotlight.protocol.cohere.CohereErrors;
import dev.pilotlight.protocol.door.Asked;
import dev.pilotlight.protocol.door.Question;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.http.Errors;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.http.Router;
import dev.pilotlight.protocol.huggingface.HuggingFaceErrors;
import dev.pilotlight.protocol.huggingface.PipelineRequest;
import dev.pilotlight.protocol.kserve.KServePredict;
import dev.pilotlight.protocol.ollama.OllamaEmbed;
import dev.pilotlight.protocol.openai.AzureEmbeddings;
import dev.pilotlight.protocol.rerank.Rerank;
import dev.pilotlight.protocol.rerank.Score;
import dev.pilotlight.protocol.tei.DecodeRequest;
import dev.pilotlight.protocol.tei.EmbedRequest;
import dev.pilotlight.protocol.tei.InfoRequest;
import dev.pilotlight.protocol.tei.OpenAiTeiErrors;
import dev.pilotlight.protocol.tei.Predict;
import dev.pilotlight.protocol.tei.Similarity;
import dev.pilotlight.protocol.tei.TeiErrors;
import dev.pilotlight.protocol.tei.TokenizeRequest;
import dev.pilotlight.protocol.tei.forms.FormRequest;

/// The further doors: which package reads a request target, and which writes its errors. The class
/// and those that it names load with the first such request.
public final class Doors {
  private Doors() {}

  /// Reads a request of a further door.
  ///
  /// @throws Refusal INVALID, naming the field; UNSUPPORTED_MEDIA_TYPE
  static Asked read(HttpRequest request, Route.AtDoor route, Terms terms) {
    return switch (route.door()) {
      case AZURE_EMBEDDINGS -> AzureEmbeddings.read(request, route.model(), terms);
      // Cohere's embeddings
      case COHERE_EMBED_V1 -> CohereEmbed.read(request, 1, terms);
      case COHERE_EMBED_V2 -> CohereEmbed.read(request, 2, terms);
      // Ollama
      case OLLAMA_EMBED -> OllamaEmbed.read(request, OllamaEmbed.Form.EMBED, terms);
      case OLLAMA_EMBEDDINGS -> OllamaEmbed.read(request, OllamaEmbed.Form.EMBEDDINGS, terms);

      case RERANK -> Rerank.read(request, Rerank.Dialect.PLAIN, terms);
      case RERANK_V1 -> Rerank.read(request, Rerank.Dialect.V1, terms);
      case RERANK_V2 -> Rerank.read(request, Rerank.Dialect.V2, terms);
      case RERANKING -> Rerank.read(request, Rerank.Dialect.RERANKING, terms);
      case SCORE, SCORE_V1 -> Score.read(request, terms);

      case PREDICT -> Predict.read(request, terms);
      case SIMILARITY -> Similarity.read(request, terms);
      case KSERVE_PREDICT -> KServePredict.read(request, route.model(), terms);
      case VERTEX -> KServePredict.readVertex(request, terms);

      case EMBED -> EmbedRequest.read(request, terms);
      case EMBED_ALL -> FormRequest.read(request, FormRequest.Kind.ALL, terms);
      case EMBED_SPARSE -> FormRequest.read(request, FormRequest.Kind.SPARSE, terms);
      case TEI_EMBEDDINGS -> EmbedRequest.readOpenAi(request, terms);
      case TOKENIZE, DECODE, INFO, HEALTH, PING ->
          throw Refusal.invalid(
              "url", "url is not an inference endpoint; accepted: one that runs a model");

      case MODEL_PIPELINE, PIPELINE_MODEL, MODEL, OWN_TASK, INVOCATIONS ->
          PipelineRequest.read(request, route.model(), route.last(), terms);
    };
  }

  /// Reads a request that asks about a model.
  ///
  /// @param route of a door whose work is a question
  /// @throws Refusal INVALID, naming the field; UNSUPPORTED_MEDIA_TYPE
  static Question ask(HttpRequest request, Route.AtDoor route, Terms terms) {
    return switch (route.door()) {
      case TOKENIZE -> TokenizeRequest.read(request, terms);
      case DECODE -> DecodeRequest.read(request, terms);
      case INFO -> InfoRequest.read(request, terms);
      default -> throw new IllegalStateException(route.door() + " does not ask about a model");
    };
  }

  /// Answers a failure in the form of the request's path: that of a further door, else [Errors]'s
  /// own.
  public static HttpResponse failed(Throwable failure, HttpRequest request) {
    return switch (Router.form(request.path())) {
      case OPENAI -> Errors.response(failure, request);
      case OPEN_INFERENCE -> Errors.inOpenInference(failure, request);
      case TEI -> Errors.response(failure, request, new TeiErrors());
      case TEI_OPENAI -> Errors.response(failure, request, new OpenAiTeiErrors());
      case COHERE -> Errors.response(failure, request, new CohereErrors());
      case HUGGING_FACE -> Errors.response(failure, request, new HuggingFaceErrors());
    };
  }
}
