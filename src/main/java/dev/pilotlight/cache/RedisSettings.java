package dev.pilotlight.cache;

import dev.pilotlight.support.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.HostAndPort;

/// Address, credentials and time limits of Redis or Valkey.
///
/// @param seeds the one server, or some nodes of a cluster
/// @param password empty without authentication
/// @param user empty for Redis's default user
/// @param iam the ElastiCache cache whose tokens replace the password; empty without IAM
/// @param caFile CA bundle in PEM; empty for Java's default trust store
/// @param connect limit for each step of opening a connection in the background
/// @param read limit for the server's next bytes
/// @param total limit for one look-up or write: once for each started 256 keys or 256 KiB, at most
///   eight times
/// @param probe interval of attempts to reach a server that failed
/// @param connectionsMax in use at once, for each node
/// @param valueBytesMax larger values are not cached
public record RedisSettings(
    boolean cluster,
    boolean tls,
    List<HostAndPort> seeds,
    String user,
    String password,
    Optional<IamCache> iam,
    Optional<Path> caFile,
    Duration connect,
    Duration read,
    Duration total,
    Duration probe,
    int connectionsMax,
    long valueBytesMax) {

  private static final String OFF = "off";
  private static final int PORT = 6379;
  private static final Pattern URL = Pattern.compile("(redis|rediss)(\\+cluster)?://([^/@?#]+)/?");
  private static final Pattern SEED =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");
  private static final String ACCEPTED =
      "off, redis://host:port, rediss://host:port (TLS), redis+cluster://host:port,host:port,"
          + " rediss+cluster://…";

  /// Empty when `PILOTLIGHT_REDIS` is `off`.
  static Optional<RedisSettings> from(Settings s) {
    String url = s.of("REDIS", "the Redis or Valkey that caches results").text(OFF, ACCEPTED);
    String user =
        s.of("REDIS_USER", "Redis ACL user; versions before 6 have none").text("", "an ACL user");
    String password =
        s.of("REDIS_PASSWORD", "password of that user, white space included").secret();
    Optional<IamCache> iam = IamCache.from(s);
    String caFile =
        s.of(
                "REDIS_CA_FILE",
                "CA bundle for Redis TLS; default: Amazon's roots, or outside AWS all that Java"
                    + " trusts")
            .text("", "a file of PEM certificates");
    Duration connect =
        s.of("REDIS_CONNECT_MS", "timeout of each step of opening a connection, in the background")
            .millis(500, 1, 10_000);
    Duration read = s.of("REDIS_READ_MS", "timeout for Redis's next bytes").millis(50, 1, 10_000);
    Duration total =
        s.of(
                "REDIS_TOTAL_MS",
                "time limit of a look-up or write, per started 256 keys or 256 KiB, at"
                    + " most 8 times")
            .millis(80, 1, 10_000);
    Duration probe =
        s.of("REDIS_PROBE_MS", "pause between probes of a failed Redis").millis(500, 10, 60_000);
    int connections =
        s.of("REDIS_CONNECTIONS", "maximum connections per node").number(16, 1, 1_000);
    long valueBytes =
        s.of("REDIS_VALUE_BYTES", "larger results skip Redis").bytes(1_048_576, 0, 536_870_912);
    if (url.equals(OFF)) {
      return Optional.empty();
    }
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw wrongUrl();
    }
    boolean tls = parts.group(1).equals("rediss");
    iam.ifPresent(_ -> IamCache.check(tls, user, password));
    return Optional.of(
        new RedisSettings(
            parts.group(2) != null,
            tls,
            seeds(parts.group(3), parts.group(2) != null),
            user,
            password,
            iam,
            caFile.isEmpty() ? Optional.empty() : Optional.of(Path.of(caFile)),
            connect,
            read,
            total,
            probe,
            connections,
            valueBytes));
  }

  private static List<HostAndPort> seeds(String list, boolean cluster) {
    List<HostAndPort> seeds = new ArrayList<>();
    for (String seed : list.split(",", -1)) {
      Matcher parts = SEED.matcher(seed);
      if (!parts.matches()) {
        throw wrongUrl();
      }
      int port = parts.group(2) == null ? PORT : Integer.parseInt(parts.group(2));
      if (port < 1 || port > 65_535) {
        throw wrongUrl();
      }
      String host = parts.group(1);
      boolean brackets = host.startsWith("[");
      seeds.add(new HostAndPort(brackets ? host.substring(1, host.length() - 1) : host, port));
    }
    if (seeds.size() > 1 && !cluster) {
      throw wrongUrl();
    }
    return List.copyOf(seeds);
  }

  /// Does not repeat the value, which may contain a password.
  private static IllegalArgumentException wrongUrl() {
    return new IllegalArgumentException(
        "%sREDIS is not a URL of Redis; accepted: %s; user and password have their own settings"
            .formatted(Settings.PREFIX, ACCEPTED));
  }

  /// Without the password.
  @Override
  public String toString() {
    return "RedisSettings[%s%s %s, user '%s']"
        .formatted(tls ? "TLS " : "", cluster ? "cluster" : "standalone", seeds, user);
  }
}
