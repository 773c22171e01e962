package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.StoredResult;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.json.JsonBytes;
import dev.pilotlight.protocol.openinference.tensors.TensorJson;

/// The answer of `GET /v1/results/{id}`: `{id, object:"result", model, version, created, tokens,
/// outputs:[{name, shape, datatype, data}]}`, with `created` in seconds since 1970 and the data as
/// [TensorJson] says.
public final class ResultsWriter {
  private ResultsWriter() {}

  /// Writes a stored result.
  ///
  /// @param result what `stored` decodes to
  public static HttpResponse write(StoredResult stored, Result result) {
    JsonBytes json =
        new JsonBytes()
            .object()
            .field("id", stored.key().id())
            .field("object", "result")
            .field("model", stored.model())
            .field("version", stored.version())
            .field("created", stored.created().getEpochSecond())
            .field("tokens", result.tokens())
            .name("outputs")
            .array();
    for (Tensor output : result.outputs()) {
      TensorJson.write(json, output);
    }
    return HttpResponse.json(200, json.endArray().endObject().toByteArray());
  }
}
