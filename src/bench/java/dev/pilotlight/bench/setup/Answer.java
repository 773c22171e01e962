package dev.pilotlight.bench.setup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.local.wire.Reply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// The function's answer to a request for embeddings.
///
/// @param cacheStatus where the answer was found, such as `pilotlight; hit; detail="redis"`
public record Answer(String cacheStatus, List<float[]> vectors) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int OK = 200;

  /// Parses a reply of the function.
  ///
  /// @throws IllegalStateException if it is not an answer but an error
  public static Answer of(Reply reply) throws IOException {
    JsonNode response = MAPPER.readTree(reply.body());
    if (response.path("statusCode").asInt() != OK) {
      throw new IllegalStateException("not an answer: " + reply.text());
    }
    List<float[]> vectors = new ArrayList<>();
    JsonNode body = MAPPER.readTree(response.get("body").asText());
    // text-embeddings-inference answers nothing but the vectors
    for (JsonNode item : body.isArray() ? body : body.get("data")) {
      JsonNode vector = item.isArray() ? item : item.get("embedding");
      vectors.add(
          vector.isArray()
              ? MAPPER.treeToValue(vector, float[].class)
              : floats(vector.binaryValue()));
    }
    return new Answer(response.path("headers").path("cache-status").asText(), vectors);
  }

  /// The one vector of a request for one.
  public float[] vector() {
    return vectors.getFirst();
  }

  /// Checks that the function computed every item.
  ///
  /// @throws IllegalStateException unless every item was run and stored
  public Answer requireMiss() {
    if (!cacheStatus.contains("fwd=miss") || !cacheStatus.contains("stored")) {
      throw new IllegalStateException("a new text was answered by " + cacheStatus);
    }
    return this;
  }

  /// Checks that the function computed every item; it need not have stored it yet.
  ///
  /// @throws IllegalStateException unless every item was run
  public Answer requireRun() {
    if (!cacheStatus.contains("fwd=miss")) {
      throw new IllegalStateException("a new text was answered by " + cacheStatus);
    }
    return this;
  }

  /// Decodes an embedding in base64's bytes.
  ///
  /// @param littleEndian four bytes each
  public static float[] floats(byte[] littleEndian) {
    float[] floats = new float[littleEndian.length / Float.BYTES];
    ByteBuffer.wrap(littleEndian).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }
}
