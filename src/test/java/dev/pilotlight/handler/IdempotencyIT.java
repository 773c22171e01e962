package dev.pilotlight.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.local.runtime.Between.Call;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.local.support.Await;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The whole function and requests with an `Idempotency-Key`.
@Timeout(60)
final class IdempotencyIT extends FunctionOnTable {
  private static final String INFER = "/v2/models/identity/infer";
  private static final String REFUSED =
      "{\"__type\":\"com.amazon.coral.service#AccessDeniedException\"}";

  private final Metrics metrics = new Metrics();
  private final String key = UUID.randomUUID().toString();

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void repeatIsTheFirstAnswerByteForByteInBothFormsOfEvents(boolean rest) {
    // without the key, each of these would run again
    TestRequest request = request(1).with("cache-control", "no-cache");
    try (Harness function = function("required")) {
      Reply first = function.send(rest ? request.restEvent() : request.event());
      assertThat(first.status()).as(first.text()).isEqualTo(200);
      assertThat(first.headers().has("idempotent-replayed")).isFalse();
      int lines = metrics.all().size();

      Reply second = function.send(rest ? request.restEvent() : request.event());

      assertThat(second.status()).isEqualTo(200);
      assertThat(second.body()).isEqualTo(first.body());
      assertThat(second.header("content-type")).isEqualTo(first.header("content-type"));
      assertThat(second.header("idempotent-replayed")).isEqualTo("true");
      assertThat(second.header("cache-status"))
          .isEqualTo("pilotlight; hit; detail=\"idempotency-key\"");
      assertThat(metrics.all()).hasSize(lines + 1);
      assertThat(metrics.last().has("Items")).isFalse();
      assertThat(metrics.last().path("Requests").asInt()).isEqualTo(1);
    }
  }

  @Test
  void repeatInAnotherEnvironmentWithAnotherCompressionHasTheSameContent() {
    TestRequest request =
        values("[20000]", "1" + ",0.5".repeat(19999)).with("idempotency-key", '"' + key + '"');
    Reply first;
    try (Harness function = function("required")) {
      first = function.send(request.event());
      assertThat(first.headers().has("content-encoding")).isFalse();
    }
    try (Harness function = function("required")) {
      TestRequest compressed = request.compressed().with("idempotency-key", key);
      Reply plain = function.send(compressed.event());
      assertThat(plain.body()).isEqualTo(first.body());
      assertThat(plain.header("idempotent-replayed")).isEqualTo("true");

      Reply zipped = function.send(request.with("accept-encoding", "gzip").event());
      assertThat(zipped.header("content-encoding")).isEqualTo("gzip");
      assertThat(zipped.header("vary")).isEqualTo("accept-encoding");
      assertThat(gunzip(zipped.body())).isEqualTo(first.body());
    }
  }

