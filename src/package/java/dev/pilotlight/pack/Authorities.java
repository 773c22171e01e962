package dev.pilotlight.pack;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Set;

/// The certificate authorities that the package trusts by default: Amazon's, which sign the
/// certificates of AWS's endpoints. Reading Java's full set would make each start longer.
///
/// `cacerts` has Amazon's roots only, because Java reads this file at its first TLS connection,
/// also if another trust store is set. The full set is in another file, which
/// `-Djavax.net.ssl.trustStore=jre/lib/security/cacerts.all` in `JAVA_TOOL_OPTIONS` selects.
final class Authorities {
  /// Java's trust store.
  static final String DEFAULT = "lib/security/cacerts";

  /// The trust store of the JDK, in the package.
  static final String ALL = "lib/security/cacerts.all";

  /// <https://www.amazontrust.com/repository/>
  private static final Set<String> AMAZON =
      Set.of(
          "CN=Amazon Root CA 1,O=Amazon,C=US",
          "CN=Amazon Root CA 2,O=Amazon,C=US",
          "CN=Amazon Root CA 3,O=Amazon,C=US",
          "CN=Amazon Root CA 4,O=Amazon,C=US",
          "CN=Starfield Services Root Certificate Authority - G2,"
              + "O=Starfield Technologies\\, Inc.,L=Scottsdale,ST=Arizona,C=US");

  private static final char[] PASSWORD = "changeit".toCharArray(); // readers need none

  private Authorities() {}

  /// @param runtime the directory of a Java runtime
  static void limit(Path runtime) throws IOException {
    try {
      KeyStore amazon = amazon();
      Path store = runtime.resolve(DEFAULT);
      var _ = Files.move(store, runtime.resolve(ALL));
      write(amazon, store);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the trust store of this JDK is unusable", e);
    }
  }

  /// Reads Amazon's roots from this JDK's trust store.
  ///
  /// @throws IllegalStateException if it does not have all of them
  static KeyStore amazon() throws IOException, GeneralSecurityException {
    Path java = Path.of(System.getProperty("java.home"), DEFAULT);
    KeyStore all = KeyStore.getInstance(java.toFile(), (char[]) null);
    KeyStore amazon = KeyStore.getInstance("JKS"); // quicker to read than PKCS12
    amazon.load(null, null);
    for (String alias : Collections.list(all.aliases())) {
      X509Certificate root = (X509Certificate) all.getCertificate(alias);
      if (AMAZON.contains(root.getSubjectX500Principal().getName())) {
        amazon.setCertificateEntry(alias, root);
      }
    }
    if (amazon.size() != AMAZON.size()) {
      throw new IllegalStateException(
          "%s has %d of Amazon's %d roots".formatted(java, amazon.size(), AMAZON.size()));
    }
    return amazon;
  }

  /// @param authorities of the type that reads without a password
  static void write(KeyStore authorities, Path to) throws IOException, GeneralSecurityException {
    try (OutputStream out = Files.newOutputStream(to)) {
      authorities.store(out, PASSWORD);
    }
  }
}
