package dev.pilotlight.cli.replay;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A server to which requests are sent, by HTTP/1.1, without following redirects.
public final class HttpTarget implements AutoCloseable {
  /// Answers that arrive may take this share of the heap.
  private static final long HEAP_SHARE = 4;

  private static final String COST = "pilotlight-cost-usd";

  private final URI base;
  private final GivenHeaders headers;
  private final Duration timeout;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;
  private final AtomicLong collecting = new AtomicLong();
  private final long bytesMax = Runtime.getRuntime().maxMemory() / HEAP_SHARE;

  /// @param base as [#base(String)] returns it
  /// @param timeout from when a request is sent to its whole answer
  public HttpTarget(URI base, GivenHeaders headers, Duration timeout) {
    this.base = base;
    this.headers = headers;
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .executor(threads)
            .build();
  }

  /// Reads the URL of a server; requests' paths are appended to its path.
  ///
  /// @throws Malformed unless it is `http` or `https` with a host, and without user, query and
  ///   fragment
  public static URI base(String text) throws Malformed {
    try {
      URI url = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (http
          && url.getHost() != null
          && url.getRawUserInfo() == null
          && url.getRawQuery() == null
          && url.getRawFragment() == null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // reported below, without the text: it may hold a password
    }
    throw new Malformed(
        "a URL", "is wrong; accepted: http or https, a host, and a path: https://api.example.com");
  }

  String url() {
    return base.toString();
  }

  GivenHeaders headers() {
    return headers;
  }

  /// Sends a request; the future never completes exceptionally.
  CompletableFuture<Reply> send(RecordedRequest request) {
    HttpRequest prepared;
    try {
      prepared = prepare(request);
    } catch (IllegalArgumentException e) {
      // such as CONNECT, which the client does not send
      return CompletableFuture.completedFuture(failed(e));
    }
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.sendAsync(prepared, _ -> new LimitedBody(collecting, bytesMax));
    // the client's own time-out ends with the headers
    CompletableFuture<Reply> reply =
        exchange
            .handle((response, failure) -> response == null ? failed(failure) : reply(response))
            .completeOnTimeout(
                Reply.failed(Reply.TIMEOUT), timeout.toMillis(), TimeUnit.MILLISECONDS);
    var _ = reply.thenRunAsync(() -> exchange.cancel(true), threads);
    return reply;
  }

  private HttpRequest prepare(RecordedRequest request) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(base + request.path()))
            .timeout(timeout)
            .method(
                request.method(),
                request.body().length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(request.body()));
    headers.over(request.headers()).forEach(builder::setHeader);
    return builder.build();
  }

  private static Reply reply(HttpResponse<byte[]> response) {
    HttpHeaders headers = response.headers();
    String type = headers.firstValue("content-type").orElse("").toLowerCase(Locale.ROOT);
    return new Reply(
        response.statusCode(),
        "",
        String.join(", ", headers.allValues("cache-status")),
        usd(headers.firstValue(COST).orElse("")),
        type.startsWith("application/json") || type.contains("+json"),
        response.body());
  }

  private static double usd(String header) {
    try {
      double usd = Double.parseDouble(header);
      return Double.isFinite(usd) ? usd : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static Reply failed(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException e && e.getCause() != null ? e.getCause() : failure;
    return Reply.failed(
        switch (cause) {
          case HttpTimeoutException e -> Reply.TIMEOUT;
          case LimitedBody.TooLarge e -> "answer too large";
          case ConnectException e -> "no connection";
          case IOException e -> "connection broken";
          default -> "not sent: " + cause.getClass().getSimpleName();
        });
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
