package dev.pilotlight.batch.input.parquet;

import dev.pilotlight.batch.input.parquet.ParquetColumn.Form;
import java.util.Arrays;

/// The values of a page that are not null, one after the other, as texts.
interface Values {
  byte[] next();

  /// Values in the encoding PLAIN.
  static Values plain(Form form, Bytes in) {
    if (form == Form.BOOLEAN) {
      int[] bit = {0, 0};
      return () -> {
        bit[0] = bit[1] % Byte.SIZE == 0 ? in.next() : bit[0] >>> 1;
        bit[1]++;
        return truth(bit[0] & 1);
      };
    }
    return () ->
        switch (form) {
          case TEXT -> in.take(in.int32());
          case FLOAT -> ParquetColumn.ascii(Float.toString(Float.intBitsToFloat(in.int32())));
          case DOUBLE -> ParquetColumn.ascii(Double.toString(Double.longBitsToDouble(in.int64())));
          case INT64, UINT64 -> form.text(in.int64());
          default -> form.text(in.int32());
        };
  }

  static byte[] truth(int bit) {
    return ParquetColumn.ascii(bit == 1 ? "true" : "false");
  }

  /// Places in a dictionary.
  static Values dictionary(byte[][] dictionary, Bytes in) {
    Rle places = new Rle(in, in.next());
    return () -> {
      int place = places.next();
      if (place < 0 || place >= dictionary.length) {
        throw Bytes.damaged("a page refers to a value that its dictionary does not have");
      }
      return dictionary[place];
    };
  }

  /// Booleans in the encoding RLE.
  static Values runs(Bytes in) {
    Rle bits = new Rle(in.slice(in.int32()), 1);
    return () -> truth(bits.next());
  }

  /// Whole numbers in the encoding DELTA_BINARY_PACKED.
  static Values deltas(Form form, Bytes in, int most) {
    return ofAll(Arrays.stream(Delta.read(in, most)).mapToObj(form::text).toArray(byte[][]::new));
  }

  /// Texts in the encoding DELTA_LENGTH_BYTE_ARRAY.
  static Values lengths(Bytes in, int most) {
    return ofAll(texts(in, most));
  }

  private static byte[][] texts(Bytes in, int most) {
    long[] lengths = Delta.read(in, most);
    byte[][] texts = new byte[lengths.length][];
    for (int i = 0; i < texts.length; i++) {
      in.require(lengths[i]);
      texts[i] = in.take((int) lengths[i]);
    }
    return texts;
  }

  /// Texts in the encoding DELTA_BYTE_ARRAY, each with the length that it shares with the one
  /// before.
  static Values prefixes(Bytes in, int most) {
    long[] shared = Delta.read(in, most);
    byte[][] rest = texts(in, most);
    if (shared.length != rest.length) {
      throw Bytes.damaged("a page has other prefixes than texts");
    }
    int[] next = {0};
    byte[][] before = {new byte[0]};
    return () -> {
      int i = next[0]++;
      if (i >= rest.length || shared[i] < 0 || shared[i] > before[0].length) {
        throw Bytes.damaged("a page has too few texts, or a prefix that is too long");
      }
      int length = (int) shared[i];
      byte[] text = Arrays.copyOf(before[0], length + rest[i].length);
      System.arraycopy(rest[i], 0, text, length, rest[i].length);
      before[0] = text;
      return text;
    };
  }

  /// The numbers of the encoding BYTE_STREAM_SPLIT, which has first the first byte of each, then
  /// the second ones, as PLAIN has them.
  static Bytes joined(Bytes in, int width) {
    byte[] split = in.take(in.left());
    int count = split.length / width;
    if (count * width != split.length) {
      throw Bytes.damaged("a page breaks off within a number");
    }
    byte[] joined = new byte[split.length];
    for (int i = 0; i < split.length; i++) {
      joined[(i % count) * width + i / count] = split[i];
    }
    return new Bytes(joined);
  }

  private static Values ofAll(byte[][] all) {
    int[] next = {0};
    return () -> {
      if (next[0] == all.length) {
        throw Bytes.damaged("a page has too few values");
      }
      return all[next[0]++];
    };
  }
}
