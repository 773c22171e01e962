package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pilotlight.suite.LoopbackServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `pilotlight replay` against servers of this process.
final class ReplayTest {
  private static final String ANSWER = "{\"data\":[{\"embedding\":[1.0,0.0]}]}";

  private final List<String> received = new CopyOnWriteArrayList<>();
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  @TempDir private Path folder;
  private String traffic = "";

  @BeforeEach
  void writeTraffic() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      lines
          .append("{\"method\":\"POST\",\"path\":\"/v1/e?n=")
          .append(i)
          .append("\",\"headers\":{\"authorization\":\"recorded\",\"x-n\":\"")
          .append(i)
          .append("\"},\"body\":{\"input\":\"")
          .append(i)
          .append("\"}}\n");
    }
    traffic = Files.writeString(folder.resolve("traffic.jsonl"), lines).toString();
  }

  @AfterEach
  void stop() {
    servers.forEach(server -> server.stop(0));
  }

  @Test
  void everyRequestArrivesAsRecordedAndCountsAreExact() throws IOException {
    String url = server(200, ANSWER, "pilotlight; hit; detail=\"memory\"", "0.000002");

    TestRun run =
        TestRun.run(
            "replay",
            traffic,
            "--url",
            url + "/base/",
            "--rate",
            "2000",
            "--count",
            "6",
            "--warm-up",
            "2",
            "--json",
            "--month-requests",
            "1000000");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(received)
        .hasSize(8)
        .contains("POST /base/v1/e?n=3 x-n=3 authorization=null {\"input\":\"3\"}");
    assertThat(run.out())
        .contains("\"sent\":6,\"not_sent\":0,\"succeeded\":6,\"by_status\":{\"200\":6}")
        .contains("\"latency_ms\":{\"count\":6,", "\"hit_share\":1.0,\"usd_month\":2.0")
        .contains("Recorded headers and queries that may hold credentials and were not sent: 4.");
  }

  @Test
  void warmUpRequestsAreNotMeasuredAgainUnlessTheFileIsTooShort() throws IOException {
    String url = server(200, ANSWER, "", "");

    TestRun once = run("--url", url, "--warm-up", "1");
    assertThat(received).hasSize(4).doesNotHaveDuplicates();
    assertThat(once.out())
        .contains("of which 4 were read: 3 are measured")
        .doesNotContain("repeats");
    assertThat(run("--url", url, "--warm-up", "1", "--count", "4").out())
        .contains("Requests were sent up to 2 times: hits, latency and cost are those of these");
    TestRun none = run("--url", url, "--warm-up", "4");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("--warm-up is 4, and leaves no request of the file");
  }

  @Test
  void equalAnswersOfTwoServersAreZeroAndOthersAreThree() throws IOException {
    String old = server(200, "{\"id\":\"1\",\"data\":[{\"embedding\":\"AACAPwAAAAA=\"}]}", "", "");
    String same = server(200, ANSWER, "", "");
    String other = server(200, "{\"data\":[{\"embedding\":[0.0,1.0]}]}", "", "");

    TestRun equal = compare(old, same);
    assertThat(equal.exitCode()).isZero();
    assertThat(equal.out())
        .contains("4 answers compared, 0 differ (0.00 %).")
        .contains("Cosine of the vectors: lowest 1.000000, mean 1.000000.");
    TestRun different = compare(old, other, "--sequential");
    assertThat(different.exitCode()).isEqualTo(3);
    assertThat(different.out())
        .contains("4 answers compared, 4 differ (100.00 %).")
        .contains("line 1, POST /v1/e?n=…: data[0].embedding: cosine 0.000000");
    assertThat(compare(old, other, "--max-different", "1").exitCode()).isZero();
    assertThat(compare(old, other, "--min-cosine", "-1").exitCode()).isZero();
    assertThat(compare(old, other, "--ignore", "data").exitCode()).isZero();
  }

  @Test
  void halfASurrogatePairDoesNotLoseThePage() throws IOException {
    String emoji = "\ud83d\ude00";
    String first = server(200, "{\"a\":\"" + "x".repeat(39) + emoji + "one\"}", "", "");
    String second = server(200, "{\"a\":\"\\ud83d\"}", "", "");
    Path html = Files.writeString(folder.resolve("r.html"), "an earlier report");

    assertThat(compare(first, second, "--html", html.toString()).exitCode()).isEqualTo(3);
    assertThat(Files.readString(html)).contains("x".repeat(39) + emoji + "…", "\ufffd");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".part"));
    }
    assertThat(run("--url", first, "--html", folder.toString()).err())
        .contains("a folder; accepted: a file");
  }

  @Test
  void errorsOverTheBoundAreFour() throws IOException {
    String failing = server(500, "{}", "", "");

    TestRun run = TestRun.run("replay", traffic, "--url", failing, "--rate", "2000");
    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.out())
        .containsPattern("status 500 +4")
        .containsPattern("without an answer of 2xx +100.00 %")
        .containsPattern("latency p50, ms +–");
    assertThat(run("--url", failing, "--max-errors", "1").exitCode()).isZero();
    // nothing could be compared
    assertThat(compare(failing, failing, "--max-errors", "1").exitCode()).isEqualTo(3);
    TestRun refused = run("--url", "http://127.0.0.1:" + closedPort());
    assertThat(refused.exitCode()).isEqualTo(4);
    assertThat(refused.out()).containsPattern("no answer: no connection +4");
  }

  @Test
  void keysAreSentAndNeverPrinted() throws IOException {
    String url = server(200, ANSWER, "", "");
    Path headers = Files.writeString(folder.resolve("headers"), "X-Api-Key: s3cret\n");
    Path html = folder.resolve("report.html");

    TestRun run = run("--url", url, "--headers", headers.toString(), "--html", html.toString());
    TestRun json = run("--url", url, "--headers", headers.toString(), "--json");

    assertThat(received).isNotEmpty().allMatch(request -> request.contains("x-api-key=s3cret"));
    assertThat(run.out()).contains(", with x-api-key");
    assertThat(run.out() + run.err() + json.out() + Files.readString(html))
        .doesNotContain("s3cret")
        .doesNotContain("recorded\"");
  }

  @Test
  void aWrongCommandLineOrFileIsTwo() throws IOException {
    String url = server(200, ANSWER, "", "");
    Path wrong = Files.writeString(folder.resolve("wrong.jsonl"), "{\"method\":1}");

    assertThat(TestRun.run("replay", wrong.toString(), "--url", url).err())
        .contains("wrong.jsonl, line 1 has a \"method\" that is not a string");
    for (String[] options :
        List.of(
            new String[] {"--url", "ftp://host"},
            new String[] {"--url", "http://user:secret@host"},
            new String[] {"--url", url, "--rate", "0"},
            new String[] {"--url", url, "--count", "1", "--duration", "1"},
            new String[] {"--url", url, "--min-cosine", "2"},
            new String[] {"--url", url, "--sequential"},
            new String[] {"--url", url, "--html", folder.resolve("none/r.html").toString()},
            new String[] {"--url", url, "--in-flight", "0"},
            new String[] {"--url", url, "--body", traffic},
            new String[] {"--url", url, "--header", "x=PILOTLIGHT_NO_SUCH_VARIABLE"},
            new String[] {"--url", url, "--format", "other"})) {
      TestRun run = run(options);
      assertThat(run.exitCode()).as(String.join(" ", options)).isEqualTo(2);
      assertThat(run.err()).hasLineCount(1).doesNotContain("secret");
    }
    assertThat(received).isEmpty();
  }

  private TestRun compare(String first, String second, String... more) {
    String[] options = {"--url", first, "--against", second};
    return run(concat(options, more));
  }

  private TestRun run(String... options) {
    return TestRun.run(concat(new String[] {"replay", traffic, "--rate", "2000"}, options));
  }

  private static String[] concat(String[] first, String[] second) {
    return Stream.concat(Arrays.stream(first), Arrays.stream(second)).toArray(String[]::new);
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private String server(int status, String body, String cacheStatus, String cost)
      throws IOException {
    HttpServer server = LoopbackServer.create();
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", exchange -> answer(exchange, status, body, cacheStatus, cost));
    server.start();
    servers.add(server);
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(
      HttpExchange exchange, int status, String body, String cacheStatus, String cost) {
    try (exchange) {
      String sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var headers = exchange.getRequestHeaders();
      String key =
          headers.containsKey("x-api-key") ? " x-api-key=" + headers.getFirst("x-api-key") : "";
      received.add(
          "%s %s x-n=%s authorization=%s%s %s"
              .formatted(
                  exchange.getRequestMethod(),
                  exchange.getRequestURI(),
                  headers.getFirst("x-n"),
                  headers.getFirst("authorization"),
                  key,
                  sent));
      exchange.getResponseHeaders().set("content-type", "application/json");
      if (!cacheStatus.isEmpty()) {
        exchange.getResponseHeaders().set("cache-status", cacheStatus);
        exchange.getResponseHeaders().set("pilotlight-cost-usd", cost);
      }
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
