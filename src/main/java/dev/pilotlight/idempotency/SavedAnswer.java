package dev.pilotlight.idempotency;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/// An answer as it is kept: version, status, headers, body, in the form of zlib, whose checksum
/// shows damage.
///
/// @param headers in sending order
/// @param binary whether the body is not text; then it is not compressed
@SuppressWarnings("ArrayRecordComponent") // never compared
record SavedAnswer(int status, Map<String, String> headers, boolean binary, byte[] body) {
  private static final int VERSION = 1;

  /// Thrown for bytes that are not an answer of this version.
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableException(Throwable cause) {
      super("a kept answer does not decode", cause);
    }
  }

  /// Writes the answer.
  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 2);
    Deflater deflater = new Deflater(binary ? Deflater.NO_COMPRESSION : Deflater.BEST_SPEED);
    try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes, deflater))) {
      out.writeByte(VERSION);
      out.writeShort(status);
      out.writeBoolean(binary);
      out.writeShort(headers.size());
      for (Map.Entry<String, String> header : headers.entrySet()) {
        out.writeUTF(header.getKey());
        out.writeUTF(header.getValue());
      }
      out.writeInt(body.length);
      out.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot happen in memory", e);
    } finally {
      deflater.end();
    }
    return bytes.toByteArray();
  }

  /// Reads what [#encode] has written.
  static SavedAnswer decode(byte[] bytes) throws UnreadableException {
    try (DataInputStream in =
        new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(bytes)))) {
      if (in.readByte() != VERSION) {
        throw new IOException("another version");
      }
      int status = in.readUnsignedShort();
      boolean binary = in.readBoolean();
      int count = in.readUnsignedShort();
      Map<String, String> headers = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        headers.put(in.readUTF(), in.readUTF());
      }
      int length = in.readInt();
      byte[] body = in.readNBytes(length);
      // the checksum is checked at the end
      if (body.length != length || in.read() >= 0) {
        throw new IOException("another length");
      }
      return new SavedAnswer(status, headers, binary, body);
    } catch (IOException | IllegalArgumentException e) {
      throw new UnreadableException(e);
    }
  }
}
