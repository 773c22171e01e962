package dev.pilotlight.e2e.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.embeddings.Embedding;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.pilotlight.e2e.Client;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import dev.pilotlight.local.SharedStack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The server answers as Lambda does by API Gateway, byte for byte, from the same Redis and table.
@Timeout(300)
class ServeIT {
  private static final String PAGE = "https://app.example";
  private static final String JSON = "application/json";

  private static LocalStack stack;
  private static Served served;
  private static final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  static void start() {
    Options options = SharedStack.patient(Options.onFreePorts().withEnvironmentsMax(1));
    stack = LocalStack.start(options);
    served =
        Served.start(Served.with(stack, options), Map.of("PILOTLIGHT_SERVE_CORS_ORIGINS", PAGE));
  }

  @AfterAll
  static void stop() {
    served.close();
    stack.close();
    http.close();
  }

  /// A request; its body is text.
  record Asked(String method, String path, String body, String... headers) {
    @Override
    public String toString() {
      return method + " " + path + " " + body.substring(0, Math.min(60, body.length()));
    }

    HttpResponse<byte[]> at(java.net.URI server) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(server.resolve(path))
              .method(method, BodyPublishers.ofString(body))
              .header("cache-control", "no-store");
      if (headers.length > 0) {
        request.headers(headers);
      }
      return send(request);
    }
  }

  static List<Asked> requests() {
    String[] type = {"content-type", JSON};
    return List.of(
        new Asked("POST", "/v1/embeddings", "{\"input\":\"hello world\"}", type),
        new Asked(
            "POST",
            "/v1/embeddings",
            "{\"model\":\"all-minilm-l6-v2\",\"input\":[\"Grüße 東京 🚀\",\"b\"],"
                + "\"encoding_format\":\"base64\"}",
            type),
        new Asked("POST", "/v1/embeddings", "{\"input\":\"no type\"}"),
        new Asked("POST", "/v1/embeddings", "{\"input\":", type),
        new Asked("POST", "/v1/embeddings", "{\"input\":\"\"}", type),
        new Asked("POST", "/v1/embeddings", "{\"model\":\"none\",\"input\":\"a\"}", type),
        new Asked("POST", "/v1/embeddings", "", type),
        new Asked("GET", "/v1/models", ""),
        new Asked("GET", "/v1/models/all-minilm-l6-v2", ""),
        new Asked("GET", "/v1/models/no%2Fsuch", ""),
        new Asked("GET", "/v2", ""),
        new Asked("GET", "/v2/health/live", ""),
        new Asked("GET", "/v2/health/ready", ""),
        new Asked("GET", "/v2/models/all-minilm-l6-v2", ""),
        new Asked("GET", "/v2/models/all-minilm-l6-v2/ready", ""),
        new Asked("GET", "/v2/models/all-minilm-l6-v2/versions/1/ready", ""),
        new Asked("GET", "/v2/models/all-minilm-l6-v2/config", ""),
        new Asked(
            "POST",
            "/v2/models/all-minilm-l6-v2/infer",
            "{\"id\":\"4\",\"inputs\":[{\"name\":\"text\",\"shape\":[2],\"datatype\":\"BYTES\","
                + "\"data\":[\"hello world\",\"second\"]}]}",
            type),
        new Asked("POST", "/v2/models/all-minilm-l6-v2/infer", "{\"inputs\":[]}", type),
        new Asked("POST", "/embed", "{\"inputs\":\"hello world\"}", type),
        new Asked("POST", "/tokenize", "{\"inputs\":\"hello world\"}", type),
        new Asked("POST", "/api/embed", "{\"input\":\"hello world\"}", type),
        new Asked("GET", "/info", ""),
        new Asked("GET", "/v1/results/unknown", ""),
        new Asked("GET", "/no/such/route", ""),
        new Asked("GET", "/v1/embeddings?a=b%20c&a=d", ""),
        new Asked("GET", "/v1/embeddings?model=all-minilm-l6-v2&input=a%2Cb+c", ""),
        new Asked("HEAD", "/v1/embeddings?model=all-minilm-l6-v2&input=a%2Cb+c", ""),
        new Asked("DELETE", "/v1/embeddings", ""),
        new Asked("OPTIONS", "/v1/embeddings", ""),
        new Asked("BREW", "/v1/embeddings", ""));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void theAnswerIsLambdasByteForByte(Asked asked) {
    HttpResponse<byte[]> lambda = asked.at(stack.gatewayUrl());
    HttpResponse<byte[]> here = asked.at(served.url());
    assertThat(here.statusCode()).isEqualTo(lambda.statusCode());
    assertThat(text(here.body())).isEqualTo(text(lambda.body()));
    for (String name : List.of("content-type", "allow", "retry-after", "cache-status")) {
      if (!name.equals("content-type") || lambda.body().length > 0) {
        assertThat(here.headers().allValues(name))
            .as(name)
            .isEqualTo(lambda.headers().allValues(name));
      }
    }
  }

  /// Ids and times differ from call to call, and the number of CPUs by the place.
  private static String text(byte[] body) {
    return new String(body, StandardCharsets.UTF_8)
        .replaceAll("(request[_-]id\":\\s*\")[^\"]+", "$1")
        .replaceAll("\"(created|tokenization_workers|[a-z_]*duration)\":\\d+", "\"$1\":0");
  }

  @Test
  void resultsOfLambdaAreHitsHere() {
    Client lambda = new Client(stack.gatewayUrl());
    Client here = new Client(served.url());
    Client.Reply first = lambda.embeddings(List.of("shared by both"));
    Client.Reply second = here.embeddings(List.of("shared by both"));
    assertThat(second.cacheStatus()).contains("hit");
    assertThat(second.vectors().getFirst()).containsExactly(first.vectors().getFirst());
  }

  @Test
  void openAisClientGetsVectors() {
    OpenAIClient client =
        OpenAIOkHttpClient.builder()
            .baseUrl(served.url().resolve("/v1").toString())
            .apiKey("any")
            .build();
    try {
      List<Embedding> data =
          client
              .embeddings()
              .create(
                  EmbeddingCreateParams.builder()
                      .model(Client.MODEL)
                      .inputOfArrayOfStrings(List.of("hello world", "two"))
                      .build())
              .data();
      assertThat(data).hasSize(2);
      assertThat(data.getFirst().embedding()).hasSize(384);
    } finally {
      client.close();
    }
  }

  @Test
  void aCompressedChunkedBodyIsReadAndALargeAnswerIsCompressed() throws IOException {
    StringBuilder inputs = new StringBuilder("{\"input\":[\"w0\"");
    for (int i = 1; i < 40; i++) {
      inputs.append(",\"w").append(i).append('"');
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(inputs.append("]}").toString().getBytes(StandardCharsets.UTF_8));
    }
    HttpResponse<byte[]> answer =
        send(
            HttpRequest.newBuilder(served.url().resolve("/v1/embeddings"))
                .header("content-encoding", "gzip")
                .header("accept-encoding", "gzip")
                .POST(
                    BodyPublishers.fromPublisher(
                        BodyPublishers.ofByteArray(packed.toByteArray()))));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-encoding")).contains("gzip");
  }

  @Test
  void headHasTheLengthOfTheBodyThatGetHas() {
    HttpResponse<byte[]> get = send(HttpRequest.newBuilder(served.url().resolve("/v1/models")));
    HttpResponse<byte[]> head =
        send(HttpRequest.newBuilder(served.url().resolve("/v1/models")).HEAD());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("content-length"))
        .contains(Integer.toString(get.body().length));
  }

  @Test
  void pagesOfTheOriginMayCallAndOthersNot() {
    HttpResponse<byte[]> preflight = preflight(PAGE);
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(preflight.headers().firstValue("access-control-allow-origin")).contains(PAGE);
    assertThat(preflight.headers().firstValue("access-control-allow-methods"))
        .contains("DELETE,GET,POST");
    HttpResponse<byte[]> other = preflight("https://other.example");
    assertThat(other.statusCode()).isEqualTo(204);
    assertThat(other.headers().firstValue("access-control-allow-origin")).isEmpty();
    HttpResponse<byte[]> call =
        send(HttpRequest.newBuilder(served.url().resolve("/v1/models")).header("origin", PAGE));
    assertThat(call.headers().firstValue("access-control-allow-origin")).contains(PAGE);
    assertThat(call.headers().firstValue("vary")).contains("origin");
  }

  private static HttpResponse<byte[]> preflight(String origin) {
    return send(
        HttpRequest.newBuilder(served.url().resolve("/v1/embeddings"))
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .method("OPTIONS", BodyPublishers.noBody()));
  }

  @Test
  void metricsAreOnTheirOwnPort() {
    new Client(served.url()).embeddings(List.of("counted"));
    HttpResponse<byte[]> page =
        send(HttpRequest.newBuilder(served.metricsUrl().resolve("/metrics")));
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(text(page.body()))
        .contains("pilotlight_http_requests_total{status=\"200\"}")
        .contains("nv_inference_request_success{model=\"all-minilm-l6-v2\",version=\"1\"}")
        .contains("pilotlight_http_request_duration_seconds_bucket{le=\"+Inf\"}");
    assertThat(new Client(served.url()).get("/metrics").status()).isEqualTo(404);
    assertThat(new Client(served.metricsUrl()).get("/v1/models").status()).isEqualTo(404);
  }

  private static HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
