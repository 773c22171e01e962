package dev.pilotlight.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The cold start of the package with API keys.
@Timeout(120)
class KeyedStartIT {
  private static final String BODY = "{\"model\":\"all-minilm-l6-v2\",\"input\":\"a cold start\"}";

  /// The training run sends a key, so that a start neither reads classes from the jar nor makes
  /// those of lambdas.
  @Test
  void firstRequestWithAKeyAndAPlanTakesEveryClassOfOursFromTheAotCache(@TempDir Path directory)
      throws IOException, InterruptedException {
    Path classes = directory.resolve("classes.log");
    Options options =
        Options.onFreePorts()
            .withKeys()
            .withVariable("PILOTLIGHT_PLANS", "default")
            .withVariable("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + classes);
    assumeThat(options.packaged()).isPresent();

    try (LocalStack stack = LocalStack.start(options)) {
      HttpRequest request =
          HttpRequest.newBuilder(stack.gatewayUrl().resolve("/v1/embeddings"))
              .header("authorization", "Bearer " + stack.developmentKey().orElseThrow())
              .POST(HttpRequest.BodyPublishers.ofString(BODY))
              .build();
      try (HttpClient client = HttpClient.newHttpClient()) {
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("ratelimit")).isPresent();
      }
    }

    List<String> ours =
        Files.readAllLines(classes).stream()
            .filter(line -> line.contains(" dev.pilotlight."))
            .toList();
    assertThat(ours)
        .anyMatch(line -> line.contains("dev.pilotlight.access.Gate"))
        .allMatch(line -> line.contains("source: shared objects file"));
  }
}
