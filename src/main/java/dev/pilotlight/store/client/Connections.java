package dev.pilotlight.store.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionFactory;

/// Opens the AWS clients' connections. Java prepares TLS when the first connection needs it; the
/// SDK's own factory would do so when the client is built.
///
/// @param connect the longest wait for a connection
/// @param read the longest wait for each next byte
record Connections(Duration connect, Duration read) implements UrlConnectionFactory {

  @Override
  public HttpURLConnection createConnection(URI uri) {
    try {
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(Math.toIntExact(connect.toMillis()));
      connection.setReadTimeout(Math.toIntExact(read.toMillis()));
      return connection;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
