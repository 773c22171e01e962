package dev.pilotlight.e2e.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.e2e.Client;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How the server starts and ends.
@Timeout(300)
class ServeStartIT {
  private static final String GOOD = "{\"input\":\"in flight\"}";
  private static final String POST =
      "POST /v1/embeddings HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
          + "Content-Length: 21\r\n\r\n";

  @Test
  void sigtermMakesItNotReadyAndLosesNoRequest() throws Exception {
    Map<String, String> slow =
        Map.of(
            "PILOTLIGHT_SERVE_DRAIN_DELAY_MS", "5000",
            "PILOTLIGHT_SERVE_DRAIN_MS", "120000",
            "PILOTLIGHT_SERVE_RECEIVE_MS", "240000");
    try (Served served = Served.start(Served.alone(), slow);
        RawConnection early = new RawConnection(served.port());
        RawConnection late = new RawConnection(served.port())) {
      early.send(POST + GOOD.substring(0, 5));
      late.send(POST);
      served.await(() -> served.metrics().contains("\npilotlight_http_requests_in_flight 2\n"));
      served.terminate();
      served.await(() -> served.log().contains("draining"));
      for (String path : List.of("/v2/health/ready", "/health")) {
        try (RawConnection probe = new RawConnection(served.port())) {
          probe.send("GET " + path + " HTTP/1.1\r\nHost: a\r\nX-Request-Id: probe-1\r\n\r\n");
          RawConnection.Answer answer = probe.read();
          assertThat(answer.status()).as(path).isEqualTo(503);
          assertThat(answer.head()).containsIgnoringCase("x-request-id: probe-1\r\n");
        }
      }
      assertThat(served.status("/v2/health/live")).isEqualTo(200);
      assertThat(new Client(served.url()).embeddings(List.of("a new one")).status()).isEqualTo(200);

      early.send(GOOD.substring(5));
      RawConnection.Answer answer = early.read();
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.closes()).isTrue();

      // it takes no connections any more, and still waits for this one
      served.await(() -> served.status("/v2/health/live") == 0);
      late.send(GOOD);
      assertThat(late.read().status()).isEqualTo(200);
      assertThat(served.await()).isEqualTo(143);
      assertThat(served.log()).contains("drained");
    }
  }

  /// A restart of a busy pod would lose its requests.
  @Test
  void probesAreAnsweredWhileNoConnectionIsFree() throws IOException {
    Map<String, String> few = Map.of("PILOTLIGHT_SERVE_CONNECTIONS_MAX", "1");
    try (Served served = Served.start(Served.alone(), few)) {
      served.await(() -> served.metrics().contains("\npilotlight_http_connections 0\n"));
      try (RawConnection only = new RawConnection(served.port());
          RawConnection further = new RawConnection(served.port())) {
        only.send("GET /v2/health/live HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(only.read().status()).isEqualTo(200);
        further.send("GET /v2/health/live HTTP/1.1\r\nHost: a\r\n\r\n");
        for (String path : List.of("/v2/health/live", "/v2/health/ready")) {
          assertThat(served.statusAtMetrics(path)).as(path).isEqualTo(200);
        }
        assertThat(further.hasAnswer()).isFalse();
      }
      assertThat(served.statusAtMetrics("/v2")).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PILOTLIGHT_SERVE                 | lambda  | accepted: http
          PILOTLIGHT_SERVE_PRT             | 80      | unknown settings: PILOTLIGHT_SERVE_PRT
          PILOTLIGHT_EXECUTION_PROVIDER    | cuda    | onnxruntime_gpu
          """)
  void aSettingThatCannotHoldEndsTheStart(String name, String value, String message)
      throws IOException, InterruptedException {
    try (Served served = Served.launch(Served.alone(), Map.of(name, value))) {
      assertThat(served.await()).isEqualTo(1);
      assertThat(served.log()).contains(message);
    }
  }

  @Test
  @EnabledIf(value = "dev.pilotlight.suite.Soak#isOn", disabledReason = "see mvn verify -Psoak")
  void twoServersOnOnePortAreRefused() throws IOException, InterruptedException {
    try (Served first = Served.start(Served.alone(), Map.of());
        Served second =
            Served.launch(
                Served.alone(), Map.of("PILOTLIGHT_SERVE_PORT", Integer.toString(first.port())))) {
      assertThat(second.await()).isEqualTo(1);
      assertThat(second.log()).contains("the server cannot listen");
    }
  }
}
