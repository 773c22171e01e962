package dev.pilotlight.protocol.openinference;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.MediaTypes;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

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
    return read(json(singleQuoted).getBytes(UTF_8), (String) null);
  }

  /// JSON, then tensors, with the header that holds the JSON's length.
  static InferRequest read(String singleQuoted, byte[]... tensors) {
    byte[] json = json(singleQuoted).getBytes(UTF_8);
    return read(concat(json, tensors), Integer.toString(json.length));
  }

  /// @param length the value of the header with the JSON's length; null to send none
  static InferRequest read(byte[] body, @Nullable String length) {
    Map<String, String> headers =
        length == null ? Map.of() : Map.of(MediaTypes.INFERENCE_HEADER_LENGTH, length);
    return InferRequestReader.read(
        new HttpRequest("POST", "/v2", Map.of(), headers, body, false, Map.of(), "id", null));
  }

  /// The length of the JSON in front of binary data; empty where all of the body is JSON.
  static OptionalInt jsonLength(HttpResponse response) {
    String length = response.headers().get(MediaTypes.INFERENCE_HEADER_LENGTH);
    return length == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(length));
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
