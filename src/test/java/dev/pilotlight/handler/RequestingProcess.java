package dev.pilotlight.handler;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A process that sends two equal requests to the whole function, so that a test sees its classes
/// or kills it.
final class RequestingProcess {
  /// In place of a setting: the idempotency key of the requests.
  static final String KEY = "key";

  private RequestingProcess() {}

  /// Sends the request twice.
  ///
  /// @param args names and values of settings
  @SuppressWarnings("ClosingStandardOutputStreams") // at the end of the process
  public static void main(String[] args) {
    Map<String, String> settings = new HashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      settings.put(args[i], args[i + 1]);
    }
    String key = settings.remove(KEY);
    TestRequest request = IdempotencyIT.values("[1]", "1");
    try (Harness function = new Harness(System.out, settings)) {
      for (int i = 0; i < 2; i++) {
        TestRequest sent = key == null ? request : request.with("idempotency-key", key);
        System.out.println("status " + function.send(sent.event()).status());
      }
    }
  }

  /// Starts it.
  ///
  /// @param option of Java
  static Process start(String option, Map<String, String> settings) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", option, "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(RequestingProcess.class.getName());
    settings.forEach((name, value) -> command.addAll(List.of(name, value)));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
