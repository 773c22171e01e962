package dev.pilotlight.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.domain.Timing;
import dev.pilotlight.domain.Timing.Stage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseHeadersTest {
  private static final ResultKey KEY = new ResultKey("k".repeat(43));

  private static List<Answer> answers(int memory, int redis, int dynamodb, int run) {
    List<Answer> answers = new ArrayList<>();
    for (Tier tier : Tier.values()) {
      int count =
          switch (tier) {
            case MEMORY -> memory;
            case REDIS -> redis;
            case DYNAMODB -> dynamodb;
            case RUN -> run;
          };
      Answer answer = new Answer(KEY, new Result(List.of(), 0), tier);
      answers.addAll(Collections.nCopies(count, answer));
    }
    return answers;
  }

  static Stream<Arguments> statuses() {
    CacheUse normal = CacheUse.NORMAL;
    return Stream.of(
        arguments(answers(1, 0, 0, 0), normal, false, "hit; detail=\"memory\""),
        arguments(answers(0, 5, 0, 0), normal, false, "hit; detail=\"redis\""),
        arguments(answers(0, 0, 2, 0), normal, true, "hit; detail=\"dynamodb\""),
        arguments(
            answers(3, 64, 0, 0), normal, true, "hit; detail=\"memory=3 redis=64 dynamodb=0\""),
        arguments(
            answers(0, 67, 0, 33),
            normal,
            true,
            "fwd=partial; stored; detail=\"memory=0 redis=67 dynamodb=0 run=33\""),
        arguments(
            answers(1, 0, 0, 1),
            normal,
            false,
            "fwd=partial; detail=\"memory=1 redis=0 dynamodb=0 run=1\""),
        arguments(answers(0, 0, 0, 2), normal, true, "fwd=miss; stored"),
        arguments(answers(0, 0, 0, 2), normal, false, "fwd=miss"),
        arguments(answers(0, 0, 0, 2), CacheUse.RECOMPUTE, true, "fwd=request; stored"),
        arguments(answers(0, 0, 0, 2), CacheUse.RECOMPUTE, false, "fwd=request"),
        arguments(answers(0, 0, 0, 2), CacheUse.NONE, false, "fwd=request"));
  }

  @ParameterizedTest
  @MethodSource("statuses")
  void cacheStatusNamesTheTierOfTheAnswers(
      List<Answer> answers, CacheUse use, boolean stored, String status) {
    assertThat(ResponseHeaders.cacheStatus(answers, use, stored))
        .isEqualTo("pilotlight; " + status);
  }

  @Test
  void serverTimingIsInMilliseconds() {
    assertThat(
            ResponseHeaders.serverTiming(
                List.of(
                    new Timing(Stage.DECODE, 0),
                    new Timing(Stage.LOOKUP, 45_678),
                    new Timing(Stage.RUN, 12_003_999),
                    new Timing(Stage.STORE, 1_000_000))))
        .isEqualTo("decode;dur=0.000, lookup;dur=0.045, run;dur=12.003, store;dur=1.000");
    assertThat(ResponseHeaders.serverTiming(List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "8e9d-01", "Root=1-67891233-abcdef", "JKJaXmPLvHcESHA=", "a/b+c"})
  void aSaneRequestIdIsKept(String id) {
    assertThat(ResponseHeaders.requestId(Requests.withHeader("x-request-id", id))).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\r\nset-cookie: x", "ä", "\"", "a,b"})
  void anyOtherIsReplacedByTheEvents(String id) {
    assertThat(ResponseHeaders.requestId(Requests.withHeader("x-request-id", id)))
        .isEqualTo("event-id");
  }

  @Test
  void aLongRequestIdIsReplacedToo() {
    assertThat(ResponseHeaders.requestId(Requests.withHeader("x-request-id", "a".repeat(129))))
        .isEqualTo("event-id");
    assertThat(ResponseHeaders.requestId(Requests.of("GET", "/v2"))).isEqualTo("event-id");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                      | NORMAL",
        "max-age=0               | RECOMPUTE",
        "no-cache                | RECOMPUTE",
        "No-Cache                | RECOMPUTE",
        "max-age=0, no-cache     | RECOMPUTE",
        "no-cache=\"set-cookie\" | RECOMPUTE",
        "no-store                | NONE",
        "NO-STORE,no-cache       | NONE",
        "no-cache , no-store     | NONE",
        "no-stores               | NORMAL",
        ",,=,                    | NORMAL",
      })
  void cacheControlIsRead(String header, CacheUse use) {
    assertThat(CacheControl.of(Requests.withHeader("cache-control", header))).isEqualTo(use);
  }
}
