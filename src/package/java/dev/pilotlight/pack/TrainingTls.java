package dev.pilotlight.pack;

import dev.pilotlight.local.support.Keytool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A certificate for `localhost`, and a trust store with it and Amazon's roots: as large as the
/// package's own and of the same type, since reading it is part of a start.
///
/// @param server presents the certificate
/// @param trustStore for the client
public record TrainingTls(SSLContext server, Path trustStore) {
  private static final char[] PASSWORD = "training".toCharArray();
  private static final String ALIAS = "localhost";

  /// Makes both.
  ///
  /// @param directory takes both files
  public static TrainingTls in(Path directory) throws IOException, InterruptedException {
    Path keys = directory.resolve("keys.p12");
    Keytool.makePair(keys, new String(PASSWORD), ALIAS, "RSA", "dns:" + ALIAS);
    try (InputStream in = Files.newInputStream(keys)) {
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(in, PASSWORD);
      KeyStore trusted = Authorities.amazon();
      trusted.setCertificateEntry("training", own.getCertificate(ALIAS));
      Path trust = directory.resolve("trust.jks");
      Authorities.write(trusted, trust);
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(own, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return new TrainingTls(context, trust);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate for the training cannot be made", e);
    }
  }
}
