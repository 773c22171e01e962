package dev.pilotlight.store.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Trusts the authorities of AWS, and after them those that Java trusts.
///
/// To read all of Java's, about 150, takes a tenth of a cold start, and AWS's endpoints have
/// certificates of Amazon's own (<https://www.amazontrust.com/repository/>). Another endpoint, such
/// as one of a test, is still accepted if Java would; it only costs the time. A trust store of
/// one's own (`javax.net.ssl.trustStore`) adds to Amazon's roots and does not replace them.
final class AwsTrust extends X509ExtendedTrustManager {
  /// Amazon's roots, in PEM; each is among Java's own as well.
  static final String ROOTS = "amazon-roots.pem";

  private interface Check {
    void by(X509ExtendedTrustManager manager) throws CertificateException;
  }

  private final X509ExtendedTrustManager amazon;
  private @Nullable X509ExtendedTrustManager java;

  AwsTrust(KeyStore roots) throws GeneralSecurityException {
    this.amazon = manager(roots);
  }

  static AwsTrust load() {
    try {
      return new AwsTrust(roots());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the certificates in " + ROOTS + " cannot be used", e);
    }
  }

  static KeyStore roots() throws IOException, GeneralSecurityException {
    KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
    roots.load(null, null);
    try (InputStream pem = Objects.requireNonNull(AwsTrust.class.getResourceAsStream(ROOTS))) {
      for (Certificate root : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        roots.setCertificateEntry("amazon" + roots.size(), root);
      }
    }
    return roots;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    either(manager -> manager.checkServerTrusted(chain, type, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    either(manager -> manager.checkServerTrusted(chain, type, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    either(manager -> manager.checkServerTrusted(chain, type));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw noServer();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw noServer();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw noServer();
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return amazon.getAcceptedIssuers();
  }

  private void either(Check check) throws CertificateException {
    try {
      check.by(amazon);
    } catch (CertificateException notAmazon) {
      try {
        check.by(java());
      } catch (CertificateException neither) {
        neither.addSuppressed(notAmazon);
        throw neither;
      }
    }
  }

  private synchronized X509ExtendedTrustManager java() throws CertificateException {
    X509ExtendedTrustManager made = java;
    if (made == null) {
      try {
        made = manager(null);
      } catch (GeneralSecurityException e) {
        throw new CertificateException("the authorities that Java trusts cannot be read", e);
      }
      java = made;
    }
    return made;
  }

  /// @param roots null for Java's own
  private static X509ExtendedTrustManager manager(@Nullable KeyStore roots)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(roots);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager found) {
        return found;
      }
    }
    throw new GeneralSecurityException("this Java has no trust manager for X.509");
  }

  private static CertificateException noServer() {
    return new CertificateException("this is a client: it has no clients to trust");
  }
}
