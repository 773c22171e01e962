package dev.pilotlight.cache;

import dev.pilotlight.support.BackgroundTasks;
import dev.pilotlight.support.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
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
import redis.clients.jedis.util.IOUtils;

/// Opens connections, and decides when one is too old. Thread-safe.
///
/// A connection starts with `AUTH` if there is a password. It sends no `HELLO`: RESP2 is the
/// default of every server, and versions before 6 do not have the command.
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

  /// @param aws used only for authentication by IAM
  /// @throws IllegalArgumentException if the file of certificates is unusable, or the region is
  ///   needed and not configured
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
    this.trusted = settings.tls() ? settings.caFile().map(Connector::trusting) : Optional.empty();
  }

  /// Connects, authenticates and makes the first use of the connection. The server has a step to
  /// accept it, and three more for the rest, however slowly its bytes arrive.
  ///
  /// @param first gets the connection; when it throws, the connection is closed
  /// @throws JedisException if the server does not answer, or refuses
  <T> T connect(HostAndPort address, Function<Wire, T> first) {
    @Nullable String password = password(); // without one there is no need to connect
    Wire wire = open(address);
    Future<?> alarm = null;
    try {
      alarm = background.alarm(Durations.times(settings.connect(), STEPS_MAX - 1), wire::cut);
      authenticate(wire, password);
      return first.apply(wire);
    } catch (RuntimeException | OutOfMemoryError e) {
      wire.cut();
      invalidateRefusedToken(e);
      throw e;
    } finally {
      if (alarm != null) {
        alarm.cancel(false);
      }
    }
  }

  boolean usable(Wire wire) {
    return wire.usable() && (tokens.isEmpty() || clock.millis() < wire.endMillis());
  }

  /// If the server refused the token, the next connection gets a new one.
  void invalidateRefusedToken(Throwable cause) {
    if (cause instanceof JedisAccessControlException) {
      tokens.ifPresent(IamTokens::invalidate);
    }
  }

  private @Nullable String password() {
    if (tokens.isPresent()) {
      return new String(tokens.get().get().getPassword());
    }
    return settings.password().isEmpty() ? null : settings.password();
  }

  private Wire open(HostAndPort address) {
    long end = tokens.isPresent() ? clock.millis() + IAM_LIFE.toMillis() : Long.MAX_VALUE;
    Socket plain = new DefaultJedisSocketFactory(address, steps).createSocket();
    try {
      Socket socket = settings.tls() ? tls(plain, address) : plain;
      return new Wire(plain, socket, RedisValue.bytesMax(settings.valueBytesMax()), end);
    } catch (IOException e) {
      IOUtils.closeQuietly(plain);
      throw new JedisConnectionException(e);
    } catch (RuntimeException | OutOfMemoryError e) {
      IOUtils.closeQuietly(plain);
      throw e;
    }
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

  /// Whether the server refused `AUTH` because it needs no password.
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

  /// @throws IllegalArgumentException if the file cannot be read or holds no certificates
  private static SSLSocketFactory trusting(Path caFile) {
    try (InputStream pem = Files.newInputStream(caFile)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate authority :
          CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        trusted.setCertificateEntry("ca" + trusted.size(), authority);
      }
      if (trusted.size() == 0) {
        throw new IllegalArgumentException("no PEM certificates in " + caFile);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException("cannot read PEM certificates from " + caFile, e);
    }
  }
}
