package dev.pilotlight.wordpiece;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Tokens and their ids: a hash table over UTF-8 bytes, with not one object per token.
///
/// `pool` holds the tokens one after the other, each as its id (4 bytes), its length (2) and its
/// bytes. A slot holds where in the pool its token is, and the token's whole hash, so that looking
/// for what is not there hardly ever touches the pool.
final class Vocabulary {
  /// Stands for the id of a text that is not a token.
  static final int NONE = -1;

  static final int TOKEN_BYTES_MAX = 0xffff;

  private static final byte[] NO_PREFIX = {};
  private static final int TOKENS_MIN = 512;
  private static final int POOL_BYTES_PER_TOKEN = 13;
  private static final int ID_BYTES = 4;
  private static final int HEAD_BYTES = 6;
  // the golden ratio's bits
  private static final int SPREAD = 0x9e3779b9;

  private byte[] pool;
  // place 0 stays unused
  private int poolLength = 1;
  // a token's hash above, its place below
  private long[] slots;
  private int shift;
  private int count;
  private int bytesMax;
  // filled when the first token is asked for
  private volatile int @Nullable [] byId;

  /// The content of a vocabulary.
  ///
  /// @param slots a power of two of them
  /// @param pool without unused bytes at its end
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Table(long[] slots, byte[] pool, int count, int bytesMax) {}

  /// @param table is not copied
  Vocabulary(Table table) {
    slots = table.slots();
    shift = Integer.numberOfLeadingZeros(slots.length) + 1;
    pool = table.pool();
    poolLength = pool.length;
    count = table.count();
    bytesMax = table.bytesMax();
  }

  /// @param tokens about how many are expected
  Vocabulary(int tokens) {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(tokens, TOKENS_MIN));
    slots = new long[1 << bits];
    shift = Integer.SIZE - bits;
    pool = new byte[POOL_BYTES_PER_TOKEN << bits >> 1];
  }

  /// A copy of the content.
  Table table() {
    return new Table(slots.clone(), Arrays.copyOf(pool, poolLength), count, bytesMax);
  }

  /// Extends a token's hash by a byte; it starts at 0.
  static int hash(int before, byte next) {
    return 31 * before + next;
  }

  static int hash(byte[] bytes) {
    int hash = 0;
    for (byte b : bytes) {
      hash = hash(hash, b);
    }
    return hash;
  }

  /// The most bytes that a token has.
  int bytesMax() {
    return bytesMax;
  }

  /// The token of an id. The first call makes a table of all.
  String token(int id) {
    int[] known = byId;
    if (known == null) {
      known = placesById();
      byId = known;
    }
    int place = known[id];
    int length = ((pool[place + ID_BYTES] & 0xff) << 8) | (pool[place + ID_BYTES + 1] & 0xff);
    return new String(pool, place + HEAD_BYTES, length, StandardCharsets.UTF_8);
  }

  private int[] placesById() {
    int largest = 0;
    for (long slot : slots) {
      largest = slot == 0 ? largest : Math.max(largest, id((int) slot));
    }
    int[] places = new int[largest + 1];
    for (long slot : slots) {
      if (slot != 0) {
        places[id((int) slot)] = (int) slot;
      }
    }
    return places;
  }

  int find(String token) {
    byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
    return find(NO_PREFIX, bytes, 0, bytes.length, hash(bytes));
  }

  /// The id of the token that is the prefix followed by a part of the text.
  ///
  /// @param hash of both
  int find(byte[] prefix, byte[] text, int from, int to, int hash) {
    int place = (int) slots[slot(prefix, text, from, to, hash)];
    return place == 0 ? NONE : id(place);
  }

  /// Adds a token, or replaces its id.
  void put(byte[] text, int from, int to, int hash, int id) {
    int slot = slot(NO_PREFIX, text, from, to, hash);
    int place = (int) slots[slot];
    if (place == 0) {
      place = append(text, from, to);
      slots[slot] = slotOf(hash, place);
      bytesMax = Math.max(bytesMax, to - from);
      if (2 * ++count > slots.length) {
        grow();
      }
    }
    pool[place] = (byte) (id >> 24);
    pool[place + 1] = (byte) (id >> 16);
    pool[place + 2] = (byte) (id >> 8);
    pool[place + 3] = (byte) id;
  }

  /// The slot where the token is, or would be.
  private int slot(byte[] prefix, byte[] text, int from, int to, int hash) {
    int slot = first(hash);
    long there = slots[slot];
    while (there != 0
        && ((int) (there >>> Integer.SIZE) != hash || !isAt((int) there, prefix, text, from, to))) {
      slot = next(slot);
      there = slots[slot];
    }
    return slot;
  }

  private static long slotOf(int hash, int place) {
    return ((long) hash << Integer.SIZE) | place;
  }

  private int first(int hash) {
    return (hash * SPREAD) >>> shift;
  }

  private int next(int slot) {
    return (slot + 1) & (slots.length - 1);
  }

  private boolean isAt(int place, byte[] prefix, byte[] text, int from, int to) {
    int begin = place + HEAD_BYTES;
    int middle = begin + prefix.length;
    int end = middle + to - from;
    int length = ((pool[place + ID_BYTES] & 0xff) << 8) | (pool[place + ID_BYTES + 1] & 0xff);
    return length == end - begin
        && Arrays.equals(pool, begin, middle, prefix, 0, prefix.length)
        && Arrays.equals(pool, middle, end, text, from, to);
  }

  private int id(int place) {
    return ((pool[place] & 0xff) << 24)
        | ((pool[place + 1] & 0xff) << 16)
        | ((pool[place + 2] & 0xff) << 8)
        | (pool[place + 3] & 0xff);
  }

  private int append(byte[] text, int from, int to) {
    int place = poolLength;
    int length = to - from;
    poolLength += HEAD_BYTES + length;
    if (poolLength > pool.length) {
      pool = Arrays.copyOf(pool, 2 * poolLength);
    }
    pool[place + ID_BYTES] = (byte) (length >> 8);
    pool[place + ID_BYTES + 1] = (byte) length;
    System.arraycopy(text, from, pool, place + HEAD_BYTES, length);
    return place;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[2 * old.length];
    shift--;
    for (long there : old) {
      if (there != 0) {
        int slot = first((int) (there >>> Integer.SIZE));
        while (slots[slot] != 0) {
          slot = next(slot);
        }
        slots[slot] = there;
      }
    }
  }
}
