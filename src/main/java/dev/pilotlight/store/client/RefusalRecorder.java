package dev.pilotlight.store.client;

import java.io.IOException;
import java.time.Duration;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/// An HTTP client that records when the server last refused or throttled a call (status 4xx). The
/// SDK reports a throttled call that ran out of time as a time-out, so its exceptions do not show
/// whether the server answered. Thread-safe.
final class RefusalRecorder implements SdkHttpClient {
  private static final int CLIENT_ERROR = 400;
  private static final int SERVER_ERROR = 500;

  private final SdkHttpClient client;
  // a day ago: the first call makes this client and must not count as answered
  private volatile long lastRefusalNanos = System.nanoTime() - Duration.ofDays(1).toNanos();

  RefusalRecorder(SdkHttpClient client) {
    this.client = client;
  }

  /// The time of the last refusal on the clock of [System#nanoTime()]; a day ago before the first.
  long lastRefusalNanos() {
    return lastRefusalNanos;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new OneCall(client.prepareRequest(request));
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public void close() {
    client.close();
  }

  private final class OneCall implements ExecutableHttpRequest {
    private final ExecutableHttpRequest request;

    OneCall(ExecutableHttpRequest request) {
      this.request = request;
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      HttpExecuteResponse response = request.call();
      int status = response.httpResponse().statusCode();
      if (status >= CLIENT_ERROR && status < SERVER_ERROR) {
        lastRefusalNanos = System.nanoTime();
      }
      return response;
    }

    @Override
    public void abort() {
      request.abort();
    }
  }
}
