package dev.pilotlight.cli.aws;

import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.format.LoadFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/// Signed requests to AWS, each answered or with a reason why not.
public final class AwsCalls {
  private static final int ATTEMPTS = 4;
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration TIME_MAX = Duration.ofSeconds(10);
  private static final int OK = 200;
  private static final int OTHER = 300;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;

  /// In XML, or at the end of a JSON type or of a header: `…#AccessDeniedException:http…`.
  private static final Pattern XML_CODE = Pattern.compile("<Code>(\\w+)</Code>");

  private static final Pattern XML_MESSAGE = Pattern.compile("<Message>([^<]*)</Message>");
  private static final Pattern TYPE = Pattern.compile("(?:.*#)?(\\w+)(?::.*)?");

  private final AwsCredentialsProvider credentials;
  private final Optional<URI> endpoint;
  private final Duration pause;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIME_MAX).build();

  /// @param endpoint in place of AWS's own
  /// @param pause before the second attempt; each later one waits twice as long
  public AwsCalls(AwsCredentialsProvider credentials, Optional<URI> endpoint, Duration pause) {
    this.credentials = credentials;
    this.endpoint = endpoint;
    this.pause = pause;
  }

  /// With the credentials of the process: environment, profile, container or instance.
  public static AwsCalls ofProcess() {
    Optional<URI> endpoint =
        Optional.ofNullable(System.getenv("AWS_ENDPOINT_URL")).map(URI::create);
    return new AwsCalls(DefaultCredentialsProvider.builder().build(), endpoint, PAUSE);
  }

  /// The region of the process: environment, profile or instance.
  public static Optional<String> regionOfProcess() {
    try {
      return Optional.of(new DefaultAwsRegionProviderChain().getRegion().id());
    } catch (SdkException e) {
      return Optional.empty();
    }
  }

  /// One request.
  ///
  /// @param service for the signature
  /// @param region for the signature; [Signatures#ALL_REGIONS] for one of Version 4A
  /// @param body empty for none
  public record Call(
      SdkHttpMethod method,
      String service,
      String region,
      String host,
      String path,
      Map<String, String> headers,
      String body) {

    /// GET with JSON in the answer.
    public static Call get(String service, String region, String path) {
      return rest(SdkHttpMethod.GET, service, region, path, "");
    }

    /// A request of the REST protocol with JSON.
    public static Call rest(
        SdkHttpMethod method, String service, String region, String path, String body) {
      Map<String, String> headers =
          body.isEmpty() ? Map.of() : Map.of("content-type", "application/json");
      return new Call(method, service, region, aws(service + "." + region), path, headers, body);
    }

    /// POST of the JSON protocol.
    ///
    /// @param name as in [#aws]
    public static Call json(
        String service, String region, String name, String target, String body) {
      Map<String, String> headers =
          Map.of("content-type", "application/x-amz-json-1.1", "x-amz-target", target);
      return new Call(SdkHttpMethod.POST, service, region, aws(name), "/", headers, body);
    }

    /// POST of the query protocol, with XML in the answer.
    public static Call query(String service, String region, String body) {
      Map<String, String> headers = Map.of("content-type", "application/x-www-form-urlencoded");
      String host = aws(service + "." + region);
      return new Call(SdkHttpMethod.POST, service, region, host, "/", headers, body);
    }

    /// A host of AWS by its name without the domain, such as `s3.us-east-1`.
    public static String aws(String name) {
      return name + ".amazonaws.com";
    }
  }

  /// An answer.
  ///
  /// @param headers by lower-case name; the first value if a header repeats
  public record Reply(Map<String, String> headers, String body) {}

  /// The body of the answer.
  public Asked<String> ask(Call call) {
    return switch (reply(call)) {
      case Asked.Unknown<Reply>(String reason) -> new Asked.Unknown<>(reason);
      case Asked.Known<Reply>(Reply reply) -> new Asked.Known<>(reply.body);
    };
  }

  /// The answer with its headers.
  public Asked<Reply> reply(Call call) {
    return reply(call, TIME_MAX);
  }

  /// As [#reply(Call)].
  ///
  /// @param timeout of each attempt
  public Asked<Reply> reply(Call call, Duration timeout) {
    try {
      AwsCredentialsIdentity identity = credentials.resolveCredentials();
      Asked<Reply> answer = new Asked.Unknown<>("");
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (attempt > 0) {
          pause(attempt);
        }
        HttpResponse<String> response = send(call, identity, timeout);
        answer = read(response);
        if (answer instanceof Asked.Known || !isTransient(response, answer)) {
          return answer;
        }
      }
      return answer;
    } catch (SdkException e) {
      return new Asked.Unknown<>(
          "no credentials: set AWS_PROFILE, or for a profile with single sign-on"
              + " eval \"$(aws configure export-credentials --format env)\"");
    } catch (Signatures.Unsigned e) {
      return new Asked.Unknown<>("the request cannot be signed: " + e.getCause());
    } catch (IOException e) {
      return new Asked.Unknown<>(call.host + " cannot be reached: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Asked.Unknown<>("interrupted");
    }
  }

  /// Waits before a further attempt: the first time as before the second one of a call, and each
  /// later time twice as long.
  public void pause(int time) throws InterruptedException {
    Thread.sleep(pause.multipliedBy(1L << (time - 1)));
  }

  /// The answer as JSON.
  public Asked<JsonFile> askJson(Call call) {
    return switch (ask(call)) {
      case Asked.Unknown<String>(String reason) -> new Asked.Unknown<>(reason);
      case Asked.Known<String>(String body) -> {
        try {
          yield new Asked.Known<>(
              JsonFile.of("the answer of " + call.host, body.getBytes(StandardCharsets.UTF_8)));
        } catch (LoadFailure e) {
          yield new Asked.Unknown<>(e.reason());
        }
      }
    };
  }

  private HttpResponse<String> send(Call call, AwsCredentialsIdentity identity, Duration timeout)
      throws IOException, InterruptedException {
    String base = "https://" + call.host;
    URI uri = URI.create(endpoint.map(URI::toString).orElse(base) + call.path);
    SdkHttpRequest signed = Signatures.sign(call, uri, identity);
    HttpRequest.Builder out = HttpRequest.newBuilder(uri).timeout(timeout);
    SignedHeaders.copy(signed, out);
    out.method(
        signed.method().name(),
        call.body.isEmpty()
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(call.body));
    return http.send(out.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static Asked<Reply> read(HttpResponse<String> response) {
    String body = response.body();
    if (response.statusCode() >= OK && response.statusCode() < OTHER) {
      Map<String, String> headers = new HashMap<>();
      response
          .headers()
          .map()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
      return new Asked.Known<>(new Reply(headers, body));
    }
    String code = response.headers().firstValue("x-amzn-errortype").orElse("");
    String message = "";
    Matcher xml = XML_CODE.matcher(body);
    if (xml.find()) {
      code = xml.group(1);
      Matcher text = XML_MESSAGE.matcher(body);
      message = text.find() ? text.group(1) : "";
    } else {
      try {
        JsonFile json = JsonFile.of("error", body.getBytes(StandardCharsets.UTF_8));
        code = code.isEmpty() ? json.text("__type").orElse("") : code;
        message = json.text("message").or(() -> json.text("Message")).orElse("");
      } catch (LoadFailure e) {
        // a proxy's page; the status has to do
      }
    }
    Matcher type = TYPE.matcher(code);
    String name = type.matches() ? type.group(1) : "status " + response.statusCode();
    return new Asked.Unknown<>(message.isEmpty() ? name : name + ": " + message);
  }

  private static boolean isTransient(HttpResponse<String> response, Asked<Reply> answer) {
    return response.statusCode() == TOO_MANY
        || response.statusCode() >= SERVER_ERROR
        || (answer instanceof Asked.Unknown<Reply>(String reason)
            && (reason.startsWith("Throttl")
                || reason.startsWith("TooManyRequests")
                || reason.startsWith("LimitExceeded")
                || reason.startsWith("ProvisionedThroughputExceeded")
                || reason.startsWith("RequestLimitExceeded")));
  }
}
