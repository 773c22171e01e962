package dev.pilotlight.local.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.e2e.Client;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.local.support.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `/metrics` of the local runner, with the real function in two environments.
@Timeout(120)
final class MetricsPageIT {
  private static final String MODEL = "all-minilm-l6-v2";
  private static final int CLIENTS = 4;

  @SuppressWarnings("NullAway.Init")
  private static LocalStack stack;

  @SuppressWarnings("NullAway.Init")
  private static HttpClient http;

  @BeforeAll
  static void start() {
    stack =
        LocalStack.start(
            Options.onFreePorts()
                .withEnvironmentsMax(2)
                .withVariable("PILOTLIGHT_METRICS", "each"));
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    http.close();
    stack.close();
  }

  @Test
  void environmentsAddUp() {
    Client client = new Client(stack.gatewayUrl());
    Await.until(
        () -> {
          atOnce(_ -> assertThat(send("GET", "/v2/health/live").statusCode()).isEqualTo(200));
          return read().sum("pilotlight_cold_starts_total", "function", "ApiFunction") == 2;
        });
    atOnce(number -> ask(client, number));
    assertThat(client.post("/v1/embeddings", "{}").status()).isEqualTo(400);

    // an environment that has just answered may not wait for the next event yet
    Await.until(() -> read().sum("nv_inference_request_success", "model", MODEL) == 2 * CLIENTS);
    Await.until(
        () -> read().sum("pilotlight_inferences_total", "function", "ApiFunction") == CLIENTS);
    PrometheusText text = read();
    assertThat(text.metric("nv_inference_request_success").type()).isEqualTo("counter");
    assertThat(text.sum("nv_inference_count", "model", MODEL, "version", "1")).isEqualTo(CLIENTS);
    assertThat(text.sum("nv_inference_exec_count", "model", MODEL)).isEqualTo(CLIENTS);
    assertThat(text.sum("nv_cache_num_hits_per_model", "model", MODEL)).isEqualTo(CLIENTS);
    assertThat(text.sum("nv_cache_num_misses_per_model", "model", MODEL)).isEqualTo(CLIENTS);
    assertThat(text.sum("nv_inference_request_failure", "reason", "OTHER")).isZero();
    assertThat(text.sum("nv_inference_compute_infer_duration_us")).isPositive();
    assertThat(text.sum("nv_inference_request_duration_us"))
        .isGreaterThan(text.sum("nv_inference_compute_infer_duration_us"));

    assertThat(text.sum("pilotlight_items_total")).isEqualTo(2 * CLIENTS);
    assertThat(text.sum("pilotlight_hits_total")).isEqualTo(CLIENTS);
    assertThat(text.sum("pilotlight_client_errors_total")).isPositive();
    assertThat(text.sum("pilotlight_request_duration_seconds_count", "tier", "run"))
        .isEqualTo(CLIENTS);
    assertThat(text.sum("pilotlight_estimated_cost_usd_total")).isPositive();
    assertThat(text.sum("pilotlight_environments", "function", "ApiFunction")).isEqualTo(2);
    assertThat(text.sum("pilotlight_environments", "function", "BatchFunction")).isZero();
  }

  private static void atOnce(IntConsumer request) {
    CompletableFuture.allOf(
            IntStream.range(0, CLIENTS)
                .mapToObj(i -> CompletableFuture.runAsync(() -> request.accept(i)))
                .toArray(CompletableFuture<?>[]::new))
        .join();
  }

  /// A new text, then the same again.
  private static void ask(Client client, int number) {
    List<String> text = List.of("metrics of client " + number);
    for (int i = 0; i < 2; i++) {
      assertThat(client.embeddings(text).status()).isEqualTo(200);
    }
  }

  @Test
  void pageHasPrometheusContentTypeAndHeadHasNoBody() {
    HttpResponse<byte[]> page = send("GET", "/metrics");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    HttpResponse<byte[]> head = send("HEAD", "/metrics");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    HttpResponse<byte[]> post = send("POST", "/metrics");
    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.headers().firstValue("allow")).hasValue("GET, HEAD");
    // other paths are the function's
    assertThat(new String(send("GET", "/metrics/x").body(), UTF_8)).contains("there is no route");
  }

  @Test
  void pagesOfOtherHostsDoNotReadIt() throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), stack.gatewayUrl().getPort())) {
      socket
          .getOutputStream()
          .write(
              "GET /metrics HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                  .getBytes(UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .startsWith("HTTP/1.1 403");
    }
  }

  private static PrometheusText read() {
    return PrometheusText.parse(new String(send("GET", "/metrics").body(), UTF_8));
  }

  private static HttpResponse<byte[]> send(String method, String path) {
    try {
      return http.send(
          HttpRequest.newBuilder(stack.gatewayUrl().resolve(path))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build(),
          BodyHandlers.ofByteArray());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
