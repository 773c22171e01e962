package dev.pilotlight.idempotency;

import dev.pilotlight.support.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// A SHA-256 over parts, each with its length, so that no two lists of parts are the same bytes.
final class Fingerprint {
  private final MessageDigest digest = Sha256.start();

  /// Adds a text.
  Fingerprint add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Adds bytes.
  Fingerprint add(byte[] bytes) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
    return this;
  }

  /// Returns the 32 bytes. Call this once.
  byte[] bytes() {
    return digest.digest();
  }
}
