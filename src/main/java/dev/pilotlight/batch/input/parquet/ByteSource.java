package dev.pilotlight.batch.input.parquet;

/// The bytes of an object, read in ranges.
public interface ByteSource {
  /// Reads a range within the object.
  byte[] read(long offset, int length);
}
