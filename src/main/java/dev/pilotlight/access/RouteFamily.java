package dev.pilotlight.access;

import dev.pilotlight.protocol.http.Door;
import dev.pilotlight.protocol.http.Route;
import org.jspecify.annotations.Nullable;

/// The families of routes that a key may be limited to.
public enum RouteFamily {
  /// Vectors of texts, in every protocol, and the similarity of texts.
  EMBEDDINGS("embeddings"),
  /// The Open Inference Protocol's, KServe's and Vertex AI's inference.
  INFER("infer"),
  /// Rankings and scores of pairs.
  RERANK("rerank"),
  /// Labels of texts.
  CLASSIFY("classify"),
  /// Hugging Face's pipelines, and SageMaker's path.
  PIPELINES("pipelines"),
  /// A model's tokens.
  TOKENIZE("tokenize"),
  /// Stored results by their id.
  RESULTS("results"),
  /// OpenAI's files and uploads.
  FILES("files"),
  /// OpenAI's batches.
  BATCHES("batches"),
  /// Pages of usage.
  USAGE("usage"),
  /// Lists and metadata of models.
  MODELS("models"),
  /// Loading models in the environment that answers, and its statistics.
  CONTROL("control");

  private final String wireName;

  RouteFamily(String wireName) {
    this.wireName = wireName;
  }

  /// The name in a key's list of routes.
  public String wireName() {
    return wireName;
  }

  /// The family of a route; null for a health check, which needs no key.
  static @Nullable RouteFamily of(Route route) {
    if (route instanceof Route.Embeddings) {
      return EMBEDDINGS; // most requests, before the class of all others loads
    }
    return route instanceof Route.Infer ? INFER : Others.of(route);
  }

  private static final class Others {
    static @Nullable RouteFamily of(Route route) {
      return switch (route) {
        case Route.Embeddings _ -> EMBEDDINGS;
        case Route.Infer _ -> INFER;
        case Route.Queried(Route target) -> of(target);
        case Route.StoredResult _ -> RESULTS;
        case Route.Batches _ -> BATCHES;
        case Route.Usage _ -> USAGE;
        case Route.Files _ -> FILES;
        case Route.Live _, Route.Ready _ -> null;
        case Route.Root _,
            Route.Server _,
            Route.Models _,
            Route.Model _,
            Route.ModelReady _,
            Route.OpenAiModelList _,
            Route.OpenAiModel _,
            Route.RepositoryIndex _,
            Route.Configuration _ ->
            MODELS;
        case Route.Load _, Route.Unload _, Route.Statistics _ -> CONTROL;
        case Route.AtDoor(Door door, var _, var _) -> of(door);
      };
    }

    private static @Nullable RouteFamily of(Door door) {
      return switch (door) {
        case AZURE_EMBEDDINGS,
            COHERE_EMBED_V1,
            COHERE_EMBED_V2,
            OLLAMA_EMBED,
            OLLAMA_EMBEDDINGS,
            EMBED,
            EMBED_ALL,
            EMBED_SPARSE,
            TEI_EMBEDDINGS,
            SIMILARITY ->
            EMBEDDINGS;
        case RERANK, RERANK_V1, RERANK_V2, RERANKING, SCORE, SCORE_V1 -> RERANK;
        case PREDICT -> CLASSIFY;
        case KSERVE_PREDICT, VERTEX -> INFER;
        case TOKENIZE, DECODE -> TOKENIZE;
        case INFO -> MODELS;
        case HEALTH, PING -> null;
        case MODEL_PIPELINE, PIPELINE_MODEL, MODEL, OWN_TASK, INVOCATIONS -> PIPELINES;
      };
    }
  }
}
