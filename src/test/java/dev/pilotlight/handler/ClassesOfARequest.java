package dev.pilotlight.handler;

import java.util.HashMap;
import java.util.Map;

/// A process that sends requests to the whole function, so that another one sees its classes.
final class ClassesOfARequest {
  private ClassesOfARequest() {}

  /// @param args names and values of settings
  public static void main(String[] args) {
    Map<String, String> settings = new HashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      settings.put(args[i], args[i + 1]);
    }
    try (Harness function = new Harness(System.out, settings)) {
      for (int i = 0; i < 2; i++) {
        System.out.println("status " + function.send(FunctionOnTable.infer(1)).status());
      }
    }
  }
}
