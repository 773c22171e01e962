package dev.pilotlight.batch.input.parquet;

/// Decompresses a block of Snappy's format.
final class Snappy {
  private Snappy() {}

  /// @param size number of decompressed bytes, from the page's header
  static byte[] decompress(Bytes in, int size) {
    if (in.varint() != size) {
      throw Bytes.damaged("a page of Snappy has another size than its header");
    }
    byte[] out = new byte[size];
    int place = 0;
    while (in.left() > 0) {
      int tag = in.next();
      int length;
      if ((tag & 3) == 0) {
        length = literal(in, tag >>> 2);
        requireRoom(place, length, size);
        in.take(length, out, place);
      } else {
        length = (tag & 3) == 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
        long offset =
            switch (tag & 3) {
              case 1 -> ((tag >>> 5) << 8) | in.next();
              case 2 -> in.next() | (in.next() << 8);
              default -> in.int32() & 0xffff_ffffL;
            };
        requireRoom(place, length, size);
        if (offset == 0 || offset > place) {
          throw Bytes.damaged("a page of Snappy refers to bytes before its beginning");
        }
        // byte by byte: the copy may overlap itself
        for (int i = place; i < place + length; i++) {
          out[i] = out[i - (int) offset];
        }
      }
      place += length;
    }
    if (place != size) {
      throw Bytes.damaged("a page of Snappy is too short");
    }
    return out;
  }

  private static int literal(Bytes in, int code) {
    if (code < 60) {
      return code + 1;
    }
    long length = 0;
    for (int i = 0; i < code - 59; i++) {
      length |= (long) in.next() << (Byte.SIZE * i);
    }
    in.require(length + 1);
    return (int) length + 1;
  }

  private static void requireRoom(int place, int length, int size) {
    if (length > size - place) {
      throw Bytes.damaged("a page of Snappy is too long");
    }
  }
}
