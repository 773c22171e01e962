package dev.pilotlight.handler.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/// The two forms of `content-encoding: deflate`.
final class Deflated {
  private Deflated() {}

  /// As HTTP means it.
  static byte[] zlib(byte[] plain) {
    return deflated(plain, false);
  }

  /// As many clients send it.
  static byte[] bare(byte[] plain) {
    return deflated(plain, true);
  }

  private static byte[] deflated(byte[] plain, boolean bare) {
    ByteArrayOutputStream sink = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, bare);
    try (DeflaterOutputStream out = new DeflaterOutputStream(sink, deflater)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      deflater.end();
    }
    return sink.toByteArray();
  }
}
