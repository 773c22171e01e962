package dev.pilotlight.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.pilotlight.domain.Afterwards;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A loop handles responses that fail, and deferred work that does.
@Timeout(30)
final class EventLoopTest {
  /// In place of a status: the connection is closed without an answer.
  private static final int CLOSED = 0;

  /// In place of a status: an event that no array can hold.
  private static final int HUGE = 1;

  private final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
  private final AtomicInteger posts = new AtomicInteger();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  @SuppressWarnings("NullAway.Init")
  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread _ = Thread.ofVirtual().start(this::serve);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @Test
  void responseThatIsRefusedWhenItIsSentAgainWasDelivered() throws IOException {
    Queue<Boolean> accepted = new ArrayDeque<>();
    EventLoop loop =
        loop(afterwards -> afterwards.add(() -> accepted.add(afterwards.isAccepted())));

    statuses.addAll(List.of(202, CLOSED, 403));
    assertThat(loop.answer(event())).isTrue();
    assertThat(loop.answer(event())).isTrue();

    assertThat(posts).hasValue(3);
    assertThat(accepted).containsExactly(true, true);
    assertThat(log.toString(StandardCharsets.UTF_8)).contains("it was delivered");
  }

  @Test
  void responseThatIsRefusedAtOnceIsNotAccepted() throws IOException {
    Queue<Boolean> accepted = new ArrayDeque<>();
    EventLoop loop =
        loop(afterwards -> afterwards.add(() -> accepted.add(afterwards.isAccepted())));

    statuses.addAll(List.of(413, 202));
    assertThat(loop.answer(event())).isTrue();

    assertThat(accepted).containsExactly(false);
  }

  @Test
  void loopEndsAfterAnErrorOfTheVirtualMachineInDeferredWork() throws IOException {
    AtomicInteger done = new AtomicInteger();
    EventLoop loop =
        loop(
            afterwards -> {
              afterwards.add(
                  () -> {
                    throw new OutOfMemoryError("a test's");
                  });
              afterwards.add(done::incrementAndGet);
            });

    statuses.add(202);
    assertThat(loop.answer(event())).isFalse();

    assertThat(done).hasValue(1);
    assertThat(log.toString(StandardCharsets.UTF_8)).contains("OutOfMemoryError");
  }

  @Test
  void loopGoesOnAfterAnExceptionInDeferredWork() throws IOException {
    EventLoop loop =
        loop(
            afterwards ->
                afterwards.add(
                    () -> {
                      throw new IllegalStateException("a test's");
                    }));

    statuses.add(202);
    assertThat(loop.answer(event())).isTrue();
  }

  @Test
  void concurrentLoopGoesOnAfterAnErrorWhileItWaitsForAnEvent() {
    statuses.addAll(List.of(HUGE, 200, 202));
    AtomicInteger events = new AtomicInteger();

    new ConcurrentLoops(
            Map.of(), (_, _, _) -> events.incrementAndGet(), address(), "test", loopLog())
        .run(1);

    assertThat(events).hasValue(1);
    assertThat(log.toString(StandardCharsets.UTF_8)).contains("OutOfMemoryError");
  }

  private interface Deferring {
    void to(Afterwards afterwards);
  }

  private EventLoop loop(Deferring work) {
    RequestStreamHandler handler = (_, _, context) -> work.to((Afterwards) context);
    return new EventLoop(Map.of(), handler, new RuntimeApi(address(), "test"), loopLog(), true);
  }

  private String address() {
    return server.getInetAddress().getHostAddress() + ":" + server.getLocalPort();
  }

  private LoopLog loopLog() {
    return LoopLog.of(Map.of(), new PrintStream(log, true, StandardCharsets.UTF_8));
  }

  private static Invocation event() {
    long deadlineMs = System.currentTimeMillis() + 30_000;
    return new Invocation("id", deadlineMs, "", null, null, null, null, new byte[0]);
  }

  private void serve() {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread _ = Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      while (skipRequest(in)) {
        posts.incrementAndGet();
        int status = Objects.requireNonNullElse(statuses.poll(), CLOSED);
        if (status == CLOSED) {
          return;
        }
        String answer =
            "HTTP/1.1 "
                + (status == HUGE ? 200 : status)
                + " Status\r\nLambda-Runtime-Aws-Request-Id: id\r\nContent-Length: "
                + (status == HUGE ? Integer.MAX_VALUE : 0)
                + "\r\n\r\n";
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      // the loop closed it
    }
  }

  /// @return false at the end of the connection
  private static boolean skipRequest(BufferedReader in) throws IOException {
    int length = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.isEmpty()) {
        for (int left = length; left > 0; left--) {
          int _ = in.read();
        }
        return true;
      }
      if (line.startsWith("Content-Length: ")) {
        length = Integer.parseInt(line.substring("Content-Length: ".length()));
      }
    }
    return false;
  }
}
