package dev.pilotlight.batch.fanout;

import java.util.ArrayList;
import java.util.List;

/// How S3 joins objects into one: the parts of a multipart upload, in order. A part is a range of
/// one object, which S3 copies, or ranges of several that are read: S3 takes no part of less than 5
/// MiB but the last.
///
/// The same sizes give the same parts, so that another invocation can continue.
final class JoinPlan {
  static final long PART_BYTES_MIN = 5L << 20;
  static final long PART_BYTES_MAX = 5L << 30;
  static final int PARTS_MAX = 10_000;

  /// Parts that are read are in memory.
  private static final long READ_BYTES_MAX = 128L << 20;

  /// A range of an object.
  ///
  /// @param object its place among the objects
  /// @param to after the last byte
  record Range(int object, long from, long to) {
    long bytes() {
      return to - from;
    }
  }

  /// A part: several ranges, or one that is too small, are read.
  record Part(List<Range> ranges) {
    Part {
      ranges = List.copyOf(ranges);
    }

    boolean isCopied() {
      return ranges.size() == 1 && ranges.getFirst().bytes() >= PART_BYTES_MIN;
    }

    long bytes() {
      return ranges.stream().mapToLong(Range::bytes).sum();
    }
  }

  private final long least;
  private final long most;
  private final List<Part> parts = new ArrayList<>();
  private final List<Range> small = new ArrayList<>();
  private long smallBytes;

  private JoinPlan(long least, long most) {
    this.least = least;
    this.most = most;
  }

  /// The parts of objects of these sizes; none if there is no byte.
  ///
  /// @throws IllegalArgumentException if S3 does not take so many parts
  static List<Part> of(List<Long> sizes) {
    return of(sizes, PART_BYTES_MIN, PART_BYTES_MAX, PARTS_MAX);
  }

  static List<Part> of(List<Long> sizes, long least, long most, int partsMax) {
    for (long floor = least; floor <= Math.max(least, READ_BYTES_MAX); floor *= 2) {
      JoinPlan plan = new JoinPlan(floor, most);
      for (int i = 0; i < sizes.size(); i++) {
        plan.add(i, sizes.get(i));
      }
      plan.addSmall();
      if (plan.parts.size() <= partsMax) {
        return List.copyOf(plan.parts);
      }
    }
    throw new IllegalArgumentException(
        "%d objects have more than %d parts".formatted(sizes.size(), partsMax));
  }

  private void add(int object, long size) {
    long from = 0;
    if (smallBytes > 0) {
      long needed = least - smallBytes;
      from = size - needed < least ? size : needed;
      addSmall(new Range(object, 0, from));
      if (smallBytes >= least) {
        addSmall();
      }
    }
    if (size - from < least) {
      addSmall(new Range(object, from, size));
    } else {
      addLarge(object, from, size);
    }
  }

  /// Ranges of one object that are about as large as each other.
  private void addLarge(int object, long from, long to) {
    long count = Math.ceilDiv(to - from, most);
    for (long i = 0; i < count; i++) {
      long begin = from + (to - from) * i / count;
      long end = from + (to - from) * (i + 1) / count;
      parts.add(new Part(List.of(new Range(object, begin, end))));
    }
  }

  private void addSmall(Range range) {
    if (range.bytes() > 0) {
      small.add(range);
      smallBytes += range.bytes();
    }
  }

  private void addSmall() {
    if (!small.isEmpty()) {
      parts.add(new Part(small));
      small.clear();
      smallBytes = 0;
    }
  }
}
