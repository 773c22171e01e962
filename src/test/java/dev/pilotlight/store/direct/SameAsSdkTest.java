package dev.pilotlight.store.direct;

import static dev.pilotlight.store.direct.ScriptedDynamo.raw;
import static dev.pilotlight.store.direct.ScriptedDynamo.reply;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.store.StoreSettings.Client;
import dev.pilotlight.store.direct.Comparison.Made;
import dev.pilotlight.store.direct.ScriptedDynamo.Received;
import dev.pilotlight.store.direct.ScriptedDynamo.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whatever a server does, a call has the same outcome with direct calls as with the SDK alone, and
/// the server sees at most one request more. A failure that the SDK does not repeat, and that does
/// not happen again, is the one difference: after a direct call, the SDK's own attempt succeeds.
@Timeout(240)
class SameAsSdkTest {
  private static final Duration ATTEMPT = Duration.ofSeconds(20);
  private static final Duration BUDGET = Duration.ofSeconds(60);
  private static final int AT_THE_SAME_TIME = 12;

  private static final List<Operation> MAIN =
      List.of(Operation.GET, Operation.GET_ALL, Operation.PUT_IF_ABSENT, Operation.PUT_ALL);

  /// Errors of the four operations and of all operations, from DynamoDB's API reference.
  private static final List<String> ERRORS =
      List.of(
          "400 AccessDeniedException",
          "400 ConditionalCheckFailedException",
          "400 ExpiredTokenException",
          "400 IncompleteSignatureException",
          "400 InternalServerError",
          "400 InvalidEndpointException",
          "400 InvalidSignatureException",
          "400 ItemCollectionSizeLimitExceededException",
          "400 LimitExceededException",
          "400 MissingAuthenticationTokenException",
          "400 NotAuthorized",
          "400 ProvisionedThroughputExceededException",
          "400 ReplicatedWriteConflictException",
          "400 RequestExpired",
          "400 RequestLimitExceeded",
          "400 ResourceNotFoundException",
          "400 Throttling",
          "400 ThrottlingException",
          "400 TransactionCanceledException",
          "400 TransactionConflictException",
          "400 UnrecognizedClientException",
          "400 ValidationException",
          "403 AccessDeniedException",
          "413 RequestEntityTooLarge",
          "429 TooManyRequests",
          "500 InternalServerError",
          "500 InternalFailure",
          "502 BadGateway",
          "503 ServiceUnavailable",
          "504 GatewayTimeout");

  @Test
  void successesAreTheSame() throws Exception {
    Map<String, Function<Operation, Reply>> answers = new LinkedHashMap<>();
    answers.put("as usual", op -> checked(op.success()));
    answers.put("without a checksum", op -> reply(200, op.success()));
    answers.put("closing", op -> reply(200, op.success(), "Connection: close"));
    answers.put("chunked", op -> raw(chunked(op.success())));
    answers.put("after 100", op -> raw("HTTP/1.1 100 Continue\r\n\r\n" + text(op.success())));
    answers.put("nothing found", op -> reply(200, "{}"));
    answers.put("an empty item", op -> reply(200, "{\"Item\":{}}"));
    answers.put("unknown fields", op -> reply(200, unknown(op.success())));
    answers.put("spaces", op -> reply(200, op.success().replace(",", " ,\n\t ")));
    answers.put(
        "other types",
        op ->
            reply(
                200,
                op.success()
                    .replace("\"value\":{\"B\"", "\"value\":{\"S\"")
                    .replace("\"tenant\":{\"S\"", "\"tenant\":{\"B\"")));
    answers.put(
        "a pointer",
        op ->
            reply(
                200,
                op.success()
                    .replace(
                        "\"value\":{\"B\"",
                        "\"s3_key\":{\"S\":\"k\"},\"bytes\":{\"N\":\"12\"},\"sha256\":{\"B\"")));
    all(List.of(Operation.values()), answers, (sdk, direct) -> assertThat(sdk).isOne());
  }

