package dev.pilotlight.eventloop;

/// The differences on purpose between Lambda's own Java client and our event loop.
final class Differences {
  private static final String REFUSED_OFFICIALLY =
      "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.LambdaRuntimeClientException";
  private static final String REFUSED = "dev.pilotlight.runtime.RuntimeApi$RefusedException";

  private Differences() {}

  /// Leaves out what differs: the class that stands for a refusal by the Runtime API; Java's
  /// frames, since the official client has its own class loader and calls a method by reflection;
  /// the headings of its native part, and what that writes before it ends; times.
  static String remove(String text) {
    return text.replace(REFUSED_OFFICIALLY, "Refused")
        .replace(REFUSED, "Refused")
        .replaceAll("(?m)^\\tat java\\.base/.*\\n", "")
        .replaceAll(",\"java\\.base/(java\\.lang|jdk\\.internal)\\.reflect\\.[^\"]+\"", "")
        .replaceAll(
            ",\\{\"label\":\"invoke\",\"path\":\"(DirectMethodHandleAccessor|Method)\\.java\""
                + ",\"line\":\\d+}",
            "")
        .replace("DirectMethodHandleAccessor.java, Method.java, ", "")
        .replaceAll("\\[ERROR] \\[\\d+] LAMBDA_RUNTIME ", "")
        .replaceAll("(?s)the event loop ends\n.*", "\n")
        .replaceAll("(?m)^Failed to (get next invocation|find header)\\b.*\\n", "")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z", "TIME");
  }
}
