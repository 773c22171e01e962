package dev.pilotlight.batch.fanout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FanOutStepTest {
  private static final String SHARD =
      "{'index':1,'start':2,'end':-1,'line':4,'lines':-1,'repeated':0}";

  private static Optional<FanOutStep> read(String json) {
    return FanOutStep.read(json.getBytes(UTF_8));
  }

  @ParameterizedTest
  @CsvSource({"-5, 30", "0, 30", "1800, 30", "7200, 120", "18000, 300", "86400, 300"})
  void pauseGrowsWithAgeUpToFiveMinutes(long ageSeconds, long seconds) {
    assertThat(PlanStep.pauseSeconds(ageSeconds)).isEqualTo(seconds);
  }

  @Test
  void batchThatWaitsAnswersWhenToAskAgain() {
    assertThat(new String(new Outcome.Waits(30).json(), UTF_8))
        .isEqualTo("{\"outcome\":\"waits\",\"seconds\":30}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"index", "start", "end", "line", "lines", "repeated"})
  void shardWithoutAFieldIsRefused(String name) {
    String shard = SHARD.replaceFirst("'" + name + "':[-0-9]+,?", "").replace(",}", "}");
    assertThat(shard).isNotEqualTo(SHARD);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(answer(shard)))
        .withMessageContaining("a shard with index, start, end, line, lines and repeated");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'index':4294967296", "'index':-1", "'start':-1", "'end':-2"})
  void shardWithANumberOutOfRangeIsRefused(String field) {
    String name = field.substring(0, field.indexOf(':'));
    String shard = SHARD.replaceFirst(name + ":[-0-9]+", field);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(answer(shard)))
        .withMessageContaining("fanOut.shard." + name.replace("'", ""));
  }

  private static String answer(String shard) {
    return "{'fanOut':{'step':'shard','execution':'e','batch':'b','shard':%s}}"
        .formatted(shard)
        .replace('\'', '"');
  }

  @Test
  void readsTheStepsOfTheStateMachine() {
    var plan =
        (FanOutStep.Plan)
            read("{\"fanOut\":{\"step\":\"plan\",\"execution\":\"e\",\"event\":{\"a\":[1]}}}")
                .orElseThrow();
    assertThat(new String(plan.event(), UTF_8)).isEqualTo("{\"a\":[1]}");
    assertThat(
            read(
                "{\"fanOut\":{\"step\":\"shard\",\"execution\":\"e\",\"batch\":\"b\",\"shard\":{"
                    + "\"index\":1,\"start\":2,\"end\":3,\"line\":4,\"lines\":5,"
                    + "\"repeated\":6}}}"))
        .contains(new FanOutStep.Answer("e", "b", new Shard(1, 2, 3, 4, 5, 6)));
    assertThat(read("{\"fanOut\":{\"step\":\"publish\",\"execution\":\"e\",\"batch\":\"b\"}}"))
        .contains(new FanOutStep.Publish("e", "b"));
    var fail =
        (FanOutStep.Fail)
            read("{\"fanOut\":{\"step\":\"fail\",\"execution\":\"e\",\"batch\":\"b\",\"error\":"
                    + "{\"Error\":\"X\",\"Cause\":\"{\\\"errorMessage\\\":\\\"m\\\"}\"}}}")
                .orElseThrow();
    assertThat(fail.error()).isEqualTo("X");
    assertThat(FanOutStep.reason(fail.cause())).isEqualTo("m");
    assertThat(FanOutStep.reason("plain")).isEqualTo("plain");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "1", "{\"Records\":[]}", "{\"a\":{\"fanOut\":{}}}", "no JSON"})
  void otherEventsAreNotSteps(String event) {
    assertThat(read(event)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|fanOut has no execution",
        "1|fanOut is a number",
        "{'execution':'e','step':'x'}|accepted: plan, shard, publish and fail",
        "{'execution':'e','step':'plan'}|fanOut has no event",
        "{'execution':'e','step':'shard','batch':'b'}|fanOut has no shard",
        "{'execution':'e','step':'shard','batch':'b','shard':{'index':1}}|a shard with index",
        "{'execution':'e','step':'publish'}|fanOut has no batch"
      },
      quoteCharacter = '`')
  void stepThatCannotBeReadIsRefused(String step, String reason) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read("{\"fanOut\":" + step.replace('\'', '"') + "}"))
        .withMessageContaining(reason);
  }
}
