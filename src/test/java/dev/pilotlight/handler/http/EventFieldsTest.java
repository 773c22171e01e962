package dev.pilotlight.handler.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.TestRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A field of an event that has another type than API Gateway gives it is refused by a 400 that
/// names it.
class EventFieldsTest {
  private static final String[] TEXTS = {"[]", "{}", "5", "true", "[[]]", "{\"a\":[1]}"};
  private static final String[] OBJECTS = {"[]", "\"x\"", "5", "true", "[{\"a\":1}]"};
  private static final String[] TRUTHS = {"[]", "{}", "\"true\"", "0", "[true]", "{\"a\":{}}"};
  private static final String[] ENTRIES = {"{}", "5", "true", "{\"a\":1}", "[5]", "[[]]", "[{}]"};

  @SuppressWarnings("NullAway.Init")
  private static Harness harness;

  @BeforeAll
  static void start() {
    harness = new Harness();
  }

  @AfterAll
  static void stop() {
    harness.close();
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
            fields(false, "/rawPath", TEXTS),
            fields(false, "/requestContext", OBJECTS),
            fields(false, "/requestContext/http", OBJECTS),
            fields(false, "/requestContext/http/method", TEXTS),
            fields(true, "/path", TEXTS),
            fields(true, "/httpMethod", TEXTS),
            fields(true, "/requestContext", OBJECTS),
            fields(true, "/multiValueHeaders", OBJECTS),
            fields(true, "/multiValueHeaders/x-a", ENTRIES),
            fields(true, "/multiValueQueryStringParameters", OBJECTS),
            fields(true, "/multiValueQueryStringParameters/q", ENTRIES),
            fields(true, "/requestContext/identity", OBJECTS),
            fields(true, "/requestContext/identity/userArn", TEXTS),
            fields(true, "/requestContext/identity/cognitoIdentityId", TEXTS),
            ofBoth("/headers", OBJECTS),
            ofBoth("/headers/x-a", ENTRIES),
            ofBoth("/queryStringParameters", OBJECTS),
            ofBoth("/queryStringParameters/q", ENTRIES),
            ofBoth("/body", TEXTS),
            ofBoth("/isBase64Encoded", TRUTHS),
            ofBoth("/requestContext/requestId", TEXTS),
            ofBoth("/requestContext/stage", TEXTS),
            ofBoth("/requestContext/authorizer", OBJECTS))
        .flatMap(fields -> fields);
  }

  private static Stream<Arguments> fields(boolean rest, String pointer, String... values) {
    return Stream.of(values).map(value -> Arguments.of(rest, pointer, value));
  }

  private static Stream<Arguments> ofBoth(String pointer, String... values) {
    return Stream.concat(fields(false, pointer, values), fields(true, pointer, values));
  }

  @ParameterizedTest(name = "REST API: {0}, {1} is {2}")
  @MethodSource("wrong")
  void aFieldOfAnotherTypeIsRefusedByName(boolean rest, String pointer, String value)
      throws IOException {
    Reply reply = send(rest, pointer, value);

    assertThat(reply.status()).isEqualTo(400);
    String field = pointer.substring(1).replace('/', '.').replaceAll("\\.(x-a|q)$", "");
    assertThat(reply.text())
        .contains("the event's " + field + " is ", "accepted: ")
        .doesNotContain("Exception", "jackson");
  }

  @ParameterizedTest(name = "REST API: {0}, {1}")
  @MethodSource("optional")
  void nullIsAsGoodAsAbsent(boolean rest, String pointer) throws IOException {
    assertThat(send(rest, pointer, "null").status()).isEqualTo(200);
  }

  static Stream<Arguments> optional() {
    return Stream.of(
            "/headers",
            "/headers/x-a",
            "/queryStringParameters",
            "/body",
            "/isBase64Encoded",
            "/requestContext/requestId",
            "/requestContext/authorizer",
            "/requestContext/identity")
        .flatMap(pointer -> Stream.of(Arguments.of(false, pointer), Arguments.of(true, pointer)));
  }

  @Test
  void fieldsThatAreNotReadMayHoldAnything() throws IOException {
    assertThat(send(false, "/cookies", "{\"a\":[[[]]]}").status()).isEqualTo(200);
    assertThat(send(false, "/requestContext/http/sourceIp", "[[]]").status()).isEqualTo(200);
    assertThat(send(true, "/requestContext/identity/clientCert", "[{}]").status()).isEqualTo(200);
    assertThat(send(false, "/requestContext/authorizer/lambda", "[[],{}]").status()).isEqualTo(200);
  }

  /// A truncated event has no answer; Lambda never delivers one.
  @Test
  void anEventThatBreaksOffFails() {
    String event = event(false).toString();
    assertThatThrownBy(() -> send(event.substring(0, event.length() - 9)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the event is not JSON");
  }

  private static Reply send(boolean rest, String pointer, String value) throws IOException {
    ObjectNode event = event(rest);
    int slash = pointer.lastIndexOf('/');
    ObjectNode parent = slash == 0 ? event : (ObjectNode) event.at(pointer.substring(0, slash));
    parent.set(pointer.substring(slash + 1), Harness.JSON.readTree(value));
    return send(event.toString());
  }

  private static Reply send(String event) {
    return harness.send(event.getBytes(StandardCharsets.UTF_8));
  }

  private static ObjectNode event(boolean rest) {
    TestRequest request = TestRequest.of("GET", "/v2/health/live");
    try {
      byte[] written = rest ? request.restEvent() : request.event();
      ObjectNode event = (ObjectNode) Harness.JSON.readTree(written);
      event.putObject("headers").put("x-a", "1");
      event.putObject("queryStringParameters").put("q", "1");
      if (rest) {
        event.putObject("multiValueHeaders").putArray("x-a").add("1");
        event.putObject("multiValueQueryStringParameters").putArray("q").add("1");
      }
      ObjectNode context = (ObjectNode) event.get("requestContext");
      context.putObject("authorizer");
      context.putObject("identity");
      return event;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
