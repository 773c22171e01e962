package dev.pilotlight.protocol.http;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.protocol.json.Text;
import dev.pilotlight.support.json.JsonBytes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Writes failures for callers: `{"error":"…"}` under `/v2`, OpenAI's
/// `{"error":{message,type,param,code}}` everywhere else.
public final class Errors {
  /// The form of a door's errors.
  public interface Shape {
    /// The status of a reason.
    default int status(Reason reason) {
      return Errors.status(reason);
    }

    /// The status of a refusal.
    default int status(Refusal refusal) {
      return status(refusal.reason());
    }

    /// Writes the whole body.
    void write(JsonBytes json, Fault fault);
  }

  /// A failure as a caller may see it.
  ///
  /// @param field of the request; null if the fault is in none
  /// @param code OpenAI's, if it has one for the reason; else ours
  /// @param reason null for a failure of ours, which has status 500
  public record Fault(
      int status, String message, @Nullable String field, String code, @Nullable Reason reason) {}

  private static final int MESSAGE_CHARS_MAX = 1000;
  private static final int FIELD_CHARS_MAX = 200;
  private static final int RATE_LIMITED = 429;
  private static final int INTERNAL = 500;

  private Errors() {}

  /// Answers a refusal by its reason, and any other failure by 500 with the request's id and no
  /// internals. The caller logs it.
  public static HttpResponse response(Throwable failure, HttpRequest request) {
    return response(failure, request, shape(request.path()));
  }

  /// Answers a failure in a door's form.
  public static HttpResponse response(Throwable failure, HttpRequest request, Shape shape) {
    if (failure instanceof Refusal refusal) {
      return refused(refusal, request, shape);
    }
    String message = "internal error; request id " + ResponseHeaders.requestId(request);
    return HttpResponse.json(
        INTERNAL, body(shape, new Fault(INTERNAL, message, null, "internal_error", null)));
  }

  /// Answers a failure by `{"error":"…"}`, whatever the path.
  public static HttpResponse inOpenInference(Throwable failure, HttpRequest request) {
    return response(failure, request, Errors::openInference);
  }

  /// The HTTP status of a reason.
  public static int status(Reason reason) {
    return switch (reason) {
      case INVALID, EMPTY, UNSUITED -> 400;
      case UNAUTHENTICATED -> 401;
      case FORBIDDEN -> 403;
      case NOT_FOUND -> 404;
      case METHOD_NOT_ALLOWED -> 405;
      case CONFLICT -> 409;
      case TOO_LARGE -> 413;
      case UNSUPPORTED_MEDIA_TYPE -> 415;
      case UNPROCESSABLE -> 422;
      case RATE_LIMITED -> 429;
      case MODEL_FAILED -> 500;
      case NOT_IMPLEMENTED -> 501;
      case UNAVAILABLE, DEADLINE -> 503;
      case NOT_CACHED -> 504;
    };
  }

  private static HttpResponse refused(Refusal refusal, HttpRequest request, Shape shape) {
    Reason reason = refusal.reason();
    String field = field(refusal);
    Fault fault =
        new Fault(shape.status(refusal), message(refusal), field, code(reason, field), reason);
    HttpResponse response = HttpResponse.json(fault.status(), body(shape, fault));
    if (reason == Reason.METHOD_NOT_ALLOWED) {
      response = response.with("allow", String.join(", ", Router.allowed(request.path())));
    }
    if (reason == Reason.UNAUTHENTICATED) {
      response = response.with("www-authenticate", "Bearer");
    }
    if (reason == Reason.NOT_IMPLEMENTED) {
      // OpenAI's clients repeat a request with any other status from 500 on
      response = response.with(ResponseHeaders.SHOULD_RETRY, "false");
    }
    return refusal.retryAfter().isPresent()
        ? response.with("retry-after", Long.toString(secondsUp(refusal.retryAfter().get())))
        : response;
  }

  private static byte[] body(Shape shape, Fault fault) {
    JsonBytes json = new JsonBytes();
    shape.write(json, fault);
    return json.toByteArray();
  }

  private static Shape shape(String path) {
    return path.equals("/v2") || path.startsWith("/v2/") ? Errors::openInference : Errors::openAi;
  }

  private static void openInference(JsonBytes json, Fault fault) {
    json.object().field("error", naming(fault)).endObject();
  }

  private static void openAi(JsonBytes json, Fault fault) {
    json.object().name("error");
    write(json, fault.status(), fault.message(), fault.field(), fault.code());
    json.endObject();
  }

  /// Writes OpenAI's error object, all its fields present.
  public static void write(
      JsonBytes json, int status, String message, @Nullable String field, String code) {
    json.object()
        .field("message", message)
        .field("type", type(status))
        .field("param", field)
        .field("code", code)
        .endObject();
  }

  private static String type(int status) {
    if (status == RATE_LIMITED) {
      return "rate_limit_error";
    }
    return status < INTERNAL ? "invalid_request_error" : "server_error";
  }

  /// Writes a failure as OpenAI's error object, without a request id.
  public static void write(JsonBytes json, Throwable failure) {
    if (failure instanceof Refusal refusal) {
      String field = field(refusal);
      int status = status(refusal.reason());
      write(json, status, message(refusal), field, code(refusal.reason(), field));
    } else {
      write(json, INTERNAL, "internal error", null, "internal_error");
    }
  }

  public static String message(Refusal refusal) {
    return Text.shorten(refusal.message(), MESSAGE_CHARS_MAX);
  }

  private static @Nullable String field(Refusal refusal) {
    return refusal.field().map(name -> Text.shorten(name, FIELD_CHARS_MAX)).orElse(null);
  }

  /// The message with the name of the field, for forms that have no other place for it.
  public static String naming(Fault fault) {
    String field = fault.field();
    return field == null || fault.message().contains(field)
        ? fault.message()
        : field + ": " + fault.message();
  }

  /// OpenAI's code, if it has one for the reason; else ours.
  private static String code(Reason reason, @Nullable String field) {
    return switch (reason) {
      case INVALID, EMPTY, UNSUITED -> "invalid_value";
      case NOT_FOUND -> "model".equals(field) ? "model_not_found" : "not_found";
      case UNAUTHENTICATED -> "invalid_api_key";
      case RATE_LIMITED -> "quota".equals(field) ? "insufficient_quota" : "rate_limit_exceeded";
      case FORBIDDEN -> "forbidden";
      case METHOD_NOT_ALLOWED -> "method_not_allowed";
      case CONFLICT -> "conflict";
      case UNPROCESSABLE -> "unprocessable";
      case TOO_LARGE -> "too_large";
      case UNSUPPORTED_MEDIA_TYPE -> "unsupported_media_type";
      case MODEL_FAILED -> "model_failed";
      case NOT_IMPLEMENTED -> "not_implemented";
      case UNAVAILABLE -> "unavailable";
      case NOT_CACHED -> "not_cached";
      case DEADLINE -> "deadline_exceeded";
    };
  }

  /// At least 1: with 0 a client would retry at once.
  private static long secondsUp(Duration duration) {
    return Math.max(1, duration.plusNanos(999_999_999).toSeconds());
  }
}
