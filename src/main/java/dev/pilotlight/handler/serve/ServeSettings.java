package dev.pilotlight.handler.serve;

import dev.pilotlight.support.Settings;
import dev.pilotlight.tenant.TenantSettings;
import dev.pilotlight.tenant.TenantSettings.Rule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// How a container serves HTTP. They are settings only with `PILOTLIGHT_SERVE=http`.
///
/// @param host the address that the server binds
/// @param port of the API
/// @param metricsPort of Prometheus' page; 0 for none
/// @param connectionsMax connections at the same time; the system holds back further ones
/// @param threads requests that are answered at the same time; further ones wait
/// @param idle after which a connection without a request is closed
/// @param receive the longest time for a request's head, and again for its body
/// @param headBytesMax the most bytes of a request's line and headers
/// @param bodiesBytesMax the most bytes that the bodies of all requests have together
/// @param drainDelay how long the server still takes connections after it is asked to end
/// @param drain how long requests may then take
/// @param corsOrigins of pages that may call it; `*` for all
public record ServeSettings(
    String host,
    int port,
    int metricsPort,
    int connectionsMax,
    int threads,
    Duration idle,
    Duration receive,
    int headBytesMax,
    long bodiesBytesMax,
    Duration drainDelay,
    Duration drain,
    List<String> corsOrigins) {
  /// Selects the server; the other value is `lambda`.
  public static final String HTTP = "http";

  private static final String NAME = "SERVE";
  private static final String ACCEPTED = "lambda, http";
  private static final String ORIGINS = "SERVE_CORS_ORIGINS";
  private static final String ORIGINS_ACCEPTED = "*, or origins joined by commas";
  private static final int PORT_MAX = 65_535;
  private static final int PORT_DEFAULT = 8080;
  private static final int METRICS_PORT_DEFAULT = 8002;
  private static final int HEAP_SHARE = 4;

  /// Credentials that the package supports and prefers to the token of a service account.
  private static final List<String> CREDENTIALS =
      List.of(
          "AWS_ACCESS_KEY_ID",
          "AWS_CONTAINER_CREDENTIALS_FULL_URI",
          "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");

  public ServeSettings {
    corsOrigins = List.copyOf(corsOrigins);
  }

  /// Whether a server answers requests, and not Lambda's Runtime API.
  public static boolean isHttp(Settings settings) {
    String value =
        settings
            .of(
                NAME,
                "source of requests: `lambda`, by its Runtime API, or the container's server of"
                    + " `http`")
            .text("lambda", ACCEPTED);
    if (!value.equals("lambda") && !value.equals(HTTP)) {
      throw Settings.wrong(NAME, value, ACCEPTED);
    }
    return value.equals(HTTP);
  }

  /// Reads the settings.
  ///
  /// @throws IllegalArgumentException naming the setting that is wrong
  public static ServeSettings from(Settings s) {
    ServeSettings all =
        new ServeSettings(
            s.of("SERVE_HOST", "bind address of the HTTP server")
                .text("0.0.0.0", "an IP address or host name"),
            s.of("SERVE_PORT", "port of the API").number(PORT_DEFAULT, 1, PORT_MAX),
            s.of(
                    "SERVE_METRICS_PORT",
                    "port of `/metrics` for Prometheus and of health probes; 0: none, then probes"
                        + " use the API's port")
                .number(METRICS_PORT_DEFAULT, 0, PORT_MAX),
            s.of("SERVE_CONNECTIONS_MAX", "connections at the same time; further ones wait")
                .number(1024, 1, PORT_MAX),
            s.of("SERVE_THREADS", "requests that are answered at the same time; further ones wait")
                .number(64, 1, 1024),
            s.of("SERVE_IDLE_MS", "a connection without a request for so long is closed")
                .millis(75_000, 1_000, 3_600_000),
            s.of("SERVE_RECEIVE_MS", "longest time for a request's head, and again for its body")
                .millis(30_000, 100, 900_000),
            s.of("SERVE_HEAD_BYTES_MAX", "maximum size of a request's line and headers")
                .number(10_240, 1_024, 65_536),
            bodies(s),
            s.of(
                    "SERVE_DRAIN_DELAY_MS",
                    "how long the server still takes requests after SIGTERM, while it is not ready")
                .millis(5_000, 0, 600_000),
            s.of("SERVE_DRAIN_MS", "how long requests in flight may take after that")
                .millis(25_000, 0, 900_000),
            origins(s));
    if (all.port == all.metricsPort) {
      throw Settings.wrong(
          "SERVE_METRICS_PORT", Integer.toString(all.metricsPort), "another port than SERVE_PORT");
    }
    return all;
  }

  private static long bodies(Settings s) {
    long bytes =
        s.of(
                "SERVE_BODIES_BYTES_MAX",
                "maximum size of the bodies of all requests together; 0: a quarter of the heap")
            .bytes(0, 0, 1L << 40);
    return bytes == 0 ? Runtime.getRuntime().maxMemory() / HEAP_SHARE : bytes;
  }

  private static List<String> origins(Settings s) {
    String value =
        s.of(ORIGINS, "origins of pages that may call the API; unset: none")
            .text("", ORIGINS_ACCEPTED);
    List<String> origins =
        Stream.of(value.split(",", -1)).map(String::strip).filter(it -> !it.isEmpty()).toList();
    boolean any = origins.equals(List.of("*"));
    if (!any && !origins.stream().allMatch(ServeSettings::isOrigin)) {
      throw Settings.wrong(
          ORIGINS, value, ORIGINS_ACCEPTED + ", as https://host (lower case, no default port)");
    }
    return origins;
  }

  /// Whether a browser sends this text as an origin.
  private static boolean isOrigin(String text) {
    return text.matches("https?://[a-z0-9.\\[\\]:-]+") && !text.matches("http:.*:80|https:.*:443");
  }

  /// Refuses what only Lambda and API Gateway can do.
  ///
  /// @throws IllegalArgumentException naming the setting
  public static void requirePossible(TenantSettings tenants, boolean traces) {
    if (tenants.rule() != Rule.STACK && tenants.rule() != Rule.KEY) {
      throw new IllegalArgumentException(
          "PILOTLIGHT_TENANT_FROM needs an authorizer of API Gateway (IAM, JWT or Lambda), which"
              + " PILOTLIGHT_SERVE=http does not have; accepted: stack, key");
    }
    if (tenants.keys() != null && tenants.keys().edge() != null) {
      throw new IllegalArgumentException(
          "PILOTLIGHT_EDGE_SECRETS is set with PILOTLIGHT_SERVE=http, but health probes carry no"
              + " secret and would be refused; unset it");
    }
    if (traces) {
      throw new IllegalArgumentException(
          "PILOTLIGHT_TRACES is 'on', but PILOTLIGHT_SERVE=http does not have Lambda's X-Ray"
              + " daemon; accepted: off");
    }
  }

  /// Refuses credentials that the package cannot use. Without this check, the SDK would take those
  /// of the machine, which may allow more.
  ///
  /// @throws IllegalArgumentException naming the variable
  public static void requireCredentials(Map<String, String> environment) {
    if (!environment.getOrDefault("AWS_WEB_IDENTITY_TOKEN_FILE", "").isBlank()
        && CREDENTIALS.stream().allMatch(name -> environment.getOrDefault(name, "").isBlank())) {
      throw new IllegalArgumentException(
          "AWS_WEB_IDENTITY_TOKEN_FILE is set, which needs AWS STS, and the package has no client"
              + " for it; accepted: EKS Pod Identity, the role of an ECS task, or"
              + " AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY");
    }
  }
}
