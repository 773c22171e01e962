package dev.pilotlight.batch.input.parquet;

import dev.pilotlight.batch.input.parquet.zstd.Zstd;
import dev.pilotlight.batch.input.parquet.zstd.ZstdException;
import dev.pilotlight.batch.s3.BatchException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/// How the pages of a column are compressed.
enum Codec {
  UNCOMPRESSED,
  SNAPPY,
  GZIP,
  ZSTD;

  private static final String[] NAMES = {
    "UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"
  };

  /// @param number the codec's number in the file
  /// @throws BatchException.Unreadable if this reader does not support it
  static Codec of(int number, String column) {
    String name = number < NAMES.length ? NAMES[number] : "codec " + number;
    for (Codec codec : values()) {
      if (codec.name().equals(name)) {
        return codec;
      }
    }
    throw new BatchException.Unreadable(
        ("the Parquet file's column \"%s\" is compressed with %s; accepted: UNCOMPRESSED, SNAPPY,"
                + " GZIP and ZSTD")
            .formatted(column, name),
        null);
  }

  /// Decompresses the bytes of a page.
  ///
  /// @param from offset of the first byte
  /// @param size number of decompressed bytes, from the page's header
  Bytes unpacked(byte[] page, int from, int size) {
    Bytes in = new Bytes(page, from, page.length);
    if (size == 0 && in.left() == 0) {
      return in; // writers compress no page of nulls
    }
    return switch (this) {
      case UNCOMPRESSED -> in;
      case SNAPPY -> new Bytes(Snappy.decompress(in, size));
      case GZIP -> new Bytes(gunzip(page, from, size));
      case ZSTD -> new Bytes(unzstd(page, from, size));
    };
  }

  private static byte[] unzstd(byte[] page, int from, int size) {
    try {
      return Zstd.decompress(page, from, size);
    } catch (ZstdException e) {
      throw Bytes.damaged("a page has broken ZSTD: " + e.getMessage());
    }
  }

  private static byte[] gunzip(byte[] page, int from, int size) {
    try (GZIPInputStream in =
        new GZIPInputStream(new ByteArrayInputStream(page, from, page.length - from))) {
      byte[] out = new byte[size];
      if (in.readNBytes(out, 0, size) != size || in.read() >= 0) {
        throw Bytes.damaged("a page of gzip has another size than its header");
      }
      return out;
    } catch (IOException e) {
      throw Bytes.damaged("a page has broken gzip");
    }
  }
}
