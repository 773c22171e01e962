package dev.pilotlight.cli.onnx;

import dev.pilotlight.domain.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/// Reads tensors' bytes from the files next to a graph.
///
/// @param folder of the graph; the tensors' locations are relative to it
record ExternalFiles(Path folder) {
  private static final int KEY = 1;
  private static final int VALUE = 2;

  /// The file of a tensor, as the graph names it.
  static String location(Message tensor) {
    return entries(tensor).getOrDefault("location", "");
  }

  /// The fields of a tensor that lies in a file.
  static Map<String, String> entries(Message tensor) {
    Map<String, String> entries = new HashMap<>();
    tensor
        .messages(Tensors.EXTERNAL_DATA)
        .forEach(entry -> entries.put(entry.text(KEY), entry.text(VALUE)));
    return entries;
  }

  static Message entry(String key, String value) {
    return new Message().add(KEY, key).add(VALUE, value);
  }

  /// The bytes of a tensor, mapped from its file.
  ///
  /// @throws Refusal if the file does not have them
  ByteBuffer bytes(Message tensor) {
    String name = Tensors.name(tensor);
    Map<String, String> entries = entries(tensor);
    try (FileChannel file =
        FileChannel.open(folder.resolve(location(tensor)), StandardOpenOption.READ)) {
      long offset = Long.parseLong(entries.getOrDefault("offset", "0"));
      long rest = file.size() - offset;
      long length = Long.parseLong(entries.getOrDefault("length", Long.toString(rest)));
      if (length > Integer.MAX_VALUE) {
        throw Refusal.broken(
            "the tensor %s has %d bytes; accepted: up to 2 GiB".formatted(name, length), null);
      }
      if (offset < 0 || length < 0 || length > rest) {
        throw Refusal.broken(
            "the tensor %s lies at bytes %d to %d of %s, which has %d"
                .formatted(name, offset, offset + length, location(tensor), file.size()),
            null);
      }
      return file.map(FileChannel.MapMode.READ_ONLY, offset, length);
    } catch (IOException | NumberFormatException e) {
      throw Refusal.broken(
          "the tensor %s cannot be read from %s: %s".formatted(name, location(tensor), e), e);
    }
  }
}
