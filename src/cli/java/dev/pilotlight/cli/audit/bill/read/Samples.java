package dev.pilotlight.cli.audit.bill.read;

/// A map from fingerprints to numbers of files.
final class Samples {
  private long[] keys = new long[1 << 14];
  private int[] owners = new int[1 << 14];
  private int size;

  /// The file that has the fingerprint, or -1 if it is new and the given file has it now.
  ///
  /// @param fingerprint not 0
  int owner(long fingerprint, int file) {
    if (size * 2 >= keys.length) {
      grow();
    }
    int slot = slot(fingerprint);
    if (keys[slot] == fingerprint) {
      return owners[slot];
    }
    keys[slot] = fingerprint;
    owners[slot] = file;
    size++;
    return -1;
  }

  private int slot(long fingerprint) {
    int mask = keys.length - 1;
    // the low bits have chosen the sample
    int slot = (int) (fingerprint >>> 20) & mask;
    while (keys[slot] != 0 && keys[slot] != fingerprint) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldOwners = owners;
    keys = new long[oldKeys.length * 2];
    owners = new int[oldOwners.length * 2];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        owners[slot] = oldOwners[i];
      }
    }
  }
}
