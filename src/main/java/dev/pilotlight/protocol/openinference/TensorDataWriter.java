package dev.pilotlight.protocol.openinference;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Writes tensors as flat, row-major JSON arrays that read back bit for bit: floats as the shortest
/// decimals that do so, unsigned integers as such.
final class TensorDataWriter {
  private TensorDataWriter() {}

  /// @throws Refusal INVALID if a value has no JSON form, naming binary data as the way out
  static void write(JsonGenerator json, OutputData output) throws IOException {
    json.writeStartArray();
    for (Tensor tensor : output.tensors()) {
      write(json, output, tensor);
    }
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, OutputData output, Tensor tensor)
      throws IOException {
    ByteBuffer data = tensor.buffer();
    while (data.hasRemaining()) {
      switch (tensor.datatype()) {
        case BOOL -> json.writeBoolean(data.get() != 0);
        case UINT8 -> json.writeNumber(Byte.toUnsignedInt(data.get()));
        case UINT16 -> json.writeNumber(Short.toUnsignedInt(data.getShort()));
        case UINT32 -> json.writeNumber(Integer.toUnsignedLong(data.getInt()));
        case UINT64 -> unsigned(json, data.getLong());
        case INT8 -> json.writeNumber((int) data.get());
        case INT16 -> json.writeNumber((int) data.getShort());
        case INT32 -> json.writeNumber(data.getInt());
        case INT64 -> json.writeNumber(data.getLong());
        case FP32 -> fp32(json, output, data.getFloat());
        case FP64 -> fp64(json, output, data.getDouble());
        case BYTES -> json.writeString(utf8(output, data));
        case FP16, BF16 -> throw noJsonForm(output, tensor.datatype().name());
      }
    }
  }

  private static void unsigned(JsonGenerator json, long value) throws IOException {
    if (value >= 0) {
      json.writeNumber(value);
    } else {
      json.writeNumber(Long.toUnsignedString(value));
    }
  }

  private static void fp32(JsonGenerator json, OutputData output, float value) throws IOException {
    if (!Float.isFinite(value)) {
      throw noJsonForm(output, Float.toString(value));
    }
    json.writeNumber(value);
  }

  private static void fp64(JsonGenerator json, OutputData output, double value) throws IOException {
    if (!Double.isFinite(value)) {
      throw noJsonForm(output, Double.toString(value));
    }
    json.writeNumber(value);
  }

  private static String utf8(OutputData output, ByteBuffer data) {
    int length = data.getInt();
    ByteBuffer element = data.slice(data.position(), length);
    data.position(data.position() + length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(element).toString();
    } catch (CharacterCodingException e) {
      throw noJsonForm(output, "bytes that are not UTF-8");
    }
  }

  private static Refusal noJsonForm(OutputData output, String what) {
    return WantedOutputs.noJsonForm("outputs", output.name(), what);
  }
}
