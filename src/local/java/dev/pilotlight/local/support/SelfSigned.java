package dev.pilotlight.local.support;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/// A self-signed certificate, for short-lived servers.
///
/// @param certificate a PEM file, which clients must trust
/// @param key a PEM file
public record SelfSigned(Path certificate, Path key) {
  private static final String PASSWORD = "changeit";
  private static final String ALIAS = "server";

  /// Makes one.
  ///
  /// @param directory takes the files
  /// @param name such as `ip:127.0.0.1` or `dns:localhost`, the only name that it is valid for
  public static SelfSigned in(Path directory, String name)
      throws IOException, InterruptedException {
    Path store = directory.resolve("store.p12");
    Keytool.makePair(store, PASSWORD, ALIAS, "EC", name);
    try {
      KeyStore keys = loaded(store);
      return new SelfSigned(
          pem(directory, "cert.pem", "CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()),
          pem(
              directory,
              "key.pem",
              "PRIVATE KEY",
              keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("keytool's certificate cannot be read", e);
    }
  }

  /// Trusts this certificate and no other.
  public SSLSocketFactory trusting() {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(ALIAS, read());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot trust " + certificate, e);
    }
  }

  private Certificate read() throws IOException, GeneralSecurityException {
    try (InputStream pem = Files.newInputStream(certificate)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(pem);
    }
  }

  private static KeyStore loaded(Path store) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private static Path pem(Path directory, String file, String type, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        directory.resolve(file),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, body, type));
  }
}
