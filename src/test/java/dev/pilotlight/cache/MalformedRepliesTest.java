package dev.pilotlight.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.cache.FakeRedis.Plan;
import dev.pilotlight.cache.FakeRedis.Then;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.suite.leaks.CapturedLog;
import dev.pilotlight.suite.leaks.Planted;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every malformed reply is a miss or the right value, and the next look-ups hit again.
class MalformedRepliesTest {
  private static final List<ResultKey> KEYS = List.of(Keys.key("a"), Keys.key("b"));
  private static final Map<ResultKey, byte[]> VALUES =
      Map.of(KEYS.get(0), new byte[] {1, 13, 10}, KEYS.get(1), new byte[] {2, '$', '*', 0});

  /// One key: with several commands, later ones would arrive after the malformed reply.
  private static final List<ResultKey> ONE = KEYS.subList(0, 1);

  private static final String PATH = "/v1/embeddings";
  private static final String BODY =
      "{\"model\":\"all-minilm-l6-v2\",\"input\":[\"one text\",\"another text\"]}";

  private static final String[] QUICK = {
    "REDIS_READ_MS", "150", "REDIS_TOTAL_MS", "300", "REDIS_PROBE_MS", "10"
  };

  /// Names and forms of `CLUSTER SLOTS` that are wrong in themselves.
  static final List<String> SLOTS =
      List.of(
          "*1\r\n*3\r\n:0\r\n:16384\r\n*2\r\n$1\r\na\r\n:1\r\n",
          "*1\r\n*3\r\n:-1\r\n:5\r\n*2\r\n$1\r\na\r\n:1\r\n",
          "*1\r\n*3\r\n:5\r\n:4\r\n*2\r\n$1\r\na\r\n:1\r\n",
          "*1\r\n*3\r\n:0\r\n:99999999999\r\n*2\r\n$1\r\na\r\n:1\r\n",
          "*1\r\n*2\r\n:0\r\n:16383\r\n",
          "*1\r\n*3\r\n$1\r\n0\r\n:16383\r\n*2\r\n$1\r\na\r\n:1\r\n",
          "*1\r\n*3\r\n:0\r\n:16383\r\n*1\r\n$1\r\na\r\n",
          "*1\r\n:0\r\n",
          "*1\r\n$-1\r\n",
          "*1\r\n$600\r\n",
          "*1000000000\r\n");

  private static FakeRedis redis;
  private static final CapturedLog LOGGED = new CapturedLog();
  private static Harness function;
  private static JsonNode expected;

  @BeforeAll
  static void start() {
    redis = new FakeRedis();
    function =
        new Harness(
            new PrintStream(LOGGED, true, StandardCharsets.UTF_8),
            Map.of(
                "PILOTLIGHT_STORE", "off",
                "PILOTLIGHT_MODELS", "models",
                "PILOTLIGHT_MEMORY_CACHE_BYTES", "0",
                "PILOTLIGHT_REDIS", redis.url(),
                "PILOTLIGHT_REDIS_READ_MS", "150",
                "PILOTLIGHT_REDIS_TOTAL_MS", "300",
                "PILOTLIGHT_REDIS_PROBE_MS", "10"));
    expected = function.post(PATH, BODY).json().get("data");
    assertThat(expected).hasSize(2);
  }

  @AfterAll
  static void stop() {
    function.close();
    redis.close();
  }

  @AfterEach
  void answerCorrectly() {
    redis.answerCorrectly();
  }

  @ParameterizedTest
  @EnumSource
  void theFunctionComputesTheAnswerAndHitsAgain(MalformedReplies malformed) throws Exception {
    untilTheFunctionHits();
    redis.reused().clear();
    redis.plan(new Plan("MGET", malformed.reply, malformed.then));
    assertAnswers();
    assertThat(redis.planDone()).isTrue();
    untilTheFunctionHits();
    assertThat(redis.reused()).as("used again after it").isEmpty();
  }

  @ParameterizedTest
  @MethodSource("errors")
  void theFunctionComputesTheAnswerAfterAnErrorReply(String error) throws Exception {
    untilTheFunctionHits();
    redis.plan(new Plan("MGET", error, Then.GO_ON));
    assertAnswers();
    assertThat(redis.planDone()).isTrue();
    untilTheFunctionHits();
  }

