package dev.pilotlight.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.cli.replay.RecordedRequest;
import dev.pilotlight.cli.replay.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The requests of recorded traffic, and which answers to them may be measured.
final class RequestsTest {
  private static final RecordedRequest REQUEST =
      new RecordedRequest(
          7, "POST", "/a", Map.of("idempotency-key", "k1", "x-a", "1"), new byte[] {'{', '}'});

  @Test
  void aRefusedRequestIsNotMeasured() {
    Workload.Call call = Requests.recorded("t.jsonl", List.of(REQUEST, REQUEST), 1).first();

    for (int status : new int[] {301, 400, 401, 404, 409, 429, 500}) {
      assertThatThrownBy(() -> Tuner.require(call, reply(status)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "nothing is measured: t.jsonl, line 7 (POST) was answered with %d; accepted: requests"
                  + " that get 2xx here",
              status);
    }
    assertThat(Tuner.require(call, reply(204)).status()).isEqualTo(204);
  }

  @Test
  void anIdempotencyKeyIsNotSentBecauseThereIsNoStore() {
    Workload.Call call = Requests.recorded("t.jsonl", List.of(REQUEST, REQUEST), 1).first();

    assertThat(new String(call.event(), StandardCharsets.UTF_8))
        .contains("\"x-a\"")
        .doesNotContain("idempotency-key");
  }

  private static Reply reply(int status) {
    return new Reply(status, "", "", -1, true, new byte[0]);
  }
}
