package dev.pilotlight.cache;

import dev.pilotlight.support.BackgroundTasks;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Function;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/// Opens connections, and decides when one is too old. Thread-safe.
///
/// A connection starts with `AUTH` if there is a password, and else with nothing: RESP2 is what
/// every Redis speaks first, so no `HELLO` is needed, which versions before 6 lack.
final class Connector {
  /// ElastiCache closes a connection 12 hours after its IAM authentication.
  private static final Duration IAM_LIFE = Duration.ofHours(11);

  /// Connect, TLS handshake, authentication, first command.
  static final int STEPS_MAX = 4;

  private final RedisSettings settings;
  private final BackgroundTasks background;
  private final InstantSource clock;
  private final Optional<IamTokens> tokens;
  private final JedisClientConfig steps;
  private final Optional<SSLSocketFactory> trusted;

  /// @param aws asked only for authentication by IAM
  /// @throws IllegalArgumentException if the file of certificates is unusable, or the region is not
  ///   known and needed
  Connector(
      RedisSettings settings, AwsIdentity aws, BackgroundTasks background, InstantSource clock) {
    this.settings = settings;
    this.background = background;
    this.clock = clock;
    this.tokens = settings.iam().map(it -> new IamTokens(it, settings.user(), aws, clock));
    int stepMs = Math.toIntExact(settings.connect().toMillis());
    this.steps =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis(stepMs)
            .socketTimeoutMillis(stepMs)
            .build();
    this.trusted = settings.tls() ? settings.caFile().map(RedisTls::trusting) : Optional.empty();
  }

  /// Connects, authenticates and makes the first use of the connection. It is cut when all that
  /// takes longer than four steps, however slowly the server's bytes arrive.
  ///
  /// @param first gets the connection; when it throws, the connection is closed
  /// @throws JedisException if the server does not answer, or refuses
  <T> T connect(HostAndPort address, Function<Wire, T> first) {
    long end = tokens.isPresent() ? clock.millis() + IAM_LIFE.toMillis() : Long.MAX_VALUE;
    @Nullable String password = password(); // without one there is no need to connect
    Cutter cutter = new Cutter();
    Future<?> alarm = background.alarm(settings.connect().multipliedBy(STEPS_MAX), cutter::cutLate);
    try {
      Wire wire = opened(address, cutter, end);
      authenticate(wire, password);
      return first.apply(wire);
    } catch (IOException e) {
      cutter.cutLate();
      throw new JedisConnectionException(e);
    } catch (RuntimeException | OutOfMemoryError e) {
      cutter.cutLate();
      refused(e);
      throw e;
    } finally {
      alarm.cancel(false);
    }
  }

  boolean usable(Wire wire) {
    return wire.usable() && (tokens.isEmpty() || clock.millis() < wire.endMillis());
  }

  /// Takes note of a failure. If the server refused the token, the next connection has a new one.
  void refused(Throwable cause) {
    if (cause instanceof JedisAccessControlException) {
      tokens.ifPresent(IamTokens::forget);
    }
  }

  private @Nullable String password() {
    if (tokens.isPresent()) {
      return new String(tokens.get().get().getPassword());
    }
    return settings.password().isEmpty() ? null : settings.password();
  }

  private Wire opened(HostAndPort address, Cutter cutter, long endMillis) throws IOException {
    Socket plain = new DefaultJedisSocketFactory(address, steps).createSocket();
    cutter.watch(plain);
    long valueBytesMax = RedisValue.bytesMax(settings.valueBytesMax());
    return new Wire(plain, settings.tls() ? tls(plain, address) : plain, valueBytesMax, endMillis);
  }

  private Socket tls(Socket plain, HostAndPort address) throws IOException {
    SSLSocketFactory factory =
        trusted.orElseGet(() -> (SSLSocketFactory) SSLSocketFactory.getDefault());
    SSLSocket socket =
        (SSLSocket) factory.createSocket(plain, address.getHost(), address.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the certificate names the host
    socket.setSSLParameters(parameters);
    return socket;
  }

  private void authenticate(Wire wire, @Nullable String password) {
    if (password == null) {
      return;
    }
    CommandArguments auth = new CommandArguments(Protocol.Command.AUTH);
    if (!settings.user().isEmpty()) {
      auth.add(settings.user());
    }
    wire.send(List.of(auth.add(password)), settings.connect());
    JedisDataException refusal = wire.replies().status("OK");
    if (refusal != null && !needsNone(refusal)) {
      throw explained(refusal, password);
    }
    if (wire.replies().unread()) {
      throw new JedisConnectionException("AUTH has more than one reply");
    }
  }

  /// The server needs no password, and answers `AUTH` with an error that says so.
  private static boolean needsNone(JedisDataException refusal) {
    String message = String.valueOf(refusal.getMessage());
    return message.contains("without any password configured")
        || message.contains("no password is set");
  }

  /// Servers repeat arguments in some error replies; the password must not get into the log.
  private JedisException explained(JedisDataException refusal, String password) {
    String message = String.valueOf(refusal.getMessage());
    if (message.startsWith("ERR wrong number of arguments") && !settings.user().isEmpty()) {
      return new JedisAccessControlException(
          "Redis before version 6 has no users; unset PILOTLIGHT_REDIS_USER");
    }
    int arguments = message.indexOf("with args");
    String safe =
        (arguments < 0 ? message : message.substring(0, arguments)).replace(password, "…");
    return refusal instanceof JedisAccessControlException
        ? new JedisAccessControlException(safe)
        : new JedisDataException(safe);
  }

  /// Closes the socket of a connection that does not come about.
  private static final class Cutter {
    private @Nullable Socket socket;
    private boolean late;

    synchronized void watch(Socket opened) throws IOException {
      socket = opened;
      if (late) {
        opened.close();
      }
    }

    synchronized void cutLate() {
      late = true;
      try {
        if (socket != null) {
          socket.close();
        }
      } catch (IOException e) {
        // it is closed either way
      }
    }
  }
}
