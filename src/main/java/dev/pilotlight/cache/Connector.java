package dev.pilotlight.cache;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisAccessControlException;

/// Opens connections, and says when one is too old. Thread-safe.
final class Connector {
  /// ElastiCache closes a connection 12 hours after its IAM authentication.
  private static final Duration IAM_LIFE = Duration.ofHours(11);

  private final InstantSource clock;
  private final Optional<IamTokens> tokens;
  private final JedisClientConfig config;

  /// @param aws asked only for authentication by IAM
  /// @throws IllegalArgumentException if the file of certificates is unusable, or the region is not
  ///   known and needed
  Connector(RedisSettings settings, AwsIdentity aws, InstantSource clock) {
    this.clock = clock;
    this.tokens = settings.iam().map(it -> new IamTokens(it, settings.user(), aws, clock));
    this.config = config(settings, tokens);
  }

  /// Connects and authenticates, which takes as long as the network likes.
  ///
  /// @throws redis.clients.jedis.exceptions.JedisException if the server is not there or refuses us
  Wire connect(HostAndPort address) {
    long end = Long.MAX_VALUE;
    if (tokens.isPresent()) {
      end = clock.millis() + IAM_LIFE.toMillis();
      var _ = tokens.get().get(); // where there is none, the server need not be bothered
    }
    try {
      return new Wire(address, config, end);
    } catch (JedisAccessControlException e) {
      refused(e);
      throw e;
    }
  }

  boolean usable(Wire wire) {
    return wire.usable() && (tokens.isEmpty() || clock.millis() < wire.endMillis());
  }

  /// To be told of what a server answered. If it was to who we are, the next connection has a new
  /// token.
  void refused(Throwable cause) {
    if (cause instanceof JedisAccessControlException) {
      tokens.ifPresent(IamTokens::forget);
    }
  }

  // SslOptions, which is to replace ssl and its factory, makes a new context for each connection
  @SuppressWarnings("deprecation")
  private static JedisClientConfig config(RedisSettings settings, Optional<IamTokens> tokens) {
    int stepMs = Math.toIntExact(settings.connect().toMillis());
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder()
            .resp2() // nothing of RESP3 is used, and its greeting is a round trip
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
            .connectionTimeoutMillis(stepMs)
            .socketTimeoutMillis(stepMs)
            .user(orNull(settings.user()))
            .password(orNull(settings.password()))
            .ssl(settings.tls());
    tokens.ifPresent(config::credentialsProvider);
    if (settings.tls()) {
      SSLParameters parameters = new SSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the certificate names the host
      config.sslParameters(parameters);
      settings.caFile().map(RedisTls::trusting).ifPresent(config::sslSocketFactory);
    }
    return config.build();
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
