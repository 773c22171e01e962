package dev.pilotlight.batch.input.parquet.zstd;

/// A frame: its header, blocks and checksum. Not thread-safe.
final class Frame {
  private static final int BLOCK_BYTES_MAX = 128 << 10;

  /// The window's largest exponent of libzstd. The window needs no memory here.
  private static final int WINDOW_EXPONENT_MAX = 31;

  private static final int WINDOW_EXPONENT_MIN = 10;
  private static final int RAW = 0;
  private static final int RLE = 1;
  private static final int COMPRESSED = 2;

  private final Cursor in;
  private final Output out;
  private final Literals literals = new Literals();
  private final Sequences sequences = new Sequences();
  private long blockMax;
  private long contentSize = -1;
  private boolean hasChecksum;

  /// @param in after the frame's magic number
  Frame(Cursor in, Output out) {
    this.in = in;
    this.out = out;
  }

  void decompress() throws ZstdException {
    readHeader();
    out.beginFrame();
    while (!decompressBlock()) {
      // until the last one
    }
    if (contentSize >= 0 && contentSize != out.frameSize()) {
      throw new ZstdException("a frame of another size than its header");
    }
    if (hasChecksum && in.int32() != out.frameChecksum()) {
      throw new ZstdException("a frame whose checksum is wrong");
    }
  }

  private void readHeader() throws ZstdException {
    int head = in.next();
    boolean single = (head & 0x20) != 0;
    if ((head & 8) != 0) {
      throw new ZstdException("a frame with a reserved bit");
    }
    hasChecksum = (head & 4) != 0;
    long window = single ? 0 : window(in.next());
    if (in.number(new int[] {0, 1, 2, 4}[head & 3]) != 0) {
      throw new ZstdException("a frame that needs a dictionary");
    }
    int sizeKind = head >>> 6;
    if (single || sizeKind > 0) {
      long stored = in.number(1 << sizeKind);
      contentSize = sizeKind == 1 ? stored + 256 : stored;
      if (contentSize < 0 || contentSize > out.left()) {
        throw new ZstdException("a frame larger than the page's size");
      }
    }
    blockMax = Math.min(single ? contentSize : window, BLOCK_BYTES_MAX);
  }

  private static long window(int code) throws ZstdException {
    int exponent = (code >>> 3) + WINDOW_EXPONENT_MIN;
    if (exponent > WINDOW_EXPONENT_MAX) {
      throw new ZstdException("a frame with a window of more than 4 GB");
    }
    return (1L << exponent) + ((1L << exponent) >>> 3) * (code & 7);
  }

  /// @return whether it is the last one
  private boolean decompressBlock() throws ZstdException {
    int head = (int) in.number(3);
    int size = head >>> 3;
    if (size > blockMax) {
      throw new ZstdException("a block larger than its frame's window");
    }
    out.beginBlock((int) blockMax);
    switch ((head >>> 1) & 3) {
      case RAW -> {
        Cursor raw = in.slice(size);
        out.copy(raw.bytes, raw.place(), size);
      }
      case RLE -> out.fill((byte) in.next(), size);
      case COMPRESSED -> {
        Cursor block = in.slice(size);
        literals.read(block, (int) Math.min(blockMax, out.left()));
        sequences.decompress(block, literals, out);
      }
      default -> throw new ZstdException("a block of a reserved kind");
    }
    return (head & 1) != 0;
  }
}
