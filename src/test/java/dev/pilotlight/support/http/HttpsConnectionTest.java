package dev.pilotlight.support.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.pack.TrainingTls;
import dev.pilotlight.suite.TrustingProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HttpsConnectionTest {
  @TempDir private static Path directory;

  @SuppressWarnings("NullAway.Init")
  private static TrainingTls tls;

  @SuppressWarnings("NullAway.Init")
  private static ServerSocket server;

  @SuppressWarnings("NullAway.Init")
  private static ServerSocket silent;

  @BeforeAll
  static void start() throws Exception {
    tls = TrainingTls.in(directory);
    server = TrustingProcess.listen(tls);
    silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    Thread _ = Thread.ofVirtual().start(HttpsConnectionTest::answerAll);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    silent.close();
  }

  @Test
  void reachesTheServerByTheNameInItsCertificateAndByNoOther() throws Exception {
    String output =
        TrustingProcess.output(
            tls,
            Client.class,
            "localhost:" + server.getLocalPort(),
            "127.0.0.1:" + server.getLocalPort(),
            "localhost:" + silent.getLocalPort());
    String[] lines = output.split("\n", -1);
    assertThat(lines[0]).isEqualTo("204 204 reusable");
    assertThat(lines[1]).contains("SSLHandshakeException", "name");
    assertThat(lines[2]).contains("SocketTimeoutException");
  }

  @Test
  void refusesACertificateOfAnUnknownAuthority() {
    assertThat(Client.outcome("localhost:" + server.getLocalPort()))
        .contains("SSLHandshakeException");
  }

  static final class Client {
    private static final byte[] GET = HttpRequest.of("GET", "/").header("Host", "h").bytes();

    private Client() {}

    public static void main(String[] servers) {
      for (String one : servers) {
        System.out.println(outcome(one));
      }
    }

    /// Makes two exchanges on one connection.
    static String outcome(String server) {
      int colon = server.indexOf(':');
      HttpOrigin origin =
          new HttpOrigin(
              true, server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)));
      long wait = Duration.ofSeconds(3).toNanos();
      try (HttpConnection connection = HttpConnection.open(origin, wait)) {
        int first = connection.exchange(GET, wait, wait, 100).status();
        int second = connection.exchange(GET, wait, wait, 100).status();
        return first + " " + second + (connection.isReusable() ? " reusable" : "");
      } catch (IOException e) {
        return e.toString();
      }
    }
  }

  private static void answerAll() {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        BufferedReader request =
            new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
        String line = request.readLine();
        while (line != null) {
          if (line.isEmpty()) {
            client.getOutputStream().write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(US_ASCII));
          }
          line = request.readLine();
        }
      } catch (IOException e) {
        // refused by the client, or closed
      }
    }
  }
}
