package dev.pilotlight.protocol.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.protocol.http.LambdaEvents.Format;
import dev.pilotlight.protocol.http.LambdaEvents.Incoming;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LambdaEventsTest {
  private static final int BYTES_MAX = 16 * 1024;
  private static final String INVOCATION_ID = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";
  private static final LambdaEvents EVENTS =
      new LambdaEvents(new ProtocolSettings(BYTES_MAX, BYTES_MAX, 1024, UnknownFields.IGNORE));

  private static Incoming incoming(String resource) {
    return LambdaEvents.decode(Requests.resource(resource), INVOCATION_ID).orElseThrow();
  }

  private static HttpRequest read(Incoming incoming) {
    return new Bodies(Requests.SETTINGS).read(incoming);
  }

  private static byte[] encoded(HttpResponse response, Incoming incoming) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    EVENTS.encode(response, incoming, out, Errors::response);
    return out.toByteArray();
  }

  @Test
  void anHttpApiEventIsARequest() throws IOException {
    Incoming incoming =
        LambdaEvents.decode(
                new ByteArrayInputStream(Requests.resource("/events/http-api-v2.json")), "")
            .orElseThrow();
    HttpRequest request = read(incoming);
    assertThat(incoming.format()).isEqualTo(Format.HTTP_API_V2);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/v1/embeddings");
    assertThat(request.query()).containsOnly(Map.entry("a", "1,2"), Map.entry("b", "ä"));
    assertThat(request.headers()).containsEntry("content-type", "application/json").hasSize(6);
    assertThat(request.requestId()).isEqualTo("JKJaXmPLvHcESHA=");
    assertThat(request.authorizer())
        .containsOnly(
            Map.entry("jwt.claims.sub", "user-1"),
            Map.entry("jwt.claims.exp", "1700000000"),
            Map.entry("jwt.claims.custom:tenant", "acme"),
            Map.entry("jwt.scopes", "infer read"));
    assertThat(new String(request.body(), UTF_8))
        .isEqualTo("{\"model\":\"all-minilm-l6-v2\",\"input\":\"schön 🎉\"}");
  }

  @Test
  void aRestApiEventIsARequest() {
    Incoming incoming = incoming("/events/rest-api-v1.json");
    HttpRequest request = read(incoming);
    assertThat(incoming.format()).isEqualTo(Format.REST_API_V1);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/v2/models/all-minilm-l6-v2/infer");
    assertThat(request.query()).containsOnly(Map.entry("a", "1,2"));
    assertThat(request.headers())
        .containsOnly(
            Map.entry("content-type", "application/json"),
            Map.entry("accept", "application/json,text/html"));
    assertThat(request.requestId()).isEqualTo("c6af9ac6-7b61-11e6-9a41-93e8deadbeef");
    assertThat(request.authorizer())
        .containsOnly(
            Map.entry("principalId", "user-1"),
            Map.entry("tenant", "acme"),
            Map.entry("level", "3"),
            Map.entry("admin", "false"),
            Map.entry("claims.sub", "user-1"),
            Map.entry("claims.cognito:groups", "a,b"));
    assertThat(new String(request.body(), UTF_8)).isEqualTo("{\"inputs\":[]}");
  }

  @Test
  void aRestApiEventWithoutMultiValuesHasItsPlainOnes() {
    Incoming incoming =
        decode(
            """
            {"httpMethod":"GET","path":"/v2","headers":{"X-A":"1"},"multiValueHeaders":null,
             "queryStringParameters":{"q":"2"},"multiValueQueryStringParameters":null,
             "requestContext":{"requestId":"r","authorizer":null},"body":null}""");
    assertThat(incoming.head().headers()).containsOnly(Map.entry("x-a", "1"));
    assertThat(incoming.head().query()).containsOnly(Map.entry("q", "2"));
    assertThat(incoming.head().authorizer()).isEmpty();
    assertThat(read(incoming).body()).isEmpty();
  }

  @Test
  void iamAndLambdaAuthorizersAreFlattened() {
    Incoming incoming =
        decode(
            """
            {"rawPath":"/v2","requestContext":{"http":{"method":"GET"},"authorizer":{
              "iam":{"userArn":"arn:aws:iam::1:user/a","cognitoIdentity":null},
              "lambda":{"tenant":"acme","depth":{"x":1.5,"list":["a",2]}}}}}""");
    assertThat(incoming.head().authorizer())
        .containsOnly(
            Map.entry("iam.userArn", "arn:aws:iam::1:user/a"),
            Map.entry("lambda.tenant", "acme"),
            Map.entry("lambda.depth.x", "1.5"),
            Map.entry("lambda.depth.list", "a 2"));
  }

  @Test
  void signerOfARestApiRequestIsTheSameAsForAnHttpApi() {
    Incoming incoming =
        decode(
            """
            {"httpMethod":"GET","path":"/v2","requestContext":{
              "identity":{"sourceIp":"127.0.0.1","userArn":"arn:aws:iam::1:user/a"}}}""");
    assertThat(incoming.head().authorizer())
        .containsOnly(Map.entry("iam.userArn", "arn:aws:iam::1:user/a"));
  }

  @Test
  void withoutSignatureARestApisIdentityNamesNobody() {
    Incoming incoming =
        decode(
            """
            {"httpMethod":"GET","path":"/v2","requestContext":{
              "identity":{"sourceIp":"127.0.0.1","userArn":null}}}""");
    assertThat(incoming.head().authorizer()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{}"})
  void aLambdaAuthorizerThatGivesNoContextIsStillAnAuthorizer(String context) {
    Incoming incoming =
        decode(
            """
            {"rawPath":"/v2","requestContext":{"http":{"method":"GET"},
              "authorizer":{"lambda":%s}}}"""
                .formatted(context));
    assertThat(incoming.head().authorizer()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "$default, /v1/models, /v1/models",
    "prod, /prod/v1/models, /v1/models",
    "prod, /production/v1/models, /production/v1/models",
    "v1, /v1/v1/models, /v1/models",
    "prod, /prod, ''",
    "prod, /v1/models, /v1/models",
  })
  void theStageIsTakenOffAnHttpApiPath(String stage, String rawPath, String path) {
    Incoming incoming =
        decode(
            """
            {"requestContext":{"stage":"%s","http":{"method":"GET"}},"rawPath":"%s"}"""
                .formatted(stage, rawPath));
    assertThat(incoming.head().path()).isEqualTo(path);
  }

  @Test
  void pathsAreNotDecoded() {
    Incoming incoming = decode("{\"httpMethod\":\"GET\",\"path\":\"/v2/models/%2e%2E%2Fa%00\"}");
    assertThat(incoming.head().path()).isEqualTo("/v2/models/%2e%2E%2Fa%00");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "\"GET\"",
        "{\"Records\":[{\"eventSource\":\"aws:s3\"}]}",
        "{\"rawPath\":\"/v2\"}",
        "{\"httpMethod\":\"GET\"}",
        "{\"rawPath\":",
        "GET /v2",
      })
  void eventThatIsNotHttpIsAClearError(String event) {
    assertThatThrownBy(() -> decode(event))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .startsWith("the event is not");
  }

  @Test
  void aResponseBecomesAnHttpApiEvent() throws IOException {
    String text = "{\"a\":\"schön 🎉\\n\"}\u0001";
    HttpResponse response = HttpResponse.json(201, text.getBytes(UTF_8)).with("x-a", "b \"c\"");
    JsonNode event = Requests.json(encoded(response, incoming("/events/http-api-v2.json")));
    assertThat(event.get("statusCode").intValue()).isEqualTo(201);
    assertThat(event.get("headers").get("content-type").textValue()).isEqualTo("application/json");
    assertThat(event.get("headers").get("x-a").textValue()).isEqualTo("b \"c\"");
    assertThat(event.get("isBase64Encoded").booleanValue()).isFalse();
    assertThat(event.get("body").textValue()).isEqualTo(text);
    assertThat(event.has("multiValueHeaders")).isFalse();
  }

  @Test
  void aBinaryResponseIsBase64() throws IOException {
    byte[] body = {0, -1, 2, -3};
    HttpResponse response = new HttpResponse(200, Map.of(), body, true);
    JsonNode event = Requests.json(encoded(response, incoming("/events/http-api-v2.json")));
    assertThat(event.get("isBase64Encoded").booleanValue()).isTrue();
    assertThat(event.get("body").binaryValue()).isEqualTo(body);
  }

  @Test
  void aRestApiEventIsAnsweredWithBothKindsOfHeaders() throws IOException {
    HttpResponse response = HttpResponse.json(200, "{}".getBytes(UTF_8));
    JsonNode event = Requests.json(encoded(response, incoming("/events/rest-api-v1.json")));
    assertThat(event.get("headers").get("content-type").textValue()).isEqualTo("application/json");
    assertThat(event.get("multiValueHeaders").get("content-type").get(0).textValue())
        .isEqualTo("application/json");
  }

  @ParameterizedTest
  @CsvSource({"a, 1, false", "\", 2, false", "ä, 2, false", "a, 1, true"})
  void theEncodedEventIsCountedToTheByte(String unit, int bytesEach, boolean binary)
      throws IOException {
    Incoming incoming = incoming("/events/http-api-v2.json");
    int envelope = encoded(response("", 0, binary), incoming).length;
    int fits = (BYTES_MAX - envelope) / bytesEach;
    if (binary) {
      fits = fits / 4 * 3;
    }
    byte[] largest = encoded(response(unit, fits, binary), incoming);
    assertThat(largest.length).isBetween(BYTES_MAX - 3, BYTES_MAX);
    assertThat(Requests.json(largest).get("statusCode").intValue()).isEqualTo(200);
    JsonNode over = Requests.json(encoded(response(unit, fits + 1, binary), incoming));
    assertThat(over.get("statusCode").intValue()).isEqualTo(413);
  }

  private static HttpResponse response(String unit, int count, boolean binary) {
    return new HttpResponse(200, Map.of(), unit.repeat(count).getBytes(UTF_8), binary);
  }

  @Test
  void anOversizeResponseIsRefusedInItsRoutesOwnShape() throws IOException {
    HttpResponse response = HttpResponse.json(200, new byte[10 * BYTES_MAX]);
    JsonNode openAi = Requests.json(encoded(response, incoming("/events/http-api-v2.json")));
    assertThat(Requests.json(openAi.get("body").textValue().getBytes(UTF_8)).get("error"))
        .hasSize(4);
    assertThat(openAi.get("headers").get("x-request-id").textValue()).isEqualTo("JKJaXmPLvHcESHA=");
    JsonNode oip = Requests.json(encoded(response, incoming("/events/rest-api-v1.json")));
    String message =
        Requests.json(oip.get("body").textValue().getBytes(UTF_8)).get("error").textValue();
    assertThat(message).contains("16384", "binary_data_output", "base64", "gzip", "batch");
  }

  private static Incoming decode(String event) {
    return LambdaEvents.decode(event.getBytes(UTF_8), INVOCATION_ID).orElseThrow();
  }
}
