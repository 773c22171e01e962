package dev.pilotlight.store.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/// An HTTP client that can close each connection after its call. `Connection: close` in the request
/// is not enough: Java keeps the connection unless the response has the header, too.
///
/// @param client uses Java's own connections, which are kept after a call
/// @param kept whether connections may be kept; evaluated for each call
record UnkeptConnections(SdkHttpClient client, BooleanSupplier kept) implements SdkHttpClient {
  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    ExecutableHttpRequest prepared = client.prepareRequest(request);
    return kept.getAsBoolean() ? prepared : new OneCall(prepared);
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public void close() {
    client.close();
  }

  private record OneCall(ExecutableHttpRequest request) implements ExecutableHttpRequest {
    @Override
    public HttpExecuteResponse call() throws IOException {
      HttpExecuteResponse response = request.call();
      HttpExecuteResponse.Builder closing =
          HttpExecuteResponse.builder().response(response.httpResponse());
      response
          .responseBody()
          .map(body -> AbortableInputStream.create(new LastBody(body, request), body))
          .ifPresent(closing::responseBody);
      return closing.build();
    }

    @Override
    public void abort() {
      request.abort();
    }
  }

  private static final class LastBody extends FilterInputStream {
    private final ExecutableHttpRequest request;

    LastBody(InputStream body, ExecutableHttpRequest request) {
      super(body);
      this.request = request;
    }

    /// Disconnects first: Java cannot find the connection of a closed body.
    @Override
    public void close() throws IOException {
      request.abort();
      super.close();
    }
  }
}
