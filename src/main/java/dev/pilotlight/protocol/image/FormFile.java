package dev.pilotlight.protocol.image;

/// The file of a form.
///
/// @param name of its field
/// @param contentType that its part declares; empty if it declares none
/// @param data the bytes of the file
@SuppressWarnings("ArrayRecordComponent") // never compared
record FormFile(String name, String contentType, byte[] data) {}
