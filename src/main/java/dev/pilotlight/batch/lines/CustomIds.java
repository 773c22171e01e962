package dev.pilotlight.batch.lines;

import dev.pilotlight.support.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.Consumer;

/// The `custom_id`s that an object's lines have had so far, each of which must be the only one. For
/// one thread at a time.
///
/// Takes 16 to 32 bytes a line: 64 bits of a digest for each id, which are the same for two
/// different ones of a million with a probability of 0.000003 %. An invocation that goes on with an
/// object reads the ids of the lines before from the object, with the first id of its own: no
/// checkpoint has to hold them, and files of other forms cost nothing.
public final class CustomIds {
  private static final int CAPACITY_FIRST = 1_024;

  private final MessageDigest sha = Sha256.start();
  private final Consumer<CustomIds> earlier;
  private long[] digests = new long[CAPACITY_FIRST];
  // of lines; 0 where there is none
  private int[] numbers = new int[CAPACITY_FIRST];
  private int size;
  private boolean begun;

  /// @param earlier adds those of lines that were answered by earlier invocations
  public CustomIds(Consumer<CustomIds> earlier) {
    this.earlier = earlier;
  }

  /// Adds the id of a line.
  ///
  /// @return the number of the first line that has it
  public long firstLine(String customId, long number) {
    if (!begun) {
      begun = true;
      earlier.accept(this);
    }
    if (2 * size >= digests.length) {
      grow();
    }
    long digest = ByteBuffer.wrap(sha.digest(customId.getBytes(StandardCharsets.UTF_8))).getLong();
    int place = place(digest);
    if (numbers[place] == 0) {
      digests[place] = digest;
      numbers[place] = Math.toIntExact(number);
      size++;
    }
    return numbers[place];
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
