package dev.pilotlight.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.local.support.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// Runs the code that the playground shows.
final class Code {
  private static final Map<String, String> ENDINGS =
      Map.of("curl", ".sh", "Python", ".py", "JavaScript", ".mjs", "Java", ".java");

  private static final Map<String, String> PROGRAMS =
      Map.of(
          "curl",
          "sh",
          "Python",
          "python3",
          "JavaScript",
          "node",
          "Java",
          Path.of(System.getProperty("java.home"), "bin", "java").toString());

  private Code() {}

  /// Runs the visible code as it stands.
  ///
  /// @param directory of the file that holds it
  /// @param environment further variables
  /// @return the JSON that it prints
  static JsonNode run(
      String language, Browser browser, Path directory, Map<String, String> environment)
      throws Exception {
    String code = String.valueOf(browser.find("#code").getDomProperty("textContent"));
    Path file = Files.writeString(directory.resolve("Code" + ENDINGS.get(language)), code);
    String program = Objects.requireNonNull(PROGRAMS.get(language));
    ProcessBuilder builder = new ProcessBuilder(program, file.toString()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as("%s printed %s", code, output).isZero();
    return Json.read(output.strip())
        .orElseThrow(() -> new AssertionError("no JSON, but " + output));
  }
}
