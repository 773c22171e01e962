package dev.pilotlight.eventloop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.eventloop.ScriptedRuntime.Closing;
import dev.pilotlight.eventloop.ScriptedRuntime.Event;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Our event loop does what Lambda's own Java client does: both answer the same events, each in its
/// own process. The differences on purpose are in [Differences] and in the tests of our loop alone.
@Timeout(120)
final class EventLoopDifferenceIT {
  private static final String HANDLER = OrderHandler.class.getName();
  private static final Map<String, String> LAMBDA =
      Map.of(
          "AWS_LAMBDA_FUNCTION_NAME", "Function",
          "AWS_LAMBDA_FUNCTION_VERSION", "7",
          "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769",
          "AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/Function",
          "AWS_LAMBDA_LOG_STREAM_NAME", "2026/[7]abc");

  @Test
  void responsesAreTheSameByteForByte() throws IOException {
    byte[] allBytes = new byte[256];
    for (int i = 0; i < allBytes.length; i++) {
      allBytes[i] = (byte) i;
    }
    same(
        HANDLER,
        Map.of(),
        Event.of("{\"a\":1}"),
        Event.of(new byte[0]),
        Event.of(allBytes),
        Event.of("\"é😀\""),
        Event.of("large"),
        Event.of("x".repeat(3_000_000)),
        Event.of("interrupt"),
        Event.of("interrupted"));
  }