  @ParameterizedTest
  @ValueSource(strings = {"*2\r\n{1}{0}", "*2\r\n{0}{0}", "*2\r\n{1}{1}", "*2\r\n{1}$-1\r\n"})
  void aValueOfAnotherKeyIsNotAnAnswer(String reply) throws Exception {
    untilTheFunctionHits();
    redis.plan(new Plan("MGET", reply, Then.GO_ON));
    assertAnswers();
    assertThat(redis.planDone()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aTierMissesAndHitsAgain(MalformedReplies malformed) throws Exception {
    try (FakeRedis other = new FakeRedis();
        LoggedTier tier = LoggedTier.connect(other.url(), QUICK)) {
      missesAndHitsAgain(other, tier, "MGET", KEYS, malformed);
      missesAndHitsAgain(other, tier, "SETEX", ONE, malformed);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NIL_INSTEAD_OF_ARRAY") // GET may be nil
  void aTierOfAClusterMissesAndHitsAgain(MalformedReplies malformed) throws Exception {
    try (FakeRedis other = new FakeRedis();
        LoggedTier tier = LoggedTier.connect(other.clusterUrl(), QUICK)) {
      missesAndHitsAgain(other, tier, "GET", ONE, malformed);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aConnectionThatStartsWithAMalformedReplyIsNotUsed(MalformedReplies malformed)
      throws Exception {
    try (FakeRedis other = new FakeRedis()) {
      for (String command : List.of("PING", "AUTH", "CLUSTER")) {
        other.plan(new Plan(command, malformed.reply, malformed.then));
        String url = command.equals("CLUSTER") ? other.clusterUrl() : other.url();
        try (LoggedTier tier =
            LoggedTier.connect(url, with(QUICK, "REDIS_PASSWORD", Planted.PASSWORD))) {
          other.forget();
          putUntilAllHit(tier);
          assertThat(other.planDone()).isTrue();
          assertThat(other.reused()).isEmpty();
          assertThat(tier.log()).doesNotContain(Planted.PASSWORD);
        }
      }
    }
  }

  @ParameterizedTest
  @FieldSource("SLOTS")
  void malformedSlotsAreRequestedAgain(String reply) throws Exception {
    try (FakeRedis other = new FakeRedis()) {
      other.plan(new Plan("CLUSTER", reply, Then.CLOSE));
      try (LoggedTier tier = LoggedTier.connect(other.clusterUrl(), QUICK)) {
        putUntilAllHit(tier);
        assertThat(tier.log()).contains("does not answer");
      }
    }
  }

  static List<String> errors() {
    return MalformedReplies.errors();
  }

  private static void missesAndHitsAgain(
      FakeRedis other,
      LoggedTier tier,
      String command,
      List<ResultKey> keys,
      MalformedReplies malformed)
      throws InterruptedException {
    putUntilAllHit(tier);
    other.plan(new Plan(command, malformed.reply, malformed.then));
    tier.put(Map.of(keys.getFirst(), VALUES.get(keys.getFirst())));
    assertRight(tier.get(keys));
    assertThat(other.planDone()).isTrue();
    putUntilAllHit(tier);
    assertRight(tier.get(KEYS));
    assertThat(other.reused()).as("used again after it").isEmpty();
  }

  private static void assertRight(Map<ResultKey, byte[]> found) {
    found.forEach((key, value) -> assertThat(value).isEqualTo(VALUES.get(key)));
  }

  private static void putUntilAllHit(LoggedTier tier) throws InterruptedException {
    long end = System.nanoTime() + 20_000_000_000L;
    while (tier.get(KEYS).size() < KEYS.size()) {
      assertThat(System.nanoTime()).as("no hit:%n%s", tier.log()).isLessThan(end);
      tier.put(VALUES);
      Thread.sleep(1);
    }
  }

  private static void assertAnswers() {
    Harness.Reply reply = function.post(PATH, BODY);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.json().get("data")).isEqualTo(expected);
  }

  private static void untilTheFunctionHits() throws InterruptedException {
    long end = System.nanoTime() + 20_000_000_000L;
    while (true) {
      Harness.Reply reply = function.post(PATH, BODY);
      assertThat(reply.json().get("data")).isEqualTo(expected);
      if (reply.header("cache-status").contains("hit")) {
        return;
      }
      assertThat(System.nanoTime()).as("no hit:%n%s", LOGGED).isLessThan(end);
      Thread.sleep(1);
    }
  }

  private static String[] with(String[] settings, String... more) {
    String[] all = Arrays.copyOf(settings, settings.length + more.length);
    System.arraycopy(more, 0, all, settings.length, more.length);
    return all;
  }
}
