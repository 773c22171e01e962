package dev.pilotlight.cli.audit.bill.read;

/// A map from fingerprints to numbers of files. It keeps all fingerprints until there are too many,
/// then only those of a higher level: each level has half as many as the one below.
final class Samples {
  /// How many levels there are.
  static final int LEVELS = 40;

  private static final int MOST = 1 << 18;

  private long[] keys = new long[1 << 14];
  private int[] owners = new int[1 << 14];
  private int size;
  private int level;

  static int levelOf(long fingerprint) {
    return Math.min(Long.numberOfTrailingZeros(fingerprint), LEVELS - 1);
  }

  /// The lowest level that is kept.
  int level() {
    return level;
  }

  /// The file that has the fingerprint, or -1 if it is new and the given file has it now.
  ///
  /// @param fingerprint not 0, of a level that is kept
  int owner(long fingerprint, int file) {
    int slot = slot(fingerprint);
    if (keys[slot] == fingerprint) {
      return owners[slot];
    }
    keys[slot] = fingerprint;
    owners[slot] = file;
    size++;
    if (size * 2 >= keys.length) {
      grow();
    }
    return -1;
  }

  private int slot(long fingerprint) {
    int mask = keys.length - 1;
    // the low bits are the level
    int slot = (int) (fingerprint >>> 40) & mask;
    while (keys[slot] != 0 && keys[slot] != fingerprint) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldOwners = owners;
    boolean most = size >= MOST;
    level += most ? 1 : 0;
    int length = most ? oldKeys.length : oldKeys.length * 2;
    keys = new long[length];
    owners = new int[length];
    size = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0 && levelOf(oldKeys[i]) >= level) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        owners[slot] = oldOwners[i];
        size++;
      }
    }
  }
}
