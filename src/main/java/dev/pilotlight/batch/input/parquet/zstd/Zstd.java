package dev.pilotlight.batch.input.parquet.zstd;

/// Decompresses data whose decompressed size is known.
public final class Zstd {
  private static final int FRAME = 0xfd2fb528;
  private static final int SKIPPABLE = 0x184d2a50;
  private static final int SKIPPABLE_MASK = 0xfffffff0;

  private Zstd() {}

  /// Decompresses all frames, and skips skippable ones. It holds up to 160 KB of memory in addition
  /// to the returned bytes, whatever window the frames state.
  ///
  /// @param from offset of the first byte
  /// @param size number of decompressed bytes
  /// @throws ZstdException if the data are damaged, have another size or need a dictionary
  public static byte[] decompress(byte[] bytes, int from, int size) throws ZstdException {
    Cursor in = new Cursor(bytes, from, bytes.length);
    Output out = new Output(size);
    while (in.left() > 0) {
      int magic = in.int32();
      if ((magic & SKIPPABLE_MASK) == SKIPPABLE) {
        in.skip(in.int32() & 0xffff_ffffL);
      } else if (magic == FRAME) {
        new Frame(in, out).decompress();
      } else {
        throw new ZstdException("bytes outside of a frame");
      }
    }
    return out.whole();
  }
}
