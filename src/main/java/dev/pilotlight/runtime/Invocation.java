package dev.pilotlight.runtime;

import dev.pilotlight.support.http.HttpAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One event with what the Runtime API's headers say about it.
///
/// @param requestId Lambda's id of the invocation
/// @param deadlineMs when Lambda ends the invocation, in milliseconds since 1970; 0 if unknown
/// @param functionArn empty if there is no such header
/// @param traceId of X-Ray
/// @param clientContext JSON of the AWS Mobile SDK
/// @param cognitoIdentity JSON
/// @param event the payload
@SuppressWarnings("ArrayRecordComponent") // never compared
record Invocation(
    String requestId,
    long deadlineMs,
    String functionArn,
    @Nullable String traceId,
    @Nullable String clientContext,
    @Nullable String cognitoIdentity,
    @Nullable String tenantId,
    byte[] event) {

  /// Reads the answer to `/invocation/next`.
  ///
  /// @throws IOException if it has no request id
  static Invocation of(HttpAnswer next) throws IOException {
    String requestId = header(next, "Lambda-Runtime-Aws-Request-Id");
    if (requestId == null) {
      throw new IOException("the next invocation has no Lambda-Runtime-Aws-Request-Id");
    }
    String deadline = header(next, "Lambda-Runtime-Deadline-Ms");
    String arn = header(next, "Lambda-Runtime-Invoked-Function-Arn");
    return new Invocation(
        requestId,
        deadline == null ? 0 : millis(deadline),
        arn == null ? "" : arn,
        header(next, "Lambda-Runtime-Trace-Id"),
        header(next, "Lambda-Runtime-Client-Context"),
        header(next, "Lambda-Runtime-Cognito-Identity"),
        header(next, "Lambda-Runtime-Aws-Tenant-Id"),
        next.body());
  }

  private static long millis(String deadline) throws IOException {
    try {
      return Long.parseLong(deadline);
    } catch (NumberFormatException e) {
      throw new IOException("Lambda-Runtime-Deadline-Ms is not a number: " + deadline, e);
    }
  }

  /// Null also for an empty value.
  private static @Nullable String header(HttpAnswer next, String name) {
    String value = next.header(name);
    return value == null || value.isEmpty() ? null : utf8(value);
  }

  /// @param latin one char for each byte
  private static String utf8(String latin) {
    for (int i = 0; i < latin.length(); i++) {
      if (latin.charAt(i) > 0x7F) {
        return new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
      }
    }
    return latin;
  }
}
