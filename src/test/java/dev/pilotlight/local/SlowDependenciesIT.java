package dev.pilotlight.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.runtime.Echo;
import dev.pilotlight.local.runtime.EnvironmentPool;
import dev.pilotlight.local.runtime.Invocation;
import dev.pilotlight.local.runtime.Launch;
import dev.pilotlight.local.runtime.Outcome;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.local.support.Await;
import dev.pilotlight.local.support.TcpProxy;
import dev.pilotlight.local.template.FunctionSettings;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Each call that a caller makes while S3 or DynamoDB is slow or silent is a row of
/// `target/slow-dependencies.md`, which also names the code of the function: the package, or, where
/// this machine could not make one, the classes of the build.
@Timeout(180)
@Order(1) // it is long
class SlowDependenciesIT {
  private static final Launch.Code CODE = Options.onFreePorts().code();
  private static final Path TABLE = Path.of("target/slow-dependencies.md");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SLOW = 700_000;
  private static final long DEADLINE_MS = 1_500;

  /// The rest of an answer that waits for its deadline, on a busy machine.
  private static final long SLACK_MS = 1_500;

  /// An answer that waits for nothing, on a busy machine; usually it takes a few.
  private static final long AT_ONCE_MS = 400;

  private static final List<String> ROWS = Collections.synchronizedList(new ArrayList<>());

  @TempDir private Path disk;
  private final List<String> log = new CopyOnWriteArrayList<>();

  private record Seen(int status, String retryAfter, String body, long millis) {}

  @AfterAll
  static void write() throws IOException {
    List<String> lines = new ArrayList<>();
    boolean isPackaged = CODE instanceof Launch.Code.Packaged;
    lines.add("Function: the %s.".formatted(isPackaged ? "package" : "classes of the build"));
    lines.add("");
    lines.add("| dependency | call | answer | Retry-After | ms | says |");
    lines.add("|---|---|---|---|---|---|");
    lines.addAll(ROWS);
    Files.createDirectories(TABLE.toAbsolutePath().getParent());
    Files.write(TABLE, lines);
  }

  @Test
  @OnlyInFaults
  void callersOfAModelInASlowS3AreRefusedInTimeUntilItIsDownloaded() throws IOException {
    try (S3Local s3 = S3Local.start(0, "models");
        TcpProxy proxy = new TcpProxy(s3.endpoint())) {
      TwoModels.putInto(s3);
      int calls = 0;
      try (EnvironmentPool function = function(modelsFrom(proxy))) {
        proxy.pass(SLOW);
        String slow = "S3 at 0.7 MB/s";
        loading(see(function, slow, "first caller of a model of 3 MB", ApiEvents.infer("large")));
        loading(see(function, slow, "second caller", ApiEvents.infer("large")));
        Seen last;
        do {
          last = see(function, slow, "next caller", ApiEvents.infer("large"));
          calls++;
        } while (last.status == 503 && calls < 20);
        assertThat(last.status).as(last.body).isEqualTo(200);
      }
      // with what the listings and the other model take
      assertThat(proxy.passed())
          .isBetween((long) TwoModels.WEIGHT_BYTES, TwoModels.WEIGHT_BYTES * 5L / 4);
    }
  }

  @Test
  @OnlyInFaults
  void afterAKillTheNextProcessReadsTheRest() throws IOException {
    try (S3Local s3 = S3Local.start(0, "models");
        TcpProxy proxy = new TcpProxy(s3.endpoint())) {
      TwoModels.putInto(s3);
      try (EnvironmentPool function = function(modelsFrom(proxy))) {
        proxy.pass(SLOW);
        loading(
            see(
                function,
                "S3 at 0.7 MB/s",
                "first caller, then the process ends",
                ApiEvents.infer("large")));
      }
      proxy.pass(TcpProxy.FAST);
      try (EnvironmentPool function = function(modelsFrom(proxy))) {
        Seen seen =
            see(function, "S3", "first caller of the next process", ApiEvents.infer("large"));
        assertThat(seen.status).as(seen.body).isEqualTo(200);
      }
      assertThat(proxy.passed())
          .isBetween((long) TwoModels.WEIGHT_BYTES, TwoModels.WEIGHT_BYTES * 5L / 4);
    }
  }

