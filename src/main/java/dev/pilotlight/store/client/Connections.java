package dev.pilotlight.store.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import javax.net.ssl.HttpsURLConnection;
import software.amazon.awssdk.http.urlconnection.UrlConnectionFactory;

/// Opens the AWS clients' connections. What TLS needs is made with the first connection that needs
/// it: the SDK's own factory makes it with the client, and of all authorities that Java knows.
///
/// @param connect the longest wait for a connection
/// @param read the longest wait for each next byte
record Connections(Duration connect, Duration read, AwsTls tls) implements UrlConnectionFactory {

  @Override
  public HttpURLConnection createConnection(URI uri) {
    try {
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(Math.toIntExact(connect.toMillis()));
      connection.setReadTimeout(Math.toIntExact(read.toMillis()));
      if (connection instanceof HttpsURLConnection secure) {
        secure.setSSLSocketFactory(tls.sockets());
      }
      return connection;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
