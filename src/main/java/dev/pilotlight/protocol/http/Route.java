package dev.pilotlight.protocol.http;

import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.packed.PackedId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request's target, by method and path. Its names and versions are well-formed.
public sealed interface Route {
  /// The inference endpoints, for messages.
  String INFERENCE_PATHS =
      "/v1/embeddings, /v2/models/{model}/infer, /v2/models/{model}/versions/{version}/infer, and"
          + " the other POST routes that run a model, such as /rerank";

  /// The prefix of the paths of stored results.
  String RESULTS = "/v1/results/";

  /// `GET /`
  record Root() implements Route {}

  /// `GET /v2`
  record Server() implements Route {}

  /// `GET /v2/health/live`
  record Live() implements Route {}

  /// `GET /v2/health/ready`
  record Ready() implements Route {}

  /// `GET /v2/models`
  record Models() implements Route {}

  /// `GET /v2/models/{model}[/versions/{version}]`
  record Model(String model, Optional<String> version) implements Route {}

  /// `GET /v2/models/{model}[/versions/{version}]/ready`
  record ModelReady(String model, Optional<String> version) implements Route {}

  /// `POST /v2/models/{model}[/versions/{version}]/infer`
  record Infer(String model, Optional<String> version) implements Route {}

  /// `POST /v1/embeddings`
  record Embeddings() implements Route {}

  /// The `GET` form of a route that runs a model: the fields of the body are in the query.
  ///
  /// @param target the route of the same request by `POST`
  record Queried(Route target) implements Route {}

  /// `GET /v1/models`
  record OpenAiModelList() implements Route {}

  /// `GET /v1/models/{model}`
  record OpenAiModel(String model) implements Route {}

  /// A request target of a further door.
  ///
  /// @param model the name in the path; empty if the path has none
  /// @param last the path's parameter besides the name
  record AtDoor(Door door, String model, Optional<String> last) implements Route {}

  /// A page of usage.
  sealed interface Usage extends Route {}

  /// `GET /v1/usage`
  record OwnUsage() implements Usage {}

  /// `GET /v1/organization/usage/embeddings`
  record OrganizationUsage() implements Usage {}

  /// A route of OpenAI's files and uploads. Ids are as the caller wrote them.
  sealed interface Files extends Route {}

  /// `POST /v1/files`
  record CreateFile() implements Files {}

  /// `GET /v1/files`
  record FileList() implements Files {}

  /// `GET /v1/files/{file_id}`
  record FileOf(String id) implements Files {}

  /// `GET /v1/files/{file_id}/content`
  record FileContent(String id) implements Files {}

  /// `DELETE /v1/files/{file_id}`
  record DeleteFile(String id) implements Files {}

  /// `POST /v1/uploads`
  record CreateUpload() implements Files {}

  /// `POST /v1/uploads/{upload_id}/parts`
  record UploadPart(String id) implements Files {}

  /// `POST /v1/uploads/{upload_id}/complete`
  record CompleteUpload(String id) implements Files {}

  /// `POST /v1/uploads/{upload_id}/cancel`
  record CancelUpload(String id) implements Files {}

  /// A route of OpenAI's batches. Ids are as the caller wrote them.
  sealed interface Batches extends Route {}

  /// `POST /v1/batches`
  record CreateBatch() implements Batches {}

  /// `GET /v1/batches`
  record BatchList() implements Batches {}

  /// `GET /v1/batches/{batch_id}`
  record BatchOf(String id) implements Batches {}

  /// `POST /v1/batches/{batch_id}/cancel`
  record CancelBatch(String id) implements Batches {}

  /// `GET /v1/results/{id}`
  ///
  /// @param packed the id of a result that a batch packed; null for one in the table
  record StoredResult(ResultKey key, @Nullable PackedId packed) implements Route {
    /// The route of a result in the table.
    public StoredResult(ResultKey key) {
      this(key, null);
    }

    /// As the request has it.
    public String id() {
      return packed == null ? key.id() : packed.toString();
    }
  }

  /// A route of Triton's extensions of the Open Inference Protocol.
  sealed interface Extension extends Route {}

  /// `POST /v2/repository/index`
  record RepositoryIndex() implements Extension {}

  /// `POST /v2/repository/models/{model}/load`
  record Load(String model) implements Extension {}

  /// `POST /v2/repository/models/{model}/unload`
  record Unload(String model) implements Extension {}

  /// `GET /v2/models[/{model}[/versions/{version}]]/stats`
  ///
  /// @param model empty for all models
  record Statistics(Optional<String> model, Optional<String> version) implements Extension {}

  /// `GET /v2/models/{model}[/versions/{version}]/config`
  record Configuration(String model, Optional<String> version) implements Extension {}
}
