package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.Refusal;
import java.util.Arrays;
import java.util.List;

/// Shares out the bytes after the JSON to the inputs that claim them, in their order.
///
/// @param start where they begin
/// @param lengthGiven whether the header said so; without it all of the body is JSON
@SuppressWarnings("ArrayRecordComponent") // never compared
record BinaryInputs(byte[] body, int start, boolean lengthGiven) {

  void attach(List<InferInputReader> inputs) {
    int position = start;
    for (InferInputReader input : inputs) {
      if (input.binary()) {
        int size = size(input, position);
        input.binaryData(Arrays.copyOfRange(body, position, position + size));
        position += size;
      }
    }
    if (position < body.length) {
      throw Refusal.invalid(
          "body",
          "the body has %d bytes after the binary data that the inputs claim"
              .formatted(body.length - position));
    }
  }

  private int size(InferInputReader input, int position) {
    long size = input.binarySize();
    int left = body.length - position;
    if (size <= left) {
      return (int) size;
    }
    if (!lengthGiven) {
      throw lengthMissing();
    }
    String path = input.path() + ".parameters.binary_data_size";
    throw Refusal.invalid(
        path, "%s is %d, but the body has only %d bytes left".formatted(path, size, left));
  }

  static Refusal lengthMissing() {
    String header = InferRequestReader.LENGTH_HEADER;
    return Refusal.invalid(
        header,
        "an input has binary_data_size, but the header %s, the JSON's length, is missing"
            .formatted(header));
  }
}
