package dev.pilotlight.handler.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;

/// The output of an object.
///
/// @param errors empty if there are none
record FanOutOutput(String out, String errors, JsonNode summary) {
  void requireSame(FanOutOutput chain) {
    assertThat(out).isEqualTo(chain.out);
    assertThat(errors).isEqualTo(chain.errors);
    assertThat(counts()).isEqualTo(chain.counts());
  }

  private List<String> counts() {
    return Stream.of("lines", "succeeded", "failed", "items", "tokens", "output", "errors")
        .map(name -> name + "=" + summary.get(name))
        .toList();
  }
}
