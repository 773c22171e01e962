package dev.pilotlight.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.local.SmallFunction;
import dev.pilotlight.local.SmallFunction.Seen;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.local.support.TcpProxy;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.SmallTokenizer;
import dev.pilotlight.suite.OnlyInFaults;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/// Models in S3 whose files are spoilt, and S3 that fails while one is loaded, against one process
/// of the function: a caller of the model gets 503 in time, callers of another model their answers,
/// and the same process answers once the fault is over.
@Timeout(180)
class ModelFaultsIT {
  private static final byte[] GRAPH = OnnxModels.textClassification().toBytes();
  private static final byte[] TOKENIZER = SmallTokenizer.JSON.getBytes(StandardCharsets.UTF_8);
  private static final byte[] CONFIG =
      "{\"architectures\": [\"BertForSequenceClassification\"]}".getBytes(StandardCharsets.UTF_8);
  private static final Fate PASS = new Fate.Pass();
  private static final String HEALTHY = "a-healthy";
  private static final String REFUSING = "s3-refuses";
  private static final Duration DEADLINE = Duration.ofSeconds(4);
  private static final Duration WITHIN = DEADLINE.plusSeconds(4);
  private static final Duration RECOVERY = Duration.ofSeconds(40);

  @TempDir private static Path disk;

  @SuppressWarnings("NullAway.Init")
  private static S3Local s3;

  @SuppressWarnings("NullAway.Init")
  private static S3Client client;

  @SuppressWarnings("NullAway.Init")
  private static Between between;

  @SuppressWarnings("NullAway.Init")
  private static TcpProxy proxy;

  @SuppressWarnings("NullAway.Init")
  private static SmallFunction function;

  /// The answer of a model with the same files.
  @SuppressWarnings("NullAway.Init")
  private static String right;

  /// A model whose files are not right.
  // nothing changes the bytes
  @SuppressWarnings("ImmutableEnumChecker")
  enum Spoilt {
    GRAPH_IS_TRUNCATED("model.onnx", Arrays.copyOf(GRAPH, GRAPH.length / 2), "model.onnx"),
    GRAPH_IS_EMPTY("model.onnx", new byte[0], "model.onnx"),
    GRAPH_HAS_A_FUTURE_OPSET("model.onnx", withOpset99(), "opset 99"),
    TOKENIZER_IS_CUT_OFF(
        "tokenizer.json", Arrays.copyOf(TOKENIZER, TOKENIZER.length / 2), "tokenizer.json"),
    TOKENIZER_IS_NOT_TEXT(
        "tokenizer.json", new byte[] {(byte) 0xff, 0, (byte) 0xfe, 1}, "tokenizer.json");

    private final String file;
    private final byte[] content;
    private final String named;

    /// @param named in the refusal
    Spoilt(String file, byte[] content, String named) {
      this.file = file;
      this.content = content;
      this.named = named;
    }

    /// The field of the opset: number 2 with the version of the domain that has no name.
    private static byte[] withOpset99() {
      byte[] graph = GRAPH.clone();
      for (int i = 0; i + 1 < graph.length; i++) {
        if (graph[i] == 0x10 && graph[i + 1] == 21) {
          graph[i + 1] = 99;
        }
      }
      return graph;
    }
  }

  /// Something that S3 does while the model's files are read.
  // its fates have no state that changes
  @SuppressWarnings("ImmutableEnumChecker")
  enum Failing {
    ANSWERS_500(new Fate.Fail(500, "<Error><Code>InternalError</Code></Error>")),
    ASKS_TO_SLOW_DOWN(new Fate.Fail(503, "<Error><Code>SlowDown</Code></Error>")),
    BREAKS_OFF_BODIES(new Fate.Cut()),
    CLOSES_CONNECTIONS(new Fate.Lose());

    private final Fate fate;

    Failing(Fate fate) {
      this.fate = fate;
    }
  }

