package dev.pilotlight.local.awssdk;

/// The bytes of an object that are asked for.
///
/// @param start counts from 0
record ByteRange(long start, long bytes) {

  /// @param header one range of S3's forms: `bytes=0-9`, `bytes=10-` or `bytes=-10`
  /// @param size of the whole object; one without bytes has no range at all
  /// @throws software.amazon.awssdk.awscore.exception.AwsServiceException 416 if it has no byte of
  ///   the object
  static ByteRange of(String header, long size) {
    String[] ends = header.substring("bytes=".length()).split("-", 2);
    long start;
    long end;
    if (ends[0].isEmpty()) {
      start = Math.max(0, size - Long.parseLong(ends[1]));
      end = size - 1;
    } else {
      start = Long.parseLong(ends[0]);
      end = ends[1].isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(ends[1]));
    }
    if (start > end) {
      throw Refusals.invalidRange(header, size);
    }
    return new ByteRange(start, end - start + 1);
  }

  String contentRange(long size) {
    return "bytes %d-%d/%d".formatted(start, start + bytes - 1, size);
  }
}