  @Test
  void everyErrorIsTheSameOnceAndThenSuccess() throws Exception {
    Map<String, Function<Operation, Reply>> errors = new LinkedHashMap<>();
    ERRORS.forEach(error -> errors.put(error, _ -> error(error)));
    onceThenSuccess(MAIN, errors);
  }

  @Test
  void everyErrorIsTheSameForEver() throws Exception {
    Map<String, Function<Operation, Reply>> errors = new LinkedHashMap<>();
    ERRORS.forEach(error -> errors.put(error, _ -> error(error)));
    all(List.of(Operation.GET, Operation.PUT_IF_ABSENT), errors, Comparison::requireBounded);
    errors.keySet().removeIf(error -> error.contains("Throttling") || error.contains("hroughput"));
    errors.keySet().removeIf(error -> error.contains("Limit") || error.contains("429"));
    all(List.of(Operation.PUT_ALL), errors, Comparison::requireBounded);
  }

  @Test
  void brokenAnswersAreTheSame() throws Exception {
    Map<String, Function<Operation, Reply>> broken = new LinkedHashMap<>();
    broken.put("closed without an answer", op -> reply(200, op.success()).cutAt(0));
    broken.put("closed in the head", op -> reply(200, op.success()).cutAt(20));
    broken.put("closed before the end", op -> checked(op.success()).cutBeforeEnd());
    broken.put("a wrong checksum", op -> reply(200, op.success(), "x-amz-crc32: 1"));
    broken.put("status 301", _ -> reply(301, "", "Location: http://127.0.0.1:1/"));
    broken.put("status 307", _ -> reply(307, "", "Location: http://127.0.0.1:1/"));
    broken.put("an HTML error", _ -> reply(503, "<html>no</html>", "Content-Type: text/html"));
    broken.put("an HTML refusal", _ -> reply(403, "<html>no</html>", "Content-Type: text/html"));
    broken.put("an empty error", _ -> reply(500, ""));
    broken.put("an empty refusal", _ -> reply(400, ""));
    onceThenSuccess(MAIN, broken);
    all(List.of(Operation.GET, Operation.PUT_IF_ABSENT), broken, Comparison::requireBounded);
  }

  @Test
  void answersThatAreNotDynamoDbsAreTheSame() throws Exception {
    Map<String, Function<Operation, Reply>> strange = new LinkedHashMap<>();
    strange.put("an empty answer", _ -> reply(200, ""));
    strange.put("HTML", _ -> reply(200, "<html>a portal</html>"));
    strange.put("an array", _ -> reply(200, "[]"));
    strange.put("a text", _ -> reply(200, "\"text\""));
    strange.put("null", _ -> reply(200, "null"));
    strange.put(
        "half of it", op -> reply(200, op.success().substring(0, op.success().length() - 1)));
    strange.put("an item that is null", _ -> reply(200, "{\"Item\":null}"));
    strange.put("text after it", op -> reply(200, op.success() + "x"));
    strange.put("status 204", _ -> raw("HTTP/1.1 204 No\r\n\r\n"));
    strange.put("status 201", op -> reply(201, op.success()));
    all(MAIN, strange, Comparison::requireBounded);
  }

  @Test
  void aFailedConditionIsTheSame() throws Exception {
    Map<String, Function<Operation, Reply>> refusals = new LinkedHashMap<>();
    for (String type :
        List.of(
            "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
            "ConditionalCheckFailedException")) {
      String start = "{\"__type\":\"" + type + "\",\"message\":\"no\"";
      refusals.put(type, _ -> checked(400, start + ",\"Item\":" + Operation.JSON + "}"));
      refusals.put(
          type + " first",
          _ -> checked(400, "{\"Item\":" + Operation.JSON + "," + start.substring(1) + "}"));
      refusals.put(type + " without item", _ -> checked(400, start + "}"));
      refusals.put(type + " with an empty item", _ -> checked(400, start + ",\"Item\":{}}"));
    }
    refusals.put(
        "named in a header",
        _ ->
            reply(
                400,
                "{\"message\":\"no\",\"Item\":" + Operation.JSON + "}",
                "x-amzn-ErrorType: ConditionalCheckFailedException:http://x/"));
    refusals.put(
        "named otherwise in a header",
        _ ->
            reply(
                400,
                "{\"__type\":\"ConditionalCheckFailedException\",\"Item\":" + Operation.JSON + "}",
                "x-amzn-ErrorType: ValidationException"));
    all(
        List.of(Operation.PUT_IF_ABSENT, Operation.PUT_REFUSED, Operation.PUT),
        refusals,
        Comparison::requireBounded);
  }

