package dev.pilotlight.batch.input.parquet;

import dev.pilotlight.batch.input.parquet.ParquetColumn.Form;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// The non-null values of a page, one after the other, as texts.
interface Values {
  byte[] next();

  /// Whether no values are left.
  boolean isExhausted();

  /// A page without values.
  Values NONE = of(Values::missing, () -> true);

  private static Values of(Supplier<byte[]> next, BooleanSupplier isExhausted) {
    return new Values() {
      @Override
      public byte[] next() {
        return next.get();
      }

      @Override
      public boolean isExhausted() {
        return isExhausted.getAsBoolean();
      }
    };
  }

  private static byte[] missing() {
    throw Bytes.damaged("a page has too few values");
  }

  /// Values in the encoding PLAIN.
  static Values plain(Form form, Bytes in) {
    if (form == Form.BOOLEAN) {
      int[] bit = {0, 0};
      return of(
          () -> {
            bit[0] = bit[1] % Byte.SIZE == 0 ? in.next() : bit[0] >>> 1;
            bit[1]++;
            return truth(bit[0] & 1);
          },
          () -> in.left() == 0);
    }
    return of(() -> value(form, in), () -> in.left() == 0);
  }

  private static byte[] value(Form form, Bytes in) {
    return switch (form) {
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

  /// Values in a dictionary encoding: indexes into a dictionary.
  static Values dictionary(Dictionary dictionary, Bytes in) {
    Rle places = new Rle(in, in.next());
    return of(() -> dictionary.get(places.next()), places::isExhausted);
  }

  /// The values of a dictionary page, in the encoding PLAIN.
  ///
  /// @param starts offsets of texts; empty for numbers, which have a fixed width
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Dictionary(Form form, Bytes values, int count, int[] starts) {
    static Dictionary of(Form form, Bytes values, int count) {
      if (form != Form.TEXT) {
        values.require((long) count * form.bytes());
        return new Dictionary(form, values, count, new int[0]);
      }
      values.require((long) count * Integer.BYTES); // each has at least its length
      int[] starts = new int[count];
      Bytes in = values.from(0);
      for (int i = 0; i < count; i++) {
        starts[i] = in.place() - values.place();
        in.skip(in.int32());
      }
      return new Dictionary(form, values, count, starts);
    }

    byte[] get(int place) {
      if (place < 0 || place >= count) {
        throw Bytes.damaged("a page refers to a value that its dictionary does not have");
      }
      long start = form == Form.TEXT ? starts[place] : (long) place * form.bytes();
      return value(form, values.from(start));
    }
  }

  /// Booleans in the encoding RLE.
  static Values runs(Bytes in) {
    Rle bits = new Rle(in.slice(in.int32()), 1);
    return of(() -> truth(bits.next()), bits::isExhausted);
  }

  /// Whole numbers in the encoding DELTA_BINARY_PACKED.
  static Values deltas(Form form, Bytes in, int max) {
    long[] all = Delta.read(in, max);
    int[] next = {0};
    return of(
        () -> next[0] < all.length ? form.text(all[next[0]++]) : missing(),
        () -> next[0] == all.length);
  }

  /// Texts in the encoding DELTA_LENGTH_BYTE_ARRAY.
  static Values lengths(Bytes in, int max) {
    long[] lengths = Delta.read(in, max);
    int[] next = {0};
    return of(
        () -> next[0] < lengths.length ? text(in, lengths[next[0]++]) : missing(),
        () -> next[0] == lengths.length && in.left() == 0);
  }

  private static byte[] text(Bytes in, long length) {
    in.require(length);
    return in.take((int) length);
  }

  /// Texts in the encoding DELTA_BYTE_ARRAY: each has the length of the prefix that it shares with
  /// the previous one.
  static Values prefixes(Bytes in, int max) {
    long[] shared = Delta.read(in, max);
    long[] lengths = Delta.read(in, max);
    if (shared.length != lengths.length) {
      throw Bytes.damaged("a page has different numbers of prefixes and texts");
    }
    int[] next = {0};
    byte[][] before = {new byte[0]};
    return of(
        () -> {
          int i = next[0]++;
          if (i >= lengths.length || shared[i] < 0 || shared[i] > before[0].length) {
            throw Bytes.damaged("a page has too few texts, or a prefix that is too long");
          }
          in.require(lengths[i]);
          int length = (int) shared[i];
          byte[] text = Arrays.copyOf(before[0], length + (int) lengths[i]);
          in.take((int) lengths[i], text, length);
          before[0] = text;
          return text;
        },
        () -> next[0] == lengths.length && in.left() == 0);
  }

  /// Converts numbers in the encoding BYTE_STREAM_SPLIT to PLAIN. It stores the first bytes of all
  /// numbers, then all second bytes, and so on.
  static Bytes interleaved(Bytes in, int width) {
    byte[] split = in.take(in.left());
    int count = split.length / width;
    if (count * width != split.length) {
      throw Bytes.damaged("a page breaks off within a number");
    }
    byte[] plain = new byte[split.length];
    for (int i = 0; i < split.length; i++) {
      plain[(i % count) * width + i / count] = split[i];
    }
    return new Bytes(plain);
  }
}
