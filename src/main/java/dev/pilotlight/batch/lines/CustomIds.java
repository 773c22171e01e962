package dev.pilotlight.batch.lines;

import dev.pilotlight.batch.input.Line;
import dev.pilotlight.support.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.Consumer;

/// Finds `custom_id`s that an object has twice. For one thread at a time.
///
/// It remembers the ids of the first [#LINES_MAX] lines, as far as these lie within the first
/// [#BYTES_MAX] bytes, and compares the id of every line with them. That takes 24 to 48 bytes an
/// id, at most 100 MB and 150 MB while the table grows: 64 bits of a digest for each id, which
/// collide among four million ids with a probability of 0.00005 %.
///
/// An invocation that continues an object reads the ids of earlier lines again, when it meets the
/// first id itself: checkpoints need not hold them, and files of other forms cost nothing. The
/// limit in bytes bounds that reading.
public final class CustomIds implements CustomIdIndex {
  /// So many of an object's first lines have ids that are remembered.
  public static final int LINES_MAX = 4_194_304;

  /// Lines that end beyond this many bytes of the (decompressed) object have ids that are not
  /// remembered.
  public static final long BYTES_MAX = 4L << 30;

  private static final int CAPACITY_FIRST = 1_024;

  private final MessageDigest sha = Sha256.start();
  private final Consumer<CustomIds> earlier;
  private final int linesMax;
  private final long bytesMax;
  private long[] digests = new long[CAPACITY_FIRST];
  // of lines; 0 where there is none
  private int[] numbers = new int[CAPACITY_FIRST];
  private int size;
  private boolean begun;

  /// @param earlier adds the ids of lines that earlier invocations answered
  public CustomIds(Consumer<CustomIds> earlier) {
    this(earlier, LINES_MAX, BYTES_MAX);
  }

  CustomIds(Consumer<CustomIds> earlier, int linesMax, long bytesMax) {
    this.earlier = earlier;
    this.linesMax = linesMax;
    this.bytesMax = bytesMax;
  }

  /// Whether all ids of an object's lines are remembered.
  ///
  /// @param bytes of the (decompressed) object
  public static boolean rememberAll(long lines, long bytes) {
    return lines <= LINES_MAX && bytes <= BYTES_MAX;
  }

  /// Whether the id of a line is remembered.
  public boolean remembers(Line line) {
    return line.number() <= linesMax && line.end() <= bytesMax;
  }

  /// Remembers the id of a line, if it is within the limits.
  ///
  /// @return the number of the first line that has this id
  @Override
  public long firstLine(String customId, Line line) {
    if (!begun) {
      begun = true;
      earlier.accept(this);
    }
    long digest = ByteBuffer.wrap(sha.digest(customId.getBytes(StandardCharsets.UTF_8))).getLong();
    int place = place(digest);
    if (numbers[place] != 0) {
      return numbers[place];
    }
    if (remembers(line)) {
      digests[place] = digest;
      numbers[place] = Math.toIntExact(line.number());
      size++;
      if (2 * size > digests.length) {
        grow();
      }
    }
    return line.number();
  }

  /// Where a digest is, or may be put.
  private int place(long digest) {
    int mask = digests.length - 1;
    int place = (int) digest & mask;
    while (numbers[place] != 0 && digests[place] != digest) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private void grow() {
    long[] oldDigests = digests;
    int[] oldNumbers = numbers;
    digests = new long[2 * oldDigests.length];
    numbers = new int[2 * oldNumbers.length];
    for (int i = 0; i < oldDigests.length; i++) {
      if (oldNumbers[i] != 0) {
        int place = place(oldDigests[i]);
        digests[place] = oldDigests[i];
        numbers[place] = oldNumbers[i];
      }
    }
  }
}
