package dev.pilotlight.protocol.openinference;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/// Bodies of inference requests, written with single quotes.
final class InferBodies {
  private InferBodies() {}

  static String json(String singleQuoted) {
    return singleQuoted.replace('\'', '"');
  }

  /// One input `x` of a request.
  static String input(String datatype, String shape, String data) {
    return "{'inputs':[{'name':'x','datatype':'%s','shape':%s,'data':%s}]}"
        .formatted(datatype, shape, data);
  }

  static InferRequest read(String singleQuoted) {
    return InferRequestReader.read(json(singleQuoted).getBytes(UTF_8), null);
  }

  /// JSON, then tensors, with the header that says where they begin.
  static InferRequest read(String singleQuoted, byte[]... tensors) {
    byte[] json = json(singleQuoted).getBytes(UTF_8);
    return InferRequestReader.read(concat(json, tensors), Integer.toString(json.length));
  }

  static byte[] concat(byte[] first, byte[]... rest) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(first);
    for (byte[] part : rest) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
