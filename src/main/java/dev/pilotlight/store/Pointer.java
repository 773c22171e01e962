package dev.pilotlight.store;

/// Points to a value in S3, with the length and the digest that it must have.
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Pointer(String key, long bytes, byte[] sha256) {}