  private interface Counts {
    void check(int sdk, int direct);
  }

  private static void onceThenSuccess(
      List<Operation> operations, Map<String, Function<Operation, Reply>> replies)
      throws Exception {
    compare(
        operations,
        replies,
        (operation, reply) ->
            request ->
                request.number() == 0 ? reply.apply(operation) : reply(200, operation.success()),
        true,
        Comparison::requireBounded);
  }

  private static void all(
      List<Operation> operations, Map<String, Function<Operation, Reply>> replies, Counts counts)
      throws Exception {
    compare(operations, replies, (operation, reply) -> _ -> reply.apply(operation), false, counts);
  }

  private interface Script {
    Function<Received, Reply> of(Operation operation, Function<Operation, Reply> reply);
  }

  private static void compare(
      List<Operation> operations,
      Map<String, Function<Operation, Reply>> replies,
      Script script,
      boolean mayEndWell,
      Counts counts)
      throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_THE_SAME_TIME)) {
      List<Future<?>> cases = new ArrayList<>();
      for (Operation operation : operations) {
        String success =
            made(Client.SDK, operation, _ -> reply(200, operation.success())).outcome();
        replies.forEach(
            (name, reply) ->
                cases.add(
                    threads.submit(
                        () -> {
                          Made sdk = made(Client.SDK, operation, script.of(operation, reply));
                          Made direct = made(Client.DIRECT, operation, script.of(operation, reply));
                          assertThat(direct.outcome())
                              .as("%s: %s", operation, name)
                              .isIn(sdk.outcome(), mayEndWell ? success : sdk.outcome());
                          counts.check(sdk.requests().size(), direct.requests().size());
                        })));
      }
      for (Future<?> one : cases) {
        one.get();
      }
    }
  }

  private static Made made(Client client, Operation operation, Function<Received, Reply> script) {
    return Comparison.make(client, operation, ATTEMPT, BUDGET, script);
  }

  private static Reply error(String error) {
    int space = error.indexOf(' ');
    return checked(
        Integer.parseInt(error.substring(0, space)),
        "{\"__type\":\"com.amazonaws.dynamodb.v20120810#%s\",\"message\":\"no\"}"
            .formatted(error.substring(space + 1)));
  }

  private static Reply checked(String body) {
    return checked(200, body);
  }

  private static Reply checked(int status, String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(UTF_8));
    return reply(status, body, "x-amz-crc32: " + crc.getValue(), "x-amzn-RequestId: R");
  }

  private static String text(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private static String chunked(String body) {
    int half = body.length() / 2;
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n"
            .formatted(half, body.substring(0, half), body.length() - half, body.substring(half));
  }

  /// Adds fields and attributes of every type.
  private static String unknown(String success) {
    return success
            .substring(0, success.length() - 1)
            .replace(
                "\"value\":{\"B\"",
                "\"x\":{\"M\":{\"value\":{\"B\":\"AA==\"}}},"
                    + "\"y\":{\"L\":[{\"S\":\"a\"},{\"N\":\"1\"}]},"
                    + "\"z\":{\"NULL\":true},\"b\":{\"BOOL\":false},\"s\":{\"SS\":[\"a\",\"b\"]},"
                    + "\"n\":{\"N\":\"1.5\"},\"value\":{\"B\"")
        + (success.equals("{}") ? "" : ",")
        + "\"Unknown\":{\"a\":[1,2,{\"b\":null}]}}";
  }
}
