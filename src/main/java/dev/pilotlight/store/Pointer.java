package dev.pilotlight.store;

/// A value in S3, and what it must be when it is read back.
@SuppressWarnings("ArrayRecordComponent") // never compared
record Pointer(String key, long bytes, byte[] sha256) {}
