package dev.pilotlight.store.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.pack.TrainingTls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AwsTrustTest {
  @TempDir private static Path directory;

  @SuppressWarnings("NullAway.Init")
  private static X509Certificate server;

  @SuppressWarnings("NullAway.Init")
  private static SSLContext serverContext;

  @BeforeAll
  static void makeAServersCertificate() throws Exception {
    TrainingTls tls = TrainingTls.in(directory);
    serverContext = tls.server();
    KeyStore trusted = KeyStore.getInstance(tls.trustStore().toFile(), (char[]) null);
    server = (X509Certificate) trusted.getCertificate(TrainingTls.TRUSTED);
  }

  @Test
  void everyRootIsAmazonsAndOneThatJavaTrustsToo() throws Exception {
    KeyStore roots = AwsTrust.roots();
    assertThat(roots.size()).isEqualTo(5);
    List<X509Certificate> javas = Arrays.asList(javas().getAcceptedIssuers());
    for (String alias : Collections.list(roots.aliases())) {
      X509Certificate root = (X509Certificate) roots.getCertificate(alias);
      assertThat(root.getSubjectX500Principal().getName()).containsAnyOf("Amazon", "Starfield");
      assertThat(javas).contains(root);
    }
  }

  @Test
  void aCertificateOfAKnownAuthorityIsTrusted() throws Exception {
    KeyStore roots = AwsTrust.roots();
    roots.setCertificateEntry("test", server);
    X509Certificate[] chain = {server};
    new AwsTrust(roots).checkServerTrusted(chain, "ECDHE_RSA");
  }

  @Test
  void aCertificateThatNeitherAmazonNorJavaKnowsIsRefusedAndBothSayWhy() throws Exception {
    AwsTrust trust = new AwsTrust(AwsTrust.roots());
    X509Certificate[] chain = {server};
    assertThatThrownBy(() -> trust.checkServerTrusted(chain, "ECDHE_RSA"))
        .isInstanceOf(CertificateException.class)
        .satisfies(refusal -> assertThat(refusal.getSuppressed()).hasSize(1));
  }

  @Test
  void aServerIsReachedByTheNameInItsCertificateAndByNoOther() throws Exception {
    KeyStore roots = AwsTrust.roots();
    roots.setCertificateEntry("test", server);
    AwsTrust trust = new AwsTrust(roots);
    Connections connections =
        new Connections(Duration.ofSeconds(5), Duration.ofSeconds(5), new AwsTls(() -> trust));
    try (ServerSocket socket =
        serverContext
            .getServerSocketFactory()
            .createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread _ = Thread.ofVirtual().start(() -> answerAll(socket));
      URI right = URI.create("https://localhost:" + socket.getLocalPort());
      URI wrong = URI.create("https://127.0.0.1:" + socket.getLocalPort());

      assertThat(connections.createConnection(right).getResponseCode()).isEqualTo(204);
      assertThatThrownBy(() -> connections.createConnection(wrong).getResponseCode())
          .isInstanceOf(SSLException.class)
          .cause()
          .satisfies(why -> assertThat(why.getSuppressed()[0]).hasMessageContaining("name"));
    }
  }

  private static void answerAll(ServerSocket socket) {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        BufferedReader request =
            new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
        while (!request.readLine().isEmpty()) {}
        client.getOutputStream().write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(US_ASCII));
      } catch (IOException e) {
        // refused by the client, or closed
      }
    }
  }

  @Test
  void noClientIsTrusted() throws Exception {
    AwsTrust trust = new AwsTrust(AwsTrust.roots());
    X509Certificate[] chain = {server};
    assertThatThrownBy(() -> trust.checkClientTrusted(chain, "ECDHE_RSA"))
        .isInstanceOf(CertificateException.class);
  }

  private static X509TrustManager javas() throws Exception {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }
}
