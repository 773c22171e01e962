package dev.pilotlight.batch.input.parquet.zstd;

/// The hash of a frame's checksum: XXH64 with the seed 0.
final class XxHash64 {
  private static final long PRIME_1 = 0x9e3779b185ebca87L;
  private static final long PRIME_2 = 0xc2b2ae3d27d4eb4fL;
  private static final long PRIME_3 = 0x165667b19e3779f9L;
  private static final long PRIME_4 = 0x85ebca77c2b2ae63L;
  private static final long PRIME_5 = 0x27d4eb2f165667c5L;
  private static final long PRIMES_1_AND_2 = 0x60ea27eeadc0b5d6L;
  private static final int STRIPE = 4 * Long.BYTES;

  private XxHash64() {}

  static long of(byte[] bytes, int from, int to) {
    int place = from;
    long hash = PRIME_5;
    if (to - from >= STRIPE) {
      place = to - (to - from) % STRIPE;
      hash = ofStripes(bytes, from, place);
    }
    hash += to - from;
    for (; place + Long.BYTES <= to; place += Long.BYTES) {
      hash ^= round(0, (long) Words.LONG.get(bytes, place));
      hash = Long.rotateLeft(hash, 27) * PRIME_1 + PRIME_4;
    }
    if (place + Integer.BYTES <= to) {
      hash ^= ((int) Words.INT.get(bytes, place) & 0xffff_ffffL) * PRIME_1;
      hash = Long.rotateLeft(hash, 23) * PRIME_2 + PRIME_3;
      place += Integer.BYTES;
    }
    for (; place < to; place++) {
      hash ^= (bytes[place] & 0xff) * PRIME_5;
      hash = Long.rotateLeft(hash, 11) * PRIME_1;
    }
    hash = (hash ^ (hash >>> 33)) * PRIME_2;
    hash = (hash ^ (hash >>> 29)) * PRIME_3;
    return hash ^ (hash >>> 32);
  }

  private static long ofStripes(byte[] bytes, int from, int to) {
    long a = PRIMES_1_AND_2;
    long b = PRIME_2;
    long c = 0;
    long d = -PRIME_1;
    for (int place = from; place < to; place += STRIPE) {
      a = round(a, (long) Words.LONG.get(bytes, place));
      b = round(b, (long) Words.LONG.get(bytes, place + Long.BYTES));
      c = round(c, (long) Words.LONG.get(bytes, place + 2 * Long.BYTES));
      d = round(d, (long) Words.LONG.get(bytes, place + 3 * Long.BYTES));
    }
    long hash = Long.rotateLeft(a, 1) + Long.rotateLeft(b, 7);
    hash += Long.rotateLeft(c, 12) + Long.rotateLeft(d, 18);
    for (long each : new long[] {a, b, c, d}) {
      hash = (hash ^ round(0, each)) * PRIME_1 + PRIME_4;
    }
    return hash;
  }

  private static long round(long before, long word) {
    return Long.rotateLeft(before + word * PRIME_2, 31) * PRIME_1;
  }
}