  @Test
  @OnlyInFaults
  void callersOfAModelInADeadS3AreRefusedInTimeAndOtherModelsAnswer() throws IOException {
    try (S3Local s3 = S3Local.start(0, "models");
        TcpProxy proxy = new TcpProxy(s3.endpoint())) {
      TwoModels.putInto(s3);
      try (EnvironmentPool function = function(modelsFrom(proxy))) {
        proxy.pass(TcpProxy.DEAD);
        loading(see(function, "S3 silent", "first caller", ApiEvents.infer("large")));
        loading(see(function, "S3 silent", "second caller", ApiEvents.infer("large")));
        Seen other =
            see(function, "S3 silent", "caller of a loaded model", ApiEvents.infer("a-small"));
        assertThat(other.status).as(other.body).isEqualTo(200);
        assertThat(other.millis).isLessThan(AT_ONCE_MS);
        Seen ready = see(function, "S3 silent", "readiness", ApiEvents.get("/v2/health/ready"));
        assertThat(ready.status).isEqualTo(200);
      }
    }
  }

  @Test
  @OnlyInFaults
  void startWithADeadS3EndsBeforeLambdaEndsIt() throws IOException {
    try (S3Local s3 = S3Local.start(0, "models");
        TcpProxy proxy = new TcpProxy(s3.endpoint())) {
      TwoModels.putInto(s3);
      proxy.pass(TcpProxy.DEAD);
      long start = System.nanoTime();
      try (EnvironmentPool function = function(modelsFrom(proxy))) {
        long millis = (System.nanoTime() - start) / 1_000_000;
        ROWS.add("| S3 silent | start of the process | ready | – | %d | – |".formatted(millis));
        assertThat(millis).isBetween(7_000L, 10_000L + SLACK_MS);
        inTime(
            see(function, "S3 silent", "first caller after the start", ApiEvents.infer("a-small")));
      }
    }
  }

  @Test
  void requiredStoreRefusesNewTextsAtOnceWhileDynamoDbIsSilent() throws IOException {
    try (DynamoLocal dynamo = DynamoLocal.start(0);
        TcpProxy proxy = new TcpProxy(dynamo.endpoint())) {
      dynamo.createTable("pilotlight-results", "pk", "expires_at");
      try (EnvironmentPool function = function(storeAt(proxy, "required"))) {
        assertThat(see(function, "DynamoDB", "new text", ApiEvents.embed("known")).status)
            .isEqualTo(200);
        proxy.pass(TcpProxy.DEAD);
        refused(
            see(function, "DynamoDB silent, required", "new text", ApiEvents.embed("a")), 4_000);
        refused(
            see(function, "DynamoDB silent, required", "next", ApiEvents.embed("b")), AT_ONCE_MS);
        refused(
            see(function, "DynamoDB silent, required", "next", ApiEvents.embed("c")), AT_ONCE_MS);
        Seen hit =
            see(function, "DynamoDB silent, required", "known text", ApiEvents.embed("known"));
        assertThat(hit.status).isEqualTo(200);
        assertThat(hit.millis).isLessThan(AT_ONCE_MS);

        healed(proxy);
        assertThat(see(function, "DynamoDB back", "new text", ApiEvents.embed("a")).status)
            .isEqualTo(200);
      }
    }
  }

  @Test
  @OnlyInFaults
  void bestEffortStoreAnswersNewTextsAtOnceWhileDynamoDbIsSlow() throws IOException {
    try (DynamoLocal dynamo = DynamoLocal.start(0);
        TcpProxy proxy = new TcpProxy(dynamo.endpoint())) {
      dynamo.createTable("pilotlight-results", "pk", "expires_at");
      try (EnvironmentPool function = function(storeAt(proxy, "best-effort"))) {
        assertThat(see(function, "DynamoDB", "new text", ApiEvents.embed("known")).status)
            .isEqualTo(200);
        proxy.pass(20); // bytes a second
        answered(
            see(function, "DynamoDB slow, best-effort", "new text", ApiEvents.embed("a")), 4_000);
        answered(
            see(function, "DynamoDB slow, best-effort", "next", ApiEvents.embed("b")), AT_ONCE_MS);
        answered(
            see(function, "DynamoDB slow, best-effort", "next", ApiEvents.embed("c")), AT_ONCE_MS);

        healed(proxy);
        answered(see(function, "DynamoDB back", "new text", ApiEvents.embed("d")), 4_000);
      }
    }
  }

