package dev.pilotlight.cache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A Redis that answers as planned: by default correctly, from a map.
public final class FakeRedis implements AutoCloseable {
  /// Stands for the correct reply within a planned one; `{0}`, `{1}` … are the values' own parts.
  static final String CORRECT = "{correct}";

  /// A reply to the next commands of a name.
  ///
  /// @param reply in ISO 8859-1
  /// @param then what happens to the connection
  /// @param times how many commands get it
  record Plan(String command, String reply, Then then, AtomicInteger times) {
    Plan(String command, String reply, Then then) {
      this(command, reply, then, new AtomicInteger(1));
    }

    static Plan always(String command, String reply) {
      return new Plan(command, reply, Then.GO_ON, new AtomicInteger(Integer.MAX_VALUE));
    }

    static Plan dripping(String command, String reply, int times) {
      return new Plan(command, reply, Then.DRIP, new AtomicInteger(times));
    }
  }

  enum Then {
    GO_ON,
    CLOSE,
    /// A byte every 30 ms.
    DRIP
  }

  private final ServerSocket server;
  private final Map<String, byte[]> values = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Plan> plan = new AtomicReference<>();
  private final Set<Socket> answeredByPlan = ConcurrentHashMap.newKeySet();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final List<List<String>> credentials = new CopyOnWriteArrayList<>();
  private final List<String> reused = new CopyOnWriteArrayList<>();

  public FakeRedis() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  public String url() {
    return "redis://127.0.0.1:" + server.getLocalPort();
  }

  String clusterUrl() {
    return "redis+cluster://127.0.0.1:" + server.getLocalPort();
  }

  void plan(Plan next) {
    plan.set(next);
  }

  void answerCorrectly() {
    plan.set(null);
  }

  /// Whether the planned replies have been sent.
  boolean planDone() {
    Plan now = plan.get();
    return now == null || now.times().get() <= 0;
  }

  void forget() {
    values.clear();
  }

  /// Names of the commands received.
  List<String> commands() {
    return commands;
  }

  /// Arguments of the `AUTH` commands received.
  public List<List<String>> credentials() {
    return credentials;
  }

  /// Commands that came on a connection after a planned reply.
  List<String> reused() {
    return reused;
  }

  /// Connections that neither side has closed.
  int connections() {
    return open.size();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        List<byte[]> command = command(in);
        String name = text(command.getFirst());
        commands.add(name);
        if (name.equals("AUTH")) {
          credentials.add(command.stream().skip(1).map(it -> new String(it, UTF_8)).toList());
        }
        if (answeredByPlan.contains(socket)) {
          reused.add(name);
        }
        answer(socket, name, correct(name, command));
      }
    } catch (IOException | InterruptedException e) {
      // the other side closed it
    } finally {
      open.remove(socket);
    }
  }

  private void answer(Socket socket, String name, List<String> correct)
      throws IOException, InterruptedException {
    OutputStream out = socket.getOutputStream();
    Plan now = plan.get();
    if (now == null || !now.command().equals(name) || now.times().getAndDecrement() <= 0) {
      out.write(String.join("", correct).getBytes(ISO_8859_1));
      return;
    }
    answeredByPlan.add(socket);
    String reply = now.reply().replace(CORRECT, String.join("", correct));
    for (int i = 1; i < correct.size(); i++) {
      reply = reply.replace("{" + (i - 1) + "}", correct.get(i));
    }
    byte[] bytes = reply.getBytes(ISO_8859_1);
    if (now.then() == Then.DRIP) {
      for (byte b : bytes) {
        out.write(b);
        Thread.sleep(30);
      }
    }
    if (now.then() != Then.DRIP) {
      out.write(bytes);
    }
    if (now.then() == Then.CLOSE) {
      socket.close();
    }
  }

  /// Head and parts of the reply that Redis would give.
  private List<String> correct(String name, List<byte[]> command) {
    return switch (name) {
      case "PING" -> List.of("+PONG\r\n");
      case "AUTH" -> List.of("+OK\r\n");
      case "SETEX" -> {
        values.put(text(command.get(1)), command.get(3));
        yield List.of("+OK\r\n");
      }
      case "GET" -> List.of("", bulk(values.get(text(command.get(1)))));
      case "MGET" -> {
        List<String> parts = new ArrayList<>();
        parts.add("*" + (command.size() - 1) + "\r\n");
        command.stream().skip(1).forEach(key -> parts.add(bulk(values.get(text(key)))));
        yield parts;
      }
      case "CLUSTER" ->
          List.of(
              "*1\r\n*3\r\n:0\r\n:16383\r\n*3\r\n$9\r\n127.0.0.1\r\n:%d\r\n$1\r\nx\r\n"
                  .formatted(server.getLocalPort()));
      default -> List.of("-ERR unknown command\r\n");
    };
  }

  private static String bulk(byte @Nullable [] value) {
    return value == null ? "$-1\r\n" : "$" + value.length + "\r\n" + text(value) + "\r\n";
  }

  private static List<byte[]> command(InputStream in) throws IOException {
    int count = Integer.parseInt(line(in).substring(1));
    List<byte[]> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = Integer.parseInt(line(in).substring(1));
      parts.add(in.readNBytes(length));
      line(in);
    }
    return parts;
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
