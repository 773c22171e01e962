package dev.pilotlight.local.redis;

import dev.pilotlight.local.support.DataDirectory;
import dev.pilotlight.local.support.Ports;
import dev.pilotlight.local.support.SelfSigned;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/// A real Redis on 127.0.0.1. It may be stopped and started again on its port any number of times;
/// its data survive that only in a directory of the caller's.
public final class RedisServer implements AutoCloseable {
  private static final int PORT_TRIES = 5;

  private final int port;
  private final Optional<SelfSigned> certificate;
  private final List<String> settings;
  private final Path directory;
  private final boolean persistent;
  private final Thread killer = new Thread(this::kill);
  private @Nullable RedisProcess process;

  private RedisServer(
      int port,
      Optional<SelfSigned> certificate,
      List<String> settings,
      Optional<Path> persistence) {
    this.port = port;
    this.certificate = certificate;
    this.settings = settings;
    persistent = persistence.isPresent();
    try {
      directory =
          persistent
              ? persistence.get()
              : Files.createTempDirectory("pilotlight-redis-" + port + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(killer);
  }

  /// Whether the bundled Redis runs on this machine (on Linux it needs OpenSSL 3).
  public static boolean available() {
    return problem().isEmpty();
  }

  /// Why it does not run, in one line.
  public static Optional<String> problem() {
    return RedisBinary.problem();
  }

  /// Starts one.
  ///
  /// @param port 0 for a free one
  /// @param settings of redis.conf as words of its command line, such as `--requirepass`, `secret`
  /// @throws IllegalStateException in one clear line if the port is taken or it cannot run here
  public static RedisServer start(int port, String... settings) {
    return start(port, Optional.empty(), List.of(settings));
  }

  /// Starts a server that keeps its data in a directory, if one is given: each write is in a file
  /// before the server answers it.
  public static RedisServer start(Optional<Path> directory, int port) {
    int claimed = Ports.claim("Redis", port);
    return launch(new RedisServer(claimed, Optional.empty(), List.of(), directory));
  }

  /// Starts one, with TLS only if there is a certificate.
  private static RedisServer start(
      int port, Optional<SelfSigned> certificate, List<String> settings) {
    if (port == 0) {
      return start(Ports::unused, certificate, settings);
    }
    int claimed = Ports.claim("Redis", port);
    return launch(new RedisServer(claimed, certificate, settings, Optional.empty()));
  }

  /// Starts one on the first of these ports that no other process binds before Redis does.
  static RedisServer start(
      IntSupplier ports, Optional<SelfSigned> certificate, List<String> settings) {
    for (int tries = 1; ; tries++) {
      RedisServer server =
          new RedisServer(ports.getAsInt(), certificate, settings, Optional.empty());
      try {
        server.listen();
        return server;
      } catch (RedisProcess.PortTaken e) {
        server.close();
        if (tries == PORT_TRIES) {
          throw new IllegalStateException(e.getMessage(), e);
        }
      } catch (RuntimeException e) {
        server.close();
        throw e;
      }
    }
  }

  private static RedisServer launch(RedisServer server) {
    try {
      server.start();
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
    return server;
  }

  /// Starts one with TLS only, on a free port.
  public static RedisServer startTls(SelfSigned certificate, String... settings) {
    return start(0, Optional.of(certificate), List.of(settings));
  }

  public int port() {
    return port;
  }

  public String url() {
    return (certificate.isPresent() ? "rediss://" : "redis://") + Ports.HOST + ":" + port;
  }

  /// The function's settings for this server. They replace the template's settings of another
  /// Redis.
  public Map<String, String> variables() {
    return Map.of(
        "PILOTLIGHT_REDIS", url(),
        "PILOTLIGHT_REDIS_IAM", "off",
        "PILOTLIGHT_REDIS_USER", "",
        "PILOTLIGHT_REDIS_PASSWORD", "");
  }

  /// A connection of the default user, to read and change the data directly. The caller closes it.
  // SslOptions, which is to replace ssl and its factory, takes no trust but from key stores
  @SuppressWarnings("deprecation")
  public Jedis jedis() {
    var config = DefaultJedisClientConfig.builder();
    int at = settings.indexOf("--requirepass");
    if (at >= 0) {
      config.password(settings.get(at + 1));
    }
    certificate.ifPresent(
        it -> config.ssl(true).sslSocketFactory(it.trusting()).sslParameters(new SSLParameters()));
    return new Jedis(new HostAndPort(Ports.HOST, port), config.build());
  }

  public synchronized boolean running() {
    return process != null && process.running();
  }

  /// Returns when it answers commands; does nothing if it runs.
  public synchronized void start() {
    if (running()) {
      return;
    }
    Ports.claim("Redis", port);
    try {
      Ports.bindPatiently(port, this::listen);
    } catch (IOException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
    if (persistent) {
      awaitLoaded();
    }
  }

  private synchronized void listen() throws RedisProcess.PortTaken {
    process = RedisProcess.start(command(), port, directory.resolve("redis.log"));
  }

  /// Redis accepts connections before it has loaded its data, and refuses commands until then.
  private void awaitLoaded() {
    try {
      while (isLoading()) {
        Thread.sleep(10);
      }
    } catch (IOException e) {
      throw new IllegalStateException("Redis ended on port " + port + " while it started", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Redis starts", e);
    }
  }

  private boolean isLoading() throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(Ports.address(port));
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() == '-'; // an error
    }
  }

  /// Returns when it has ended and its port refuses connections.
  public synchronized void stop() {
    if (process != null) {
      process.stop();
      process = null;
    }
  }

  /// Keeps connections open but answers nothing until [#thaw()]: a hung server. Not on Windows.
  public void freeze() {
    signal("-STOP");
  }

  public void thaw() {
    signal("-CONT");
  }

  /// Forgets all keys.
  public void flush() {
    try (Jedis jedis = jedis()) {
      jedis.flushAll();
    }
  }

  @Override
  public void close() {
    stop();
    deleteTemporary();
    try {
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (IllegalStateException e) {
      // the JVM is ending already
    }
  }

  private synchronized void signal(String signal) {
    if (process == null) {
      throw new IllegalStateException("Redis is stopped");
    }
    try {
      new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(RedisBinary.path());
    command.addAll(List.of("--port", Integer.toString(port), "--bind", Ports.HOST));
    command.addAll(List.of("--save", "", "--dir", directory.toString()));
    command.addAll(List.of("--appendonly", persistent ? "yes" : "no"));
    certificate.ifPresent(it -> command.addAll(tls(it)));
    command.addAll(settings);
    return command;
  }

  private List<String> tls(SelfSigned own) {
    List<String> tls = new ArrayList<>(List.of("--port", "0", "--tls-auth-clients", "no"));
    tls.addAll(List.of("--tls-port", Integer.toString(port)));
    tls.addAll(List.of("--tls-cert-file", own.certificate().toString()));
    tls.addAll(List.of("--tls-key-file", own.key().toString()));
    tls.addAll(List.of("--tls-ca-cert-file", own.certificate().toString()));
    return tls;
  }

  private void deleteTemporary() {
    if (persistent) {
      return;
    }
    try {
      DataDirectory.delete(directory);
    } catch (IOException | UncheckedIOException e) {
      // the system empties its temporary directory, too
    }
  }

  private void kill() {
    RedisProcess running = process;
    if (running != null) {
      running.kill();
    }
    deleteTemporary();
  }
}
