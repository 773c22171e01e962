package dev.pilotlight.store.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.pack.TrainingTls;
import dev.pilotlight.suite.TrustingProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConnectionsTest {
  @TempDir private static Path directory;

  @SuppressWarnings("NullAway.Init")
  private static TrainingTls tls;

  @SuppressWarnings("NullAway.Init")
  private static ServerSocket server;

  @BeforeAll
  static void start() throws Exception {
    tls = TrainingTls.in(directory);
    server = TrustingProcess.listen(tls);
    Thread _ = Thread.ofVirtual().start(ConnectionsTest::answerAll);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @Test
  void aCertificateOfAnUnknownAuthorityIsRefused() {
    assertThatThrownBy(() -> Client.get("localhost", server.getLocalPort()))
        .isInstanceOf(SSLException.class);
  }

  @Test
  void aTrustedServerIsReachedByTheNameInItsCertificateAndByNoOther() throws Exception {
    assertThat(getInProcessThatTrusts("localhost")).isEqualTo("204");
    assertThat(getInProcessThatTrusts("127.0.0.1")).contains("SSLHandshakeException", "name");
  }

  private static String getInProcessThatTrusts(String host) throws Exception {
    return TrustingProcess.output(tls, Client.class, host, Integer.toString(server.getLocalPort()));
  }

  static final class Client {
    private Client() {}

    public static void main(String[] args) throws IOException {
      try {
        System.out.println(get(args[0], Integer.parseInt(args[1])));
      } catch (SSLException e) {
        System.out.println(e);
      }
    }

    static int get(String host, int port) throws IOException {
      Duration wait = Duration.ofSeconds(30);
      URI uri = URI.create("https://%s:%d".formatted(host, port));
      return new Connections(wait, wait).createConnection(uri).getResponseCode();
    }
  }

  private static void answerAll() {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        BufferedReader request =
            new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
        while (!request.readLine().isEmpty()) {}
        client.getOutputStream().write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(US_ASCII));
      } catch (IOException e) {
        // refused by the client, or closed
      }
    }
  }
}
