package dev.pilotlight.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.support.Await;
import dev.pilotlight.suite.leaks.Planted;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Stored results with `ETag` and `If-None-Match`, through every kind of event.
final class ConditionalResultsIT {
  @SuppressWarnings("NullAway.Init")
  private static DynamoLocal dynamo;

  @SuppressWarnings("NullAway.Init")
  private static Harness function;

  /// The events of the front ends.
  enum FrontEnd {
    HTTP_API,
    REST_API,
    FUNCTION_URL;

    byte[] event(TestRequest request, String caller) throws IOException {
      byte[] plain = this == REST_API ? request.restEvent() : request.event();
      ObjectNode event = (ObjectNode) Harness.JSON.readTree(plain);
      ObjectNode context = (ObjectNode) event.get("requestContext");
      switch (this) {
        case HTTP_API -> context.putObject("authorizer").putObject("lambda").put("sub", caller);
        case REST_API -> context.putObject("authorizer").put("sub", caller);
        case FUNCTION_URL -> {
          event.put("routeKey", "$default");
          context.put("domainName", "url-id.lambda-url.us-east-1.on.aws");
          context.putObject("authorizer").putObject("lambda").put("sub", caller);
        }
      }
      return TestRequest.utf8(event.toString());
    }
  }

  @BeforeAll
  static void start() {
    dynamo = DynamoLocal.start(0);
    dynamo.createTable("pilotlight-results", "pk", "expires_at");
    function =
        new Harness(
            "PILOTLIGHT_TENANT_FROM", "claim:sub",
            "PILOTLIGHT_GZIP_BYTES_MIN", "100",
            "PILOTLIGHT_STORE", "required",
            "AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString(),
            "AWS_REGION", "eu-west-1",
            "AWS_ACCESS_KEY_ID", "local",
            "AWS_SECRET_ACCESS_KEY", Planted.PASSWORD);
  }

  @AfterAll
  static void stop() {
    function.close();
    dynamo.close();
  }