  @Test
  void repeatOfABinaryAnswerHasItsLengthHeader() {
    String body =
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[2]}],"
            + "\"parameters\":{\"binary_data_output\":true}}";
    TestRequest request = TestRequest.post(INFER, body).with("idempotency-key", key);
    try (Harness function = function("required")) {
      Reply first = function.send(request.event());
      Reply second = function.send(request.event());
      assertThat(first.header("inference-header-content-length")).isNotEmpty();
      assertThat(second.header("inference-header-content-length"))
          .isEqualTo(first.header("inference-header-content-length"));
      assertThat(second.header("content-type")).isEqualTo("application/octet-stream");
      assertThat(second.body()).isEqualTo(first.body());
    }
  }

  @Test
  void requestAtTheSameTimeIsAConflictUntilTheFirstIsAnswered() {
    List<Reply> meanwhile = new ArrayList<>();
    try (Harness function = function("required")) {
      between.rule(
          call ->
              call.action().equals("GetItem")
                  ? new Fate.PassAnd(() -> meanwhile.add(function.send(request(3).event())))
                  : new Fate.Pass());

      assertThat(function.send(request(3).event()).status()).isEqualTo(200);

      assertThat(meanwhile).isNotEmpty();
      Reply conflict = meanwhile.getFirst();
      assertThat(conflict.status()).isEqualTo(409);
      assertThat(conflict.json().path("error").asText()).contains("idempotency-key");
      assertThat(Integer.parseInt(conflict.header("retry-after"))).isBetween(1, 5);
      between.rule(call -> new Fate.Pass());
      assertThat(function.send(request(3).event()).header("idempotent-replayed")).isEqualTo("true");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"required", "best-effort"})
  void nothingRunsWhileTheTableIsAway(String policy) {
    try (Harness function = function(policy)) {
      assertThat(function.send(infer(6)).status()).isEqualTo(200);
      between.rule(call -> new Fate.Fail(400, REFUSED));
      int lines = metrics.all().size();

      Reply refused = function.send(request(6).event());

      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("retry-after")).isEqualTo("1");
      assertThat(refused.text()).contains("idempotency keys");
      assertThat(metrics.all()).hasSize(lines + 1);
      assertThat(metrics.last().has("Inferences")).isFalse();
    }
  }

  /// As after the death of an environment between its run and the write of its answer.
  @Test
  void answerThatIsNotKeptIsNotGivenAndRunsAgainAfterTheLease() {
    try (Harness function = function("required")) {
      between.rule(call -> isAnswer(call) ? new Fate.Fail(400, REFUSED) : new Fate.Pass());
      Reply lost = function.send(request(7).event());
      assertThat(lost.status()).as(lost.text()).isEqualTo(503);
      assertThat(lost.header("retry-after")).isEqualTo("1");
      between.rule(call -> new Fate.Pass());
      long begun = System.nanoTime();

      Reply busy = function.send(request(7).event());
      assertThat(busy.status()).isEqualTo(409);
      assertThat(Integer.parseInt(busy.header("retry-after"))).isBetween(1, 5);
      Await.until(() -> function.send(request(7).event()).status() == 200);

      assertThat(System.nanoTime() - begun).isLessThan(6_000_000_000L);
      Reply kept = function.send(request(7).event());
      assertThat(kept.header("idempotent-replayed")).isEqualTo("true");
    }
  }

  @Test
  @OnlyInFaults
  void requestOfAKilledProcessRunsAgainAfterTheLease() throws Exception {
    CountDownLatch runs = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    between.rule(
        call -> {
          boolean claimed = between.calls().stream().anyMatch(IdempotencyIT::isClaim);
          if (!claimed || isClaim(call)) {
            return new Fate.Pass();
          }
          runs.countDown();
          return new Fate.Stall(never);
        });
    Map<String, String> settings = settings("required");
    settings.put(RequestingProcess.KEY, key);
    settings.put("PILOTLIGHT_STORE_READ_MS", "60000");
    settings.put("PILOTLIGHT_STORE_ATTEMPT_MS", "60000");
    Process process = RequestingProcess.start("-Xshare:auto", settings);
    try (Harness function = function("required")) {
      assertThat(runs.await(30, TimeUnit.SECONDS)).isTrue();
      process.destroyForcibly().waitFor();
      between.rule(call -> new Fate.Pass());
      never.countDown();
      long killed = System.nanoTime();

      TestRequest same = values("[1]", "1").with("idempotency-key", key);
      assertThat(function.send(same.event()).status()).isEqualTo(409);
      Await.until(() -> function.send(same.event()).status() == 200);

      assertThat(System.nanoTime() - killed).isLessThan(6_000_000_000L);
      assertThat(function.send(same.event()).header("idempotent-replayed")).isEqualTo("true");
    }
  }

  @Test
  void lostAcknowledgementOfTheAnswerIsNotSeen() {
    List<Call> cut = new ArrayList<>();
    try (Harness function = function("required")) {
      between.rule(
          call -> {
            if (isAnswer(call) && cut.isEmpty()) {
              cut.add(call);
              return new Fate.Cut();
            }
            return new Fate.Pass();
          });
      Reply first = function.send(request(8).event());
      assertThat(cut).hasSize(1);
      assertThat(first.status()).as(first.text()).isEqualTo(200);
      assertThat(function.send(request(8).event()).body()).isEqualTo(first.body());
    }
  }

  @Test
  void keptAnswerIsNotAResult() {
    try (Harness function = function("required")) {
      UnaryOperator<String> get =
          id -> function.send("GET", "/v1/results/" + id, Map.of(), new byte[0]).text();
      between.forgetCalls();
      function.send(request(11).event());
      String body =
          between.calls().stream().filter(IdempotencyIT::isAnswer).findFirst().get().body();
      String id = body.substring(body.indexOf("idempotency#"), body.indexOf("\"},\"tenant\""));

      assertThat(get.apply(id)).contains("an id has 43 letters");
      assertThat(get.apply(id.replace("#", "%23"))).contains("an id has 43 letters");
      assertThat(get.apply(id.substring(id.indexOf('#') + 1))).contains("not_found");
    }
  }

  @Test
  void withoutTheHeaderNoClassOfItLoads() throws Exception {
    Process process = RequestingProcess.start("-verbose:class", settings("required"));
    List<String> lines = process.inputReader().lines().toList();

    assertThat(process.waitFor()).isZero();
    assertThat(lines).filteredOn("status 200"::equals).hasSize(2);
    assertThat(lines).anyMatch(line -> line.contains("dev.pilotlight.store.direct.DirectCalls "));
    assertThat(lines).noneMatch(line -> line.contains("dev.pilotlight.idempotency."));
    assertThat(lines).noneMatch(line -> line.contains("dev.pilotlight.store.mark."));
  }

  private static boolean isClaim(Call call) {
    return call.action().equals("PutItem")
        && call.body().contains("\"claim_state\":{\"S\":\"running\"}");
  }

  private static boolean isAnswer(Call call) {
    return call.action().equals("PutItem")
        && call.body().contains("\"claim_state\":{\"S\":\"done\"}");
  }

  private TestRequest request(int value) {
    return values("[1]", Integer.toString(value)).with("idempotency-key", key);
  }

  static TestRequest values(String shape, String values) {
    String input = InferClient.input("x", Datatype.FP32, shape, "[" + values + "]");
    return TestRequest.post(INFER, "{\"inputs\":[" + input + "]}");
  }

  private static byte[] gunzip(byte[] zipped) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Harness function(String policy) {
    return new Harness(metrics.out(), settings(policy));
  }
}
