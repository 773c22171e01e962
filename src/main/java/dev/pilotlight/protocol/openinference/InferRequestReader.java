package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.MediaTypes;
import java.util.Optional;

/// Reads the body of `POST /v2/models/{m}/infer`: JSON, JSON followed by binary tensors, or the raw
/// form.
///
/// Our choices where the protocol leaves room:
/// - fields come in any order; optional ones may be null; unknown fields are refused, unknown
///   entries of `parameters` are ignored, because the protocol calls them free-form. Parameters of
///   an extension that changes where a tensor is (`shared_memory_*`) are refused;
/// - `model_name` and `model_version`, which Triton's own examples send in the body, are accepted
///   and must not contradict the path; an empty list of outputs means all;
/// - integers are JSON integers: `1.0` is refused, as by Triton. BOOL is `true` or `false`;
/// - values beyond a datatype's range are refused, FP32 and FP64 overflow too; NaN and Infinity
///   have no JSON form and can only be sent as binary data;
/// - FP16 and BF16 can only be sent as binary data;
/// - `data` is flat or nested exactly as its shape; a scalar needs no array.
///
/// Sources: <https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol>;
/// `docs/protocol/extension_binary_data.md` and `src/http_server.cc` of
/// <https://github.com/triton-inference-server/server>.
public final class InferRequestReader {
  /// Names the header in requests and responses: the length of the JSON in front of binary data.
  public static final String LENGTH_HEADER = "Inference-Header-Content-Length";

  private InferRequestReader() {}

  /// Reads a request.
  ///
  /// @throws Refusal INVALID, naming the field or header; UNSUPPORTED_MEDIA_TYPE
  public static InferRequest read(HttpRequest request) {
    MediaTypes.requireInfer(request);
    int bodyLength = request.body().length;
    Optional<String> header = request.header(MediaTypes.INFERENCE_HEADER_LENGTH);
    if (header.isEmpty()) {
      return new InferRequestParser(request, bodyLength, false).read();
    }
    int jsonLength = jsonLength(header.get().strip(), bodyLength);
    return jsonLength == 0
        ? InferRequest.raw(request.body())
        : new InferRequestParser(request, jsonLength, true).read();
  }

  private static int jsonLength(String header, int bodyLength) {
    // at most nine digits: it fits an int, and no body is longer
    if (!header.matches("[0-9]{1,9}")) {
      throw Refusal.invalid(
          LENGTH_HEADER,
          LENGTH_HEADER + " is not a length; accepted: the JSON's length in bytes, in digits");
    }
    int length = Integer.parseInt(header);
    if (length > bodyLength) {
      throw Refusal.invalid(
          LENGTH_HEADER,
          "%s is %d, but the body has only %d bytes".formatted(LENGTH_HEADER, length, bodyLength));
    }
    return length;
  }
}