  private void healed(TcpProxy proxy) {
    proxy.pass(TcpProxy.FAST);
    Await.until(() -> log.stream().anyMatch(line -> line.contains("DynamoDB answers again")));
    assertThat(log).filteredOn(line -> line.contains("DynamoDB does not answer; until")).hasSize(1);
    assertThat(log).filteredOn(line -> line.contains("DynamoDB answers again")).hasSize(1);
  }

  private static void loading(Seen seen) {
    inTime(seen);
    assertThat(seen.body).contains("still being loaded").contains("try again");
  }

  /// 503 with `Retry-After` at the deadline.
  private static void inTime(Seen seen) {
    refused(seen, DEADLINE_MS + SLACK_MS);
  }

  private static void refused(Seen seen, long millisMax) {
    assertThat(seen.status).as(seen.body).isEqualTo(503);
    assertThat(seen.retryAfter).isEqualTo("1");
    assertThat(seen.millis).isLessThan(millisMax);
  }

  private List<String> warnings() {
    return log.stream().filter(line -> line.contains("WARN") || line.contains("ERROR")).toList();
  }

  private void answered(Seen seen, long millisMax) {
    assertThat(seen.status).as(seen.body).isEqualTo(200);
    assertThat(seen.millis).as("%s", warnings()).isLessThan(millisMax);
  }

  private static Seen see(EnvironmentPool function, String dependency, String call, byte[] event)
      throws IOException {
    long start = System.nanoTime();
    Outcome outcome = function.invoke(new Invocation(event, "Root=1-0-0", null)).join();
    long millis = (System.nanoTime() - start) / 1_000_000;
    JsonNode reply = JSON.readTree(Echo.text(outcome));
    Seen seen =
        new Seen(
            reply.path("statusCode").asInt(),
            reply.path("headers").path("retry-after").asText(""),
            reply.toString(),
            millis);
    String says = seen.status == 200 ? "–" : message(reply.path("body").asText());
    ROWS.add(
        "| %s | %s | %d | %s | %d | %s |"
            .formatted(dependency, call, seen.status, seen.retryAfter, millis, says));
    return seen;
  }

  private static String message(String body) throws IOException {
    JsonNode error = JSON.readTree(body).path("error");
    return error.isObject() ? error.path("message").asText() : error.asText();
  }

  private Map<String, String> modelsFrom(TcpProxy proxy) {
    return Map.of(
        "PILOTLIGHT_STORE", "off",
        "PILOTLIGHT_MODELS", "s3://models/m",
        "PILOTLIGHT_DEFAULT_MODEL", "a-small",
        "PILOTLIGHT_MODEL_CACHE_DIR", disk.toString(),
        "PILOTLIGHT_MODEL_SETTLE_MS", "0",
        "PILOTLIGHT_MODEL_RELIST_MS", "3600000",
        "PILOTLIGHT_DEADLINE_MS", Long.toString(DEADLINE_MS),
        "AWS_ENDPOINT_URL_S3", proxy.endpoint().toString());
  }

  private static Map<String, String> storeAt(TcpProxy proxy, String policy) {
    return Map.of(
        "PILOTLIGHT_STORE", policy, "AWS_ENDPOINT_URL_DYNAMODB", proxy.endpoint().toString());
  }

  private EnvironmentPool function(Map<String, String> variables) {
    FunctionSettings settings =
        new FunctionSettings(
            "Slow",
            "dev.pilotlight.handler.ApiHandler::handleRequest",
            Duration.ofSeconds(30),
            1769,
            Map.of());
    Map<String, String> all = new HashMap<>(variables);
    all.put("ORT_DISABLE_TELEMETRY", "1"); // as the template has it
    Launch launch = new Launch(settings, CODE, all, Duration.ofMillis(100));
    EnvironmentPool pool = new EnvironmentPool(launch, 1, 1, (number, line) -> log.add(line));
    pool.start().join();
    return pool;
  }
}
