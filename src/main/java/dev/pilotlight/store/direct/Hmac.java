package dev.pilotlight.store.direct;

import dev.pilotlight.support.Sha256;
import java.security.MessageDigest;

/// HMAC-SHA256 (RFC 2104) with one key, whose two blocks are hashed once. Thread-safe. Java's `Mac`
/// hashes them for each message, and loads the classes of its provider.
final class Hmac {
  private static final int BLOCK_BYTES = 64;
  private static final byte INNER = 0x36;
  private static final byte OUTER = 0x5c;

  private final MessageDigest inner;
  private final MessageDigest outer;

  Hmac(byte[] key) {
    byte[] block = key.length > BLOCK_BYTES ? Sha256.of(key) : key;
    inner = keyed(block, INNER);
    outer = keyed(block, OUTER);
  }

  private static MessageDigest keyed(byte[] key, byte pad) {
    byte[] block = new byte[BLOCK_BYTES];
    for (int i = 0; i < BLOCK_BYTES; i++) {
      block[i] = (byte) (i < key.length ? key[i] ^ pad : pad);
    }
    MessageDigest digest = Sha256.start();
    digest.update(block);
    return digest;
  }

  byte[] of(byte[] message) {
    return copy(outer).digest(copy(inner).digest(message));
  }

  private static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("Java's SHA-256 can be copied", e);
    }
  }
}