  @BeforeAll
  static void start() throws IOException {
    s3 = S3Local.start(0, "models");
    client = s3.client();
    between = new Between(s3.endpoint());
    proxy = new TcpProxy(between.endpoint());
    putModel(HEALTHY);
    putModel(REFUSING);
    for (Failing failing : Failing.values()) {
      putModel(name(failing));
    }
    for (Spoilt spoilt : Spoilt.values()) {
      putModel(name(spoilt));
      put(name(spoilt), spoilt.file, spoilt.content);
    }
    function =
        new SmallFunction(
            1769,
            "s3://models/m",
            Map.of(
                "PILOTLIGHT_DEFAULT_MODEL",
                HEALTHY,
                "PILOTLIGHT_MODEL_CACHE_DIR",
                disk.toString(),
                "PILOTLIGHT_MODEL_RELIST_MS",
                "200",
                "PILOTLIGHT_MODEL_RETRY_MS",
                "200",
                "PILOTLIGHT_DEADLINE_MS",
                Long.toString(DEADLINE.toMillis()),
                "AWS_ENDPOINT_URL_S3",
                proxy.endpoint().toString()));
    Seen seen = predict(HEALTHY);
    assertThat(seen.status()).as(seen.body()).isEqualTo(200);
    right = seen.body();
  }

  @AfterAll
  static void stop() throws IOException {
    function.close();
    proxy.close();
    between.close();
    client.close();
    s3.close();
  }

  @ParameterizedTest
  @EnumSource
  void spoiltFileIsRefusedUntilItIsReplaced(Spoilt spoilt) throws InterruptedException {
    String name = name(spoilt);
    Seen refused = predict(name);
    assertThat(refused.status()).as(refused.body()).isEqualTo(503);
    assertThat(refused.body()).contains("model %s version 1 cannot be loaded: ".formatted(name));
    assertThat(refused.body()).contains(spoilt.named);
    assertThat(refused.retryAfter()).as("no repeat helps").isEmpty();
    requireHealthy();

    put(name, "model.onnx", GRAPH);
    put(name, "tokenizer.json", TOKENIZER);
    untilAnswered(name);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ASKS_TO_SLOW_DOWN")
  void failingS3IsRefusedUntilItAnswers(Failing failing) throws InterruptedException {
    String name = name(failing);
    between.rule(
        call -> call.uri().getPath().contains("/%s/1/".formatted(name)) ? failing.fate : PASS);
    try {
      requireRetryable(predict(name));
      requireHealthy();
    } finally {
      between.rule(_ -> PASS);
    }
    untilAnswered(name);
  }

  @ParameterizedTest
  @EnumSource(names = "ASKS_TO_SLOW_DOWN")
  @OnlyInFaults
  void s3ThatAsksToSlowDownIsRefusedUntilItAnswers(Failing failing) throws InterruptedException {
    failingS3IsRefusedUntilItAnswers(failing);
  }

  @Test
  void s3ThatRefusesConnectionsIsRefusedUntilItListens() throws Exception {
    proxy.refuse();
    try {
      requireRetryable(predict(REFUSING));
      requireHealthy();
    } finally {
      proxy.listen();
    }
    untilAnswered(REFUSING);
  }

  private static String name(Enum<?> fault) {
    return fault.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static void putModel(String name) {
    put(name, "model.onnx", GRAPH);
    put(name, "tokenizer.json", TOKENIZER);
    put(name, "config.json", CONFIG);
  }

  private static void put(String model, String file, byte[] content) {
    String key = "m/%s/1/%s".formatted(model, file);
    client.putObject(to -> to.bucket("models").key(key), RequestBody.fromBytes(content));
  }

  private static Seen predict(String model) {
    long begun = System.nanoTime();
    Seen seen =
        function.send(
            TestRequest.post(
                "/v1/models/%s:predict".formatted(model), "{\"instances\":[\"hello\"]}"));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).as(model).isLessThan(WITHIN);
    return seen;
  }

  private static void requireRetryable(Seen refused) {
    assertThat(refused.status()).as(refused.body()).isEqualTo(503);
    assertThat(refused.retryAfter()).as(refused.body()).matches("\\d{1,2}");
  }

  private static void requireHealthy() {
    Seen seen = predict(HEALTHY);
    assertThat(seen.status()).as(seen.body()).isEqualTo(200);
    assertThat(seen.body()).isEqualTo(right);
  }

  private static void untilAnswered(String model) throws InterruptedException {
    long end = System.nanoTime() + RECOVERY.toNanos();
    Seen seen = predict(model);
    while (seen.status() == 503 && System.nanoTime() < end) {
      Thread.sleep(200);
      seen = predict(model);
    }
    assertThat(seen.status()).as(seen.body()).isEqualTo(200);
    assertThat(seen.body()).isEqualTo(right);
    assertThat(function.processes()).as("not restarted").containsExactly(1);
  }
}
