package dev.pilotlight.pack;

import dev.pilotlight.local.support.Keytool;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A certificate for `localhost`, and a trust store with it and all that the JDK trusts: as large
/// and of the same form as the one in production, since reading it is part of a start.
///
/// @param server presents the certificate
/// @param trustStore for the client
public record TrainingTls(SSLContext server, Path trustStore) {
  private static final String PASSWORD = "training";
  private static final String ALIAS = "localhost";

  /// The certificate's name in the trust store.
  public static final String TRUSTED = "training";

  /// Makes both.
  ///
  /// @param directory takes both files
  public static TrainingTls in(Path directory) throws IOException, InterruptedException {
    Path keys = directory.resolve("keys.p12");
    Keytool.makePair(keys, PASSWORD, ALIAS, "RSA", "dns:" + ALIAS);
    try (InputStream in = Files.newInputStream(keys)) {
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(in, PASSWORD.toCharArray());
      Path trust = directory.resolve("trust.p12");
      writeTrust(own, trust);
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(own, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return new TrainingTls(context, trust);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate for the training cannot be made", e);
    }
  }

  private static void writeTrust(KeyStore own, Path to)
      throws IOException, GeneralSecurityException {
    Path java = Path.of(System.getProperty("java.home"), "lib/security/cacerts");
    KeyStore trust = KeyStore.getInstance(java.toFile(), (char[]) null);
    trust.setCertificateEntry(TRUSTED, own.getCertificate(ALIAS));
    try (OutputStream out = Files.newOutputStream(to)) {
      trust.store(out, PASSWORD.toCharArray()); // of the JDK's own type; read without password
    }
  }
}
