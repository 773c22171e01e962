package dev.pilotlight.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.Afterwards;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.suite.leaks.CapturedLog;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.TestSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Sampled requests send their stages to X-Ray's daemon, here a UDP socket. It sets the system
/// property by which Lambda's own client names the trace.
@Isolated
final class TracesTest {
  private static final String PROPERTY = "com.amazonaws.xray.traceHeader";
  private static final String ROOT = "1-5759e988-bd862e3fe1be46a994272793";
  private static final String TRACE = "Root=" + ROOT + ";Parent=53995c3f42cd8ad8;Sampled=";
  private static final String EMBED =
      "{\"model\":\"all-minilm-l6-v2\",\"input\":\"a traced text\"}";

  private final CapturedLog log = new CapturedLog();

  @SuppressWarnings("NullAway.Init")
  private DatagramSocket daemon;

  @BeforeEach
  void open() throws SocketException {
    daemon = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    daemon.setSoTimeout(5_000);
  }

  @AfterEach
  void close() {
    daemon.close();
    var _ = System.clearProperty(PROPERTY);
  }

  @Test
  void ownLoopsSampledRequestSendsItsStages() throws IOException {
    try (ApiHandler handler = handler(address())) {
      // the first one is not sampled, so the first packet is the second one's
      send(handler, 200, EMBED, ownLoop(TRACE + "0;Lineage=1"));
      send(handler, 200, EMBED.replace("traced", "second"), ownLoop(TRACE + "1;Lineage=1:a:0"));
      JsonNode trace = receive();
      assertThat(trace.path("trace_id").asText()).isEqualTo(ROOT);
      assertThat(trace.path("parent_id").asText()).isEqualTo("53995c3f42cd8ad8");
      assertThat(trace.path("type").asText()).isEqualTo("subsegment");
      assertThat(trace.has("fault") || trace.has("error")).isFalse();
      assertThat(names(trace)).containsSubsequence("decode", "lookup", "run", "encode");
      double last = trace.path("start_time").asDouble();
      for (JsonNode stage : trace.path("subsegments")) {
        assertThat(stage.path("id").asText()).matches("[0-9a-f]{16}");
        assertThat(stage.path("start_time").asDouble()).isGreaterThanOrEqualTo(last - 1e-3);
        last = stage.path("end_time").asDouble();
        assertThat(last).isGreaterThanOrEqualTo(stage.path("start_time").asDouble());
      }
      assertThat(trace.path("end_time").asDouble()).isGreaterThanOrEqualTo(last);
      assertThat(last).isCloseTo(System.currentTimeMillis() / 1e3, within(60.0));
    }
  }

  @Test
  void lambdasOwnClientNamesTheTraceByAProperty() throws IOException {
    try (ApiHandler handler = handler(address())) {
      var _ = System.setProperty(PROPERTY, TRACE + "1");
      send(handler, 200, EMBED, new TestContext());
      assertThat(names(receive())).contains("run");
    }
  }

  @Test
  void refusedRequestIsAnError() throws IOException {
    try (ApiHandler handler = handler(address())) {
      send(handler, 400, "{}", ownLoop(TRACE + "1"));
      assertThat(receive().path("error").asBoolean()).isTrue();
    }
  }

  @Test
  void requestIsAnsweredWithoutADaemonOrParent() throws IOException {
    for (String wrong : List.of("", "nowhere", "127.0.0.1:0", "no such host:2000", "::1:x")) {
      log.reset();
      try (ApiHandler handler = handler(wrong)) {
        send(handler, 200, EMBED, ownLoop(TRACE + "1"));
        send(handler, 200, EMBED, ownLoop(TRACE + "1"));
        send(handler, 200, EMBED, ownLoop("Root=" + ROOT + ";Sampled=1"));
      }
      assertThat(log.toString(StandardCharsets.UTF_8).split("requests cannot be traced", -1))
          .as(wrong)
          .hasSize(wrong.isEmpty() || wrong.endsWith(":0") ? 1 : 2);
    }
  }

  @Test
  void callersSampledHeaderAloneSendsNothing() throws IOException {
    daemon.setSoTimeout(300);
    try (ApiHandler handler = handler(address(), "PILOTLIGHT_TRACES", "off")) {
      send(handler, 200, EMBED, ownLoop(TRACE + "1"));
    }
    try (ApiHandler handler = handler(address())) {
      send(handler, 200, EMBED, ownLoop((TRACE + "1").replace("Sampled", "NotSampled")));
      send(handler, 200, EMBED, ownLoop("Not" + TRACE + "1"));
    }
    assertThatThrownBy(this::receive).isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void closedWithTheFunction() throws IOException {
    Log lines = new Log(new PrintStream(log, true, StandardCharsets.UTF_8), Log.Level.INFO);
    Traces traces = new Traces(address(), lines);
    Traces.Trace trace = traces.begin(TRACE + "1", new Meter());
    traces.close();

    Objects.requireNonNull(trace).end(200);
    assertThat(log.toString(StandardCharsets.UTF_8)).contains("a trace could not be sent");
  }

  private String address() {
    return "127.0.0.1:" + daemon.getLocalPort();
  }

  private ApiHandler handler(String address, String... more) {
    Map<String, String> environment = new HashMap<>();
    TestSettings.put(
        environment,
        "",
        "PILOTLIGHT_STORE",
        "off",
        "PILOTLIGHT_MODELS",
        "models",
        "AWS_XRAY_DAEMON_ADDRESS",
        address,
        "PILOTLIGHT_TRACES",
        "on");
    TestSettings.put(environment, "", more);
    return new ApiHandler(
        App.start(environment, new PrintStream(log, true, StandardCharsets.UTF_8)));
  }

  private static void send(ApiHandler handler, int status, String body, Context context)
      throws IOException {
    CapturedLog answer = new CapturedLog();
    byte[] event = TestRequest.post("/v1/embeddings", body).event();
    handler.handleRequest(new ByteArrayInputStream(event), answer, context);
    assertThat(answer.toString(StandardCharsets.UTF_8))
        .startsWith("{\"statusCode\":" + status + ",");
  }

  private JsonNode receive() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
    daemon.receive(packet);
    String text = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    String[] parts = text.split("\n", 2);
    assertThat(parts[0]).isEqualTo("{\"format\":\"json\",\"version\":1}");
    return Harness.JSON.readTree(parts[1]);
  }

  private static List<String> names(JsonNode trace) {
    List<String> names = new ArrayList<>();
    trace.path("subsegments").forEach(stage -> names.add(stage.path("name").asText()));
    return names;
  }

  /// A context of the package's own event loop.
  private static Context ownLoop(String traceId) {
    TestContext plain = new TestContext();
    return (Context)
        Proxy.newProxyInstance(
            TracesTest.class.getClassLoader(),
            new Class<?>[] {Context.class, Afterwards.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "getXrayTraceId" -> traceId;
                  case "end" -> Deadline.in(Duration.ofMinutes(1));
                  case "isAccepted" -> true;
                  case "add" -> {
                    ((Runnable) arguments[0]).run();
                    yield null;
                  }
                  default -> method.invoke(plain, arguments);
                });
  }
}
