package dev.pilotlight.store.client;

import java.security.GeneralSecurityException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// TLS to AWS, made on first use. Thread-safe.
final class AwsTls {
  private final Supplier<AwsTrust> authorities;
  private @Nullable SSLSocketFactory sockets;

  AwsTls(Supplier<AwsTrust> authorities) {
    this.authorities = authorities;
  }

  synchronized SSLSocketFactory sockets() {
    SSLSocketFactory made = sockets;
    if (made == null) {
      made = trusting(authorities.get());
      sockets = made;
    }
    return made;
  }

  private static SSLSocketFactory trusting(AwsTrust authorities) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {authorities}, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }
}
