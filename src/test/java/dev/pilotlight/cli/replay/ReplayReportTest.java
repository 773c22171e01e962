package dev.pilotlight.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pilotlight.cli.page.Golden;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The report of a replay as text, JSON and HTML.
final class ReplayReportTest {
  private static final long MS = 1_000_000;
  private static final String LARGE = "[\"" + "a".repeat(1_000) + "\"]";

  @Test
  void textPageAndJsonAreAsKept() throws IOException, InterruptedException {
    ReplayReport report = report();

    Golden.check("replay.txt", String.join("\n", ReplayText.lines(report)) + "\n");
    Golden.check("replay.html", ReplayPage.render(report));
    Golden.check("replay.json", ReplayJson.render(report) + "\n");
  }

  @Test
  void errorsHaveNoLatencyButTimeOutsDo() {
    Tally tally = new Tally();
    tally.add(new Reply(200, "", "", -1, true, new byte[0]), 10 * MS, 20 * MS);
    tally.add(new Reply(500, "", "", -1, true, new byte[0]), MS, 21 * MS);
    tally.add(Reply.failed("no connection"), MS, 22 * MS);
    tally.add(Reply.failed(Reply.TIMEOUT), 30_000 * MS, 30_020 * MS);
    tally.notSent();

    TargetResult result = tally.result("http://a", List.of());

    assertThat(result.latency().count()).isEqualTo(2);
    assertThat(result.latency().max()).isBetween(29_990.0, 30_020.0);
    assertThat(result.sent()).isEqualTo(4);
    assertThat(result.errorShare()).isEqualTo(0.8);
    assertThat(result.kinds())
        .containsExactly(
            Map.entry("200", 1),
            Map.entry("500", 1),
            Map.entry("no connection", 1),
            Map.entry("timeout", 1));
    // 1 answer in 30.03 seconds, from the first due time
    assertThat(result.throughput()).isBetween(0.033, 0.034);
  }

  @Test
  void aClientThatCannotKeepTheRateIsNamed() {
    assertThat(new Campaign.Lateness(5, 80).sentence()).doesNotContain("could not keep");
    assertThat(new Campaign.Lateness(5.1, 80).sentence())
        .isEqualTo(
            "The client was up to 80.00 ms late with a request (p99 5.10 ms); latency includes it."
                + " It could not keep this rate: the latencies are partly the client's.");
  }

  @Test
  void hitsAreThoseOfAnyCacheOnTheWay() {
    assertThat(CacheStatus.isHit("pilotlight; hit; detail=\"memory\"")).isTrue();
    assertThat(CacheStatus.isHit("a; fwd=miss, b; hit")).isTrue();
    assertThat(CacheStatus.isHit("pilotlight; fwd=miss; stored")).isFalse();
    assertThat(CacheStatus.isHit("a; fwd=miss; detail=\"; hit\"")).isFalse();
    assertThat(CacheStatus.isHit("")).isFalse();
  }

  @Test
  void anAnswerWhoseRequestTheOtherTargetWasNotSentDoesNotTakeRoom() throws InterruptedException {
    RecordedRequest request = new RecordedRequest(7, "GET", "/", Map.of(), new byte[0]);
    AnswerRules rules = new AnswerRules(0.9999, 0.001, AnswerRules.ALWAYS_IGNORED);
    // room for one answer
    try (Differences differences = new Differences(rules, 1_500)) {
      for (int i = 0; i < 100; i += 2) {
        differences.add(1, i, request, answer(LARGE));
        differences.notSent(i);
        differences.notSent(i + 1);
        differences.add(1, i + 1, request, answer(LARGE));
      }
      differences.notSent(200);
      differences.notSent(200);
      pair(differences, 201, request, LARGE, LARGE);

      Differences.Result result = differences.finish();
      assertThat(result.compared()).isOne();
      assertThat(result.notKeptShare()).isZero();
      assertThat(result.notCompared())
          .containsExactly(
              Map.entry("neither target was sent the request", 1),
              Map.entry("only one target was sent the request", 100));
    }
  }

  @Test
  void theShareOfAnswersThatWereNotKeptIsKnown() throws InterruptedException {
    assertThat(differences().notKeptShare()).isCloseTo(1 / 3.0, within(1e-9));
  }

  private static ReplayReport report() throws InterruptedException {
    Tally first = new Tally();
    Tally second = new Tally();
    IntStream.range(0, 100)
        .forEach(
            i -> {
              first.add(
                  new Reply(200, "", "", -1, true, new byte[0]), (i + 1) * MS, 1_000L * i * MS);
              String cache = i < 67 ? "pilotlight; hit" : "pilotlight; fwd=miss";
              Reply reply =
                  i == 99
                      ? Reply.failed(Reply.TIMEOUT)
                      : new Reply(200, "", cache, 0.000002, true, new byte[0]);
              second.add(reply, MS / 2 * (i + 1), 1_000L * i * MS);
            });
    second.notSent();
    Traffic traffic =
        new Traffic(
            TrafficFormat.COMBINED,
            List.of(new RecordedRequest(1, "GET", "/a", Map.of(), new byte[0])),
            2,
            Map.of("DELETE", 3),
            4,
            17);
    return new ReplayReport(
        "<traffic>.log",
        traffic,
        new Schedule(2.5, 10, 101, 2, true),
        256,
        1_000_000,
        false,
        Optional.of(9_400.0),
        new Campaign.Outcome(
            List.of(
                first.result("https://old.example.com", List.of("x-api-key")),
                second.result("http://127.0.0.1:8080", List.of())),
            Optional.of(differences()),
            new Campaign.Lateness(0.25, 7.5)));
  }

  private static Differences.Result differences() throws InterruptedException {
    AnswerRules rules = new AnswerRules(0.9999, 0.001, AnswerRules.ALWAYS_IGNORED);
    try (Differences differences = new Differences(rules, 1_000)) {
      RecordedRequest request = new RecordedRequest(7, "GET", "/<b>", Map.of(), new byte[0]);
      pair(differences, 0, request, "{\"a\":1}", "{\"a\":1}");
      pair(differences, 1, request, "{\"a\":\"<i>\"}", "{\"a\":2}");
      // too large to be kept until the other arrives
      pair(differences, 2, request, LARGE, LARGE);
      differences.add(0, 3, request, Reply.failed(Reply.TIMEOUT));
      differences.add(1, 3, request, answer("{}"));
      differences.add(1, 4, request, answer("{}"));
      differences.notSent(4);
      return differences.finish();
    }
  }

  private static void pair(
      Differences differences, int index, RecordedRequest request, String first, String second) {
    differences.add(1, index, request, answer(second));
    differences.add(0, index, request, answer(first));
  }

  private static Reply answer(String json) {
    return new Reply(200, "", "", -1, true, json.getBytes(StandardCharsets.UTF_8));
  }
}
