package dev.pilotlight.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/// The local runner in another process, which is stopped, killed and started again.
@Order(1)
@OnlyInFaults
class DataIT {
  private static final String MODEL = "all-minilm-l6-v2";
  private static final Duration START_BUDGET = Duration.ofSeconds(60);
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir private Path directory;

  @Test
  void resultsCachesObjectsAndVersionsSurviveAStopAndAKill() throws Exception {
    List<Consumer<Process>> ends = List.of(Process::destroy, Process::destroyForcibly);
    String body = "";
    String id = "";
    List<String> versions = new ArrayList<>();
    for (Consumer<Process> end : ends) {
      try (Runner runner = new Runner(directory)) {
        HttpResponse<String> answer = embed(runner, "a text that is kept");
        if (body.isEmpty()) {
          assertThat(header(answer, "cache-status")).contains("fwd=miss");
          body = answer.body();
          Matcher found = ID.matcher(body);
          assertThat(found.find()).isTrue();
          id = found.group(1);
        }
        requireKept(runner, body, id, versions);
        versions.add(put(runner, "object " + versions.size()));
        end.accept(runner.process);
        assertThat(runner.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      }
    }
    try (Runner runner = new Runner(directory)) {
      requireKept(runner, body, id, versions);
    }
    try (Runner runner = new Runner(directory, "-Dpilotlight.reset=true");
        S3Client s3 = runner.s3()) {
      assertThat(get(runner, "/v1/results/" + id).statusCode()).isEqualTo(404);
      assertThat(s3.listObjectVersions(of -> of.bucket("pilotlight-in")).versions()).isEmpty();
    }
  }

  private void requireKept(Runner runner, String body, String id, List<String> versions)
      throws Exception {
    HttpResponse<String> again = embed(runner, "a text that is kept");
    assertThat(header(again, "cache-status")).contains("hit");
    assertThat(again.body()).isEqualTo(body);
    HttpResponse<String> result = get(runner, "/v1/results/" + id);
    assertThat(result.statusCode()).isEqualTo(200);
    try (S3Client s3 = runner.s3()) {
      for (int i = 0; i < versions.size(); i++) {
        String version = versions.get(i);
        var object =
            s3.getObjectAsBytes(of -> of.bucket("pilotlight-in").key("ä/k").versionId(version));
        assertThat(object.asUtf8String()).isEqualTo("object " + i);
        assertThat(object.response().metadata()).containsEntry("number", "object " + i);
      }
      assertThat(s3.listObjectVersions(of -> of.bucket("pilotlight-in")).versions())
          .hasSameSizeAs(versions);
    }
  }

  private static String put(Runner runner, String text) {
    try (S3Client s3 = runner.s3()) {
      return s3.putObject(
              to -> to.bucket("pilotlight-in").key("ä/k").metadata(Map.of("number", text)),
              RequestBody.fromString(text))
          .versionId();
    }
  }

  private HttpResponse<String> embed(Runner runner, String text) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(runner.url("gateway") + "/v1/embeddings"))
            .header("content-type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    "{\"model\":\"%s\",\"input\":\"%s\"}".formatted(MODEL, text)))
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private HttpResponse<String> get(Runner runner, String path) throws Exception {
    URI url = URI.create(runner.url("gateway") + path);
    return http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  /// `mvn -Plocal` without Maven, on free ports.
  private static final class Runner implements AutoCloseable {
    private final Path log;
    private final Process process;

    Runner(Path directory, String... more) throws Exception {
      log = Files.createTempFile(directory, "runner", ".log");
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
      for (String port : List.of("gateway", "invoke", "redis", "dynamodb", "s3")) {
        command.add("-Dpilotlight.%s.port=0".formatted(port));
      }
      Optional.ofNullable(System.getProperty("pilotlight.package"))
          .filter(it -> Files.isExecutable(Path.of(it, "bootstrap")))
          .ifPresent(it -> command.add("-Dpilotlight.package=" + it));
      command.add("-Dpilotlight.data=" + directory.resolve("data"));
      command.addAll(List.of(more));
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.add(Local.class.getName());
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      long end = System.nanoTime() + START_BUDGET.toNanos();
      while (!text().contains("Try ") && process.isAlive() && System.nanoTime() < end) {
        Thread.sleep(20);
      }
      assertThat(text()).contains("Pilotlight is ready");
    }

    String url(String part) {
      Matcher line = Pattern.compile("  " + part + " +(\\S+)").matcher(text());
      assertThat(line.find()).as(text()).isTrue();
      return line.group(1);
    }

    S3Client s3() {
      return S3Local.client(URI.create(url("S3")));
    }

    String text() {
      try {
        return Files.readString(log, UTF_8);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void close() {
      process.destroy();
      try {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
