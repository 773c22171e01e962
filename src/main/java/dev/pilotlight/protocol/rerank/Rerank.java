package dev.pilotlight.protocol.rerank;

import dev.pilotlight.protocol.door.Asked;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.MediaTypes;
import dev.pilotlight.protocol.http.ResponseHeaders;

/// `POST /rerank`, `/v1/rerank`, `/v2/rerank` and `/v1/reranking`: documents in the order of their
/// relevance to a query.
///
/// Sources: <https://docs.cohere.com/reference/rerank>, <https://docs.voyageai.com/docs/reranker>,
/// <https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html>,
/// `router/src/http/types.rs` of <https://github.com/huggingface/text-embeddings-inference>
public final class Rerank {
  /// The route, as far as the answer depends on it.
  public enum Dialect {
    /// `/rerank`, of text-embeddings-inference and vLLM.
    PLAIN,
    /// `/v1/rerank`
    V1,
    /// `/v2/rerank`
    V2,
    /// `/v1/reranking`, of Mixedbread.
    RERANKING
  }

  private Rerank() {}

  /// Reads a request.
  ///
  /// @throws dev.pilotlight.domain.Refusal INVALID, naming the field; EMPTY without documents;
  ///   UNSUPPORTED_MEDIA_TYPE
  public static Asked read(HttpRequest request, Dialect dialect, Terms terms) {
    MediaTypes.requireJson(request);
    String id = ResponseHeaders.requestId(request);
    return request.readJson(json -> new RerankReader(json, dialect, terms).read(id));
  }
}