  @ParameterizedTest
  @EnumSource
  void knownAnswerIs304WithTheHeadersOfTheFullOne(FrontEnd frontEnd) throws IOException {
    TestRequest get = TestRequest.of("GET", path("conditional", frontEnd));
    Reply full = send(get, frontEnd);
    assertThat(full.status()).as(full.text()).isEqualTo(200);
    String tag = full.header("etag");
    assertThat(tag).matches("W/\"[A-Za-z0-9_-]{43}\"");
    assertThat(get.path()).doesNotContain(tag.substring(3, tag.length() - 1));
    assertThat(full.header("cache-control")).isEqualTo("private, no-cache");
    assertThat(full.header("vary")).isEqualTo("accept-encoding");

    for (String known : List.of(tag, tag.substring(2), "\"x\", " + tag, "*")) {
      JsonNode event = response(get.with("if-none-match", known), frontEnd);
      assertThat(event.get("statusCode").asInt()).as(known).isEqualTo(304);
      assertThat(event.get("body").asText()).isEmpty();
      assertThat(event.get("isBase64Encoded").asBoolean()).isFalse();
      JsonNode headers = event.get("headers");
      for (String name : List.of("etag", "cache-control", "vary", "content-type")) {
        assertThat(headers.get(name).asText()).as(name).isEqualTo(full.header(name));
      }
      assertThat(headers.has("content-encoding")).isFalse();
      assertThat(headers.has("content-length")).isFalse();
      assertThat(headers.get("x-request-id").asText()).isNotEmpty();
      assertThat(event.has("multiValueHeaders")).isEqualTo(frontEnd == FrontEnd.REST_API);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"other\"", "x", "\"", "W/", ""})
  void otherTagsGetTheWholeAnswer(String known) {
    TestRequest get = TestRequest.of("GET", path("other tags", FrontEnd.HTTP_API));
    Reply reply = send(get.with("if-none-match", known), FrontEnd.HTTP_API);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().get("outputs")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void gzippedAndPlainFormHaveOneTag(FrontEnd frontEnd) throws IOException {
    TestRequest get = TestRequest.of("GET", path("gzip", frontEnd));
    Reply plain = send(get, frontEnd);
    Reply zipped = send(get.with("accept-encoding", "gzip"), frontEnd);
    assertThat(plain.header("content-encoding")).isEmpty();
    assertThat(zipped.header("content-encoding")).isEqualTo("gzip");
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
      assertThat(in.readAllBytes()).isEqualTo(plain.body());
    }
    assertThat(zipped.header("etag")).isEqualTo(plain.header("etag"));
    assertThat(zipped.header("vary")).isEqualTo("accept-encoding");
    TestRequest known = get.with("if-none-match", plain.header("etag"));
    Reply same = send(known.with("accept-encoding", "gzip"), frontEnd);
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void headIsConditionalToo(FrontEnd frontEnd) {
    String path = path("head", frontEnd);
    Reply get = send(TestRequest.of("GET", path), frontEnd);
    Reply head = send(TestRequest.of("HEAD", path), frontEnd);
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("etag")).isEqualTo(get.header("etag"));
    assertThat(head.header("content-length")).isEqualTo(Integer.toString(get.body().length));
    TestRequest known = TestRequest.of("HEAD", path).with("if-none-match", get.header("etag"));
    Reply same = send(known, frontEnd);
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.headers().has("content-length")).as("of the whole answer, or none").isFalse();
  }

  /// A result that another one replaces keeps its id; here the time of writing differs.
  @Test
  void replacedResultHasAnotherTag() {
    String path = path("replaced", FrontEnd.HTTP_API);
    String tag = send(TestRequest.of("GET", path), FrontEnd.HTTP_API).header("etag");
    TestRequest conditional = TestRequest.of("GET", path).with("if-none-match", tag);
    assertThat(send(conditional, FrontEnd.HTTP_API).status()).isEqualTo(304);
    Await.until(
        () -> {
          embed("replaced", "no-cache", FrontEnd.HTTP_API);
          return send(conditional, FrontEnd.HTTP_API).status() == 200;
        });
    assertThat(path("replaced", FrontEnd.HTTP_API)).isEqualTo(path);
  }

  @ParameterizedTest
  @EnumSource
  void anotherTenantGets404WhateverTagsItHas(FrontEnd frontEnd) throws IOException {
    TestRequest get = TestRequest.of("GET", path("secret", frontEnd));
    String tag = send(get, frontEnd).header("etag");
    for (String known : List.of(tag, "*", "\"x\"")) {
      byte[] event = frontEnd.event(get.with("if-none-match", known), "bob");
      Reply reply = function.send(event);
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.headers().has("etag")).isFalse();
      assertThat(reply.headers().has("pilotlight-cost-usd")).isFalse();
    }
  }

  @Test
  void otherRoutesHaveNoTag() {
    Reply models = send(TestRequest.of("GET", "/v1/models").with("if-none-match", "*"));
    assertThat(models.status()).isEqualTo(200);
    assertThat(models.headers().has("etag")).isFalse();
  }

  /// The path of the result of a text, which is stored.
  private static String path(String text, FrontEnd frontEnd) {
    return "/v1/results/" + embed(text, "", frontEnd).json().at("/data/0/id").asText();
  }

  private static Reply embed(String text, String cacheControl, FrontEnd frontEnd) {
    String body = "{\"model\":\"%s\",\"input\":\"%s\"}".formatted(TestModels.SAMPLE, text);
    TestRequest request =
        TestRequest.post("/v1/embeddings", body).with("cache-control", cacheControl);
    Reply reply = send(request, frontEnd);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply;
  }

  private static Reply send(TestRequest request) {
    return send(request, FrontEnd.HTTP_API);
  }

  private static Reply send(TestRequest request, FrontEnd frontEnd) {
    try {
      return function.send(frontEnd.event(request, "ada"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The whole event of a response.
  private static JsonNode response(TestRequest request, FrontEnd frontEnd) throws IOException {
    return Harness.JSON.readTree(function.ping(frontEnd.event(request, "ada")));
  }
}
