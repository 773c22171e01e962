package dev.pilotlight.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthoritiesTest {
  @TempDir private Path runtime;

  @Test
  void aLimitedRuntimeTrustsTheRootsOfAmazonAndNoOthers() throws Exception {
    Path java = Path.of(System.getProperty("java.home"), Authorities.DEFAULT);
    Files.createDirectories(runtime.resolve(Authorities.DEFAULT).getParent());
    Files.copy(java, runtime.resolve(Authorities.DEFAULT));

    Authorities.limit(runtime);

    X509TrustManager limited = trusting(read(runtime.resolve(Authorities.DEFAULT)));
    assertThat(limited.getAcceptedIssuers())
        .hasSize(5)
        .allSatisfy(root -> limited.checkServerTrusted(chain(root), "RSA"))
        .extracting(root -> root.getSubjectX500Principal().getName())
        .allMatch(name -> name.contains("Amazon") || name.contains("Starfield Services"));
    assertThat(runtime.resolve(Authorities.ALL)).hasSameBinaryContentAs(java);
    KeyStore all = read(runtime.resolve(Authorities.ALL));
    List<X509Certificate> others = Arrays.asList(trusting(all).getAcceptedIssuers());
    assertThat(others)
        .filteredOn(root -> !Arrays.asList(limited.getAcceptedIssuers()).contains(root))
        .hasSizeGreaterThan(50)
        .allSatisfy(
            root ->
                assertThatThrownBy(() -> limited.checkServerTrusted(chain(root), "RSA"))
                    .isInstanceOf(CertificateException.class));
  }

  private static X509Certificate[] chain(X509Certificate root) {
    return new X509Certificate[] {root};
  }

  private static KeyStore read(Path file) throws Exception {
    return KeyStore.getInstance(file.toFile(), (char[]) null);
  }

  private static X509TrustManager trusting(KeyStore roots) throws Exception {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(roots);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }
}