  @Test
  void contextHasTheSameValues() throws IOException {
    String trace = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1";
    String client =
        """
        {"client":{"installation_id":"i","app_title":"Tïtle","app_version_name":"n",\
        "app_version_code":"c","app_package_name":"p"},"custom":{"a":"1","n":2,"b":true},\
        "env":{"platform":"x"},"services":{"s":{"t":[1]}}}""";
    same(
        HANDLER,
        LAMBDA,
        Event.of("context")
            .with(
                Map.of(
                    "Lambda-Runtime-Trace-Id", trace,
                    "Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:x:1:function:F:7",
                    "Lambda-Runtime-Aws-Tenant-Id", "tenant",
                    "Lambda-Runtime-Client-Context", client,
                    "Lambda-Runtime-Cognito-Identity",
                        "{\"cognitoIdentityId\":\"me\",\"cognitoIdentityPoolId\":\"pool\"}")),
        Event.of("context"),
        Event.of("context").with(Map.of("lambda-runtime-trace-id", "again")),
        Event.of("context").with(Map.of("Lambda-Runtime-Client-Context", "{}")),
        Event.of("context").with(Map.of("Lambda-Runtime-Deadline-Ms", "1000")));
    same(HANDLER, Map.of(), Event.of("context"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TEXT", "JSON"})
  void failuresAreReportedAndTheLoopGoesOn(String format) throws IOException {
    same(
        HANDLER,
        Map.of("AWS_LAMBDA_LOG_FORMAT", format, "AWS_LAMBDA_LOG_LEVEL", "INFO"),
        Event.of("throw a message"),
        Event.of("null"),
        Event.of("nested"),
        Event.of("circle"),
        Event.of("assert"),
        Event.of("partial"),
        Event.of("log"),
        Event.of("after"));
  }

  @Test
  void methodMayBeNamed() throws IOException {
    same(HANDLER + "::handleRequest", Map.of(), Event.of("{}"), Event.of("throw by method"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "deep", "io"})
  void errorOfTheVirtualMachineEndsTheProcess(String order) throws IOException {
    List<Run> runs = same(HANDLER, Map.of(), Event.of(order), Event.of("never"));

    assertThat(runs).extracting(Run::exit).containsExactly(0, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Throwing", "Failing", "NotInitialised"})
  void handlerThatFailsAtTheStartIsAnInitError(String handler) throws IOException {
    List<Run> runs = same(HANDLER + "$" + handler, Map.of(), Event.of("never"));

    assertThat(runs).extracting(Run::exit).containsExactly(1, 1);
    assertThat(runs.getLast().lines()).singleElement().asString().contains("/init/error");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no.such.Handler",
        "dev.pilotlight.eventloop.OrderHandler::none",
        "dev.pilotlight.eventloop.OrderHandler$NoConstructor"
      })
  void nameWithoutAHandlerFailsEveryInvocation(String name) throws IOException {
    same(name, Map.of(), Event.of("one"), Event.of("two"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no.such.Handler::handleRequest",
        "::handleRequest",
        "java.lang.String::",
        "java.lang.String",
        "dev.pilotlight.eventloop.OrderHandler$Inner",
        "dev.pilotlight.eventloop.OrderHandler$Abstract"
      })
  @OnlyInFaults
  void otherNameWithoutAHandlerFailsEveryInvocation(String name) throws IOException {
    nameWithoutAHandlerFailsEveryInvocation(name);
  }

  @Test
  void nameInTheWrongCaseEndsTheProcessAtTheFirstInvocation() throws IOException {
    same("dev.pilotlight.eventloop.orderHandler", Map.of(), Event.of("one"));
  }

  @ParameterizedTest
  @CsvSource({"413, 202", "403, 202", "500, 202", "500, 500", "413, 400"})
  void refusedResponseIsReportedAsAnError(int response, int error) throws IOException {
    List<Run> runs =
        same(HANDLER, Map.of(), Event.of("one").answered(response, error), Event.of("two"));

    assertThat(runs).extracting(Run::exit).containsOnly(error == 202 ? -1 : 1);
  }

  @Test
  void refusedErrorEndsTheProcess() throws IOException {
    List<Run> runs = same(HANDLER, Map.of(), Event.of("throw x").answered(202, 403));

    assertThat(runs).extracting(Run::exit).containsOnly(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 500})
  void refusedNextEndsTheProcess(int status) throws IOException {
    List<Run> runs = same(HANDLER, Map.of(), Event.of("one"), Event.of("two").refused(status));

    assertThat(runs).extracting(Run::exit).containsOnly(1);
  }

  @Test
  void eventWithoutAnIdEndsTheProcess() throws IOException {
    List<Run> runs =
        same(HANDLER, Map.of(), Event.of("x").with(Map.of("Lambda-Runtime-Aws-Request-Id", "")));

    assertThat(runs).extracting(Run::exit).containsOnly(1);
  }

  @Test
  void connectionClosedBetweenRequestsIsOpenedAgain() throws IOException {
    same(
        HANDLER,
        Map.of(),
        Event.of("one").closing(Closing.AFTER_EVENT),
        Event.of("two").closing(Closing.AFTER_RESPONSE),
        Event.of("three"));
  }

  /// The official client reports an error in that case.
  @Test
  void responseWithoutAnAnswerIsPostedAgain() throws IOException {
    Run run = Run.ours(HANDLER, Map.of(), List.of(Event.of("one").closing(Closing.INSTEAD)));

    assertThat(run.lines())
        .containsExactly(
            "GET /2018-06-01/runtime/invocation/next ",
            "POST /2018-06-01/runtime/invocation/id-1/response application/json one",
            "POST /2018-06-01/runtime/invocation/id-1/response application/json one",
            "GET /2018-06-01/runtime/invocation/next ");
  }

  /// The official client accepts handlers of objects, too; ours has no serializer for them.
  @Test
  void handlerOfObjectsIsRefused() throws IOException {
    Run run = Run.ours(HANDLER + "$OfObjects", Map.of(), List.of(Event.of("\"x\"")));

    assertThat(run.lines().get(1))
        .contains("/error", "Class does not implement an appropriate handler interface");
  }

  @Test
  void requestsNameTheirAuthorAndHost() {
    Run run = Run.ours(HANDLER, Map.of(), List.of(Event.of("throw x")));

    assertThat(run.requests())
        .allSatisfy(
            request -> {
              assertThat(request.headers()).containsEntry("user-agent", "pilotlight/test");
              assertThat(request.headers().get("host")).startsWith("127.0.0.1:");
            });
  }

  @Test
  void managedInstancesGetSeveralLoops() throws IOException {
    Map<String, String> three = Map.of("AWS_LAMBDA_MAX_CONCURRENCY", "3");
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      events.add(Event.of(i % 4 == 0 ? "memory" : "event " + i));
    }
    for (Run run : Run.both(HANDLER, three, events)) {
      assertThat(run.exit()).isEqualTo(-1);
      assertThat(run.out()).contains("Starting 3 concurrent function handler threads.");
    }
  }

  /// Runs both and compares requests and standard output.
  private static List<Run> same(String handler, Map<String, String> variables, Event... script)
      throws IOException {
    List<Run> runs = Run.both(handler, variables, List.of(script));
    Run official = runs.getFirst();
    Run ours = runs.getLast();
    assertThat(official.requests()).isNotEmpty();
    assertThat(Differences.remove(String.join("\n", ours.lines())))
        .isEqualTo(Differences.remove(String.join("\n", official.lines())));
    assertThat(Differences.remove(ours.log())).isEqualTo(Differences.remove(official.log()));
    return runs;
  }
}
