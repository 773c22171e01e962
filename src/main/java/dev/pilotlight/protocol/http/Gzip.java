package dev.pilotlight.protocol.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// gzip at its fastest: what we compress is decimals, of which higher levels make little less.
final class Gzip extends GZIPOutputStream {
  private static final int BUFFER_BYTES = 8192;

  private Gzip(OutputStream out) throws IOException {
    super(out, BUFFER_BYTES);
    def.setLevel(Deflater.BEST_SPEED);
  }

  static byte[] compressed(byte[] plain) {
    ByteArrayOutputStream sink = new ByteArrayOutputStream(plain.length / 2);
    try (Gzip gzip = new Gzip(sink)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot happen in memory", e);
    }
    return sink.toByteArray();
  }
}
