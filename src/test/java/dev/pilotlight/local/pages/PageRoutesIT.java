package dev.pilotlight.local.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.local.support.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Browsers get the pages, under headers that forbid everything else.
@Timeout(180)
class PageRoutesIT {
  private static final String BROWSER =
      "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
  private static final String BATCH = "PUT /playground/batches/lines.txt";

  private static final String CHUNKED = "Transfer-Encoding: chunked";

  @SuppressWarnings("NullAway.Init")
  private static LocalStack stack;

  @BeforeAll
  static void start() {
    stack = LocalStack.start(Options.onFreePorts());
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void aBrowserGetsThePlaygroundUnderAStrictPolicy() throws IOException {
    String answer = send("GET /", "", BROWSER);
    assertThat(answer).startsWith("HTTP/1.1 200").contains("Pilotlight playground");
    assertThat(head(answer))
        .contains(
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self';")
        .contains("frame-ancestors 'none'", "x-content-type-options: nosniff", "vary: accept")
        .doesNotContain("access-control", "unsafe");
    assertThat(send("HEAD /", "", BROWSER)).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Accept: */*",
        "Accept: application/json",
        "Accept: text/html;q=0, */*",
        "X-None: 1"
      })
  void aProgramGetsTheListOfRoutes(String accept) throws IOException {
    String answer = send("GET /", "", accept);
    JsonNode list = Json.read(body(answer)).orElseThrow();
    assertThat(list.get("routes").findValuesAsText("path")).contains("/v1/embeddings");
  }

  @Test
  void aRequestToHuggingFacesRootStaysOne() throws IOException {
    String answer = send("POST /", "{\"inputs\": 1}", BROWSER, "Content-Type: application/json");
    assertThat(answer).startsWith("HTTP/1.1 400");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/playground/../template.yaml",
        "/playground/..%2f..%2ftemplate.yaml",
        "/playground/app.js/",
        "/playground/",
        "/playground/none.js"
      })
  void onlyListedFilesAreServed(String path) throws IOException {
    assertThat(send("GET " + path, "", BROWSER)).startsWith("HTTP/1.1 404");
  }

  @Test
  void aPageOfAnotherNameIsRefused() throws IOException {
    String answer = sendTo("pilotlight.example", "GET /", "", BROWSER);
    assertThat(answer).startsWith("HTTP/1.1 403").doesNotContain("playground");
  }

  /// The first comes from another server of this machine, which the API itself admits.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: http://localhost:9999",
        "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: cross-site"
      })
  void onlyThePlaygroundMayPutABatch(String header) throws IOException {
    String answer = send(BATCH, "text", header);
    assertThat(answer).startsWith("HTTP/1.1 403");
    assertThat(head(answer)).doesNotContain("access-control");
  }

  @ParameterizedTest
  @CsvSource({
    "PUT /playground/batches/..%2fa.txt, 400",
    "PUT /playground/batches/, 400",
    "PUT /playground/batches/a.txt/b, 405",
    "DELETE /playground/batches/a.txt, 405",
    "PUT /playground/batches/a.txt?model=no%20name, 400",
    "GET /playground/batches/a.txt, 404",
    "GET /playground/batches/a.txt/model.onnx, 404",
    "GET /playground/batches/a.txt/out.jsonl, 404"
  })
  void requestsOtherThanOfABatchAreRefused(String request, int status) throws IOException {
    assertThat(send(request, "")).startsWith("HTTP/1.1 " + status);
  }

  @Test
  void aBatchIsAnswered() throws Exception {
    String put = send(BATCH + "?model=all-minilm-l6-v2", "hello\nworld\n");
    String batch = Json.read(body(put)).orElseThrow().get("batch").asText();
    assertThat(batch).endsWith("-lines.txt");
    JsonNode state = state(batch);
    // the report of the progress comes from the function's log, by another way than the summary
    for (int i = 0; i < 600 && !(state.has("summary") && state.has("figures")); i++) {
      Thread.sleep(100);
      state = state(batch);
    }
    assertThat(state.get("state").asText()).isEqualTo("done");
    assertThat(state.at("/summary/lines").asInt()).isEqualTo(2);
    assertThat(state.get("percent").asInt()).isEqualTo(100);
    assertThat(state.get("figures").asText()).startsWith("2 lines").contains("done in");
    String answers = send("GET /playground/batches/" + batch + "/out.jsonl", "");
    assertThat(head(answers)).contains("content-disposition: attachment; filename=\"" + batch);
    assertThat(body(answers).lines()).hasSize(2).allMatch(it -> it.contains("\"embedding\""));
  }

  @Test
  void theLongestNameOfAFileIsAlsoThatOfABatch() throws IOException {
    String longest = "a".repeat(176) + ".txt";
    String put = send("PUT /playground/batches/" + longest, "hello\n");
    String batch = Json.read(body(put)).orElseThrow().get("batch").asText();
    assertThat(send("GET /playground/batches/" + batch, "")).startsWith("HTTP/1.1 200");
    assertThat(send("PUT /playground/batches/a" + longest, "hello\n"))
        .startsWith("HTTP/1.1 400")
        .contains("up to 180");
  }

  @Test
  void aFileOfUnknownLengthIsRefused() throws IOException {
    String answer = send(BATCH, "1\r\na\r\n0\r\n\r\n", CHUNKED);
    assertThat(answer).startsWith("HTTP/1.1 411").contains("Content-Length");
  }

  private static JsonNode state(String batch) throws IOException {
    return Json.read(body(send("GET /playground/batches/" + batch, ""))).orElseThrow();
  }

  private static String send(String request, String body, String... headers) throws IOException {
    return sendTo("127.0.0.1:" + stack.gatewayUrl().getPort(), request, body, headers);
  }

  /// The answer as it came, of a connection that the server closes.
  private static String sendTo(String host, String request, String body, String... headers)
      throws IOException {
    List<String> head = new ArrayList<>(List.of(request + " HTTP/1.1", "Host: " + host));
    head.add("Connection: close");
    head.addAll(List.of(headers));
    if (!head.contains(CHUNKED)) {
      head.add("Content-Length: " + body.length());
    }
    String text = String.join("\r\n", head) + "\r\n\r\n" + body;
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), stack.gatewayUrl().getPort())) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String head(String answer) {
    return answer.substring(0, answer.indexOf("\r\n\r\n")).toLowerCase(Locale.ROOT);
  }

  private static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }
}
