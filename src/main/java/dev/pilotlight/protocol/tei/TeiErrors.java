package dev.pilotlight.protocol.tei;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.protocol.http.Errors;
import dev.pilotlight.support.json.JsonBytes;
import org.jspecify.annotations.Nullable;

/// Errors as text-embeddings-inference writes them: `{"error":"…","error_type":"Validation"}`, with
/// its statuses where it has one for the reason.
///
/// Source: `router/src/http/types.rs` of <https://github.com/huggingface/text-embeddings-inference>
public final class TeiErrors implements Errors.Shape {
  private static final int VALIDATION = 422;
  private static final int BACKEND = 424;
  private static final String BODY = "body";

  @Override
  public int status(Reason reason) {
    return switch (reason) {
      case INVALID -> VALIDATION;
      case UNSUITED, MODEL_FAILED, NOT_IMPLEMENTED -> BACKEND;
      default -> Errors.status(reason);
    };
  }

  /// A body that is not the route's at all is a bad request.
  @Override
  public int status(Refusal refusal) {
    boolean body = refusal.field().filter(BODY::equals).isPresent();
    return body ? Errors.status(refusal.reason()) : status(refusal.reason());
  }

  @Override
  public void write(JsonBytes json, Errors.Fault fault) {
    json.object()
        .field("error", Errors.naming(fault))
        .field("error_type", type(fault.reason()))
        .endObject();
  }

  static String type(@Nullable Reason reason) {
    if (reason == null) {
      return "Backend";
    }
    return switch (reason) {
      case EMPTY -> "Empty";
      case UNSUITED, MODEL_FAILED, NOT_IMPLEMENTED -> "Backend";
      case UNAVAILABLE, DEADLINE -> "Unhealthy";
      case RATE_LIMITED -> "Overloaded";
      default -> "Validation";
    };
  }
}
