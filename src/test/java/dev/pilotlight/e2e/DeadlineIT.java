package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A request that cannot finish in time keeps what it finished, and repeating it gets to the end.
class DeadlineIT {
  private static final int ATTEMPTS_MAX = 60;

  @Test
  void repeatingARequestThatRanOutOfTimeGetsToTheEnd() {
    Options options =
        Options.onFreePorts()
            .withEnvironmentsMax(1)
            .withVariable("PILOTLIGHT_DEADLINE_MS", "1500")
            .withVariable("PILOTLIGHT_STORE_RESERVE_MS", "500");
    try (LocalStack stack = LocalStack.start(options)) {
      Client client = new Client(stack.gatewayUrl());
      List<String> texts = Texts.of(2048, 256, 120);
      List<Integer> statuses = new ArrayList<>();
      Set<String> codes = new HashSet<>();
      Client.Reply reply;
      do {
        reply = client.embeddings(texts);
        statuses.add(reply.status());
        if (reply.status() == 503) {
          assertThat(reply.header("retry-after")).isEqualTo("1");
          codes.add(reply.json().at("/error/code").asText());
        }
      } while (reply.status() == 503 && statuses.size() < ATTEMPTS_MAX);

      assertThat(statuses).as("it did run out of time").contains(503).endsWith(200);
      // the other one if the machine stalled while results were looked up
      assertThat(codes)
          .contains("deadline_exceeded")
          .isSubsetOf("deadline_exceeded", "unavailable");
      assertThat(reply.vectors()).hasSize(texts.size());
      String last = texts.getLast();
      assertThat(reply.vectors().getLast())
          .isEqualTo(
              client.embeddings(List.of(last), "cache-control", "no-store").vectors().getFirst());
    }
  }
}
