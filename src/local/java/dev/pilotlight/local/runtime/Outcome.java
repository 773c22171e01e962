package dev.pilotlight.local.runtime;

import dev.pilotlight.local.support.Json;
import java.nio.charset.StandardCharsets;

/// How an invocation ended.
@SuppressWarnings("ArrayRecordComponent") // never compared
public sealed interface Outcome {
  /// The function answered.
  record Answered(byte[] payload) implements Outcome {}

  /// The function threw, crashed, timed out or did not start.
  ///
  /// @param payload JSON with `errorType` and `errorMessage`
  record Failed(byte[] payload) implements Outcome {
    static Failed of(String type, String message) {
      return new Failed(Json.object("errorType", type, "errorMessage", message));
    }

    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }
  }

  /// Lambda itself refused; the function was not called.
  ///
  /// @param type the exception's name in AWS's SDKs, such as `TooManyRequestsException`
  record Rejected(int status, String type, String message) implements Outcome {}
}
