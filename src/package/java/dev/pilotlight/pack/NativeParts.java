package dev.pilotlight.pack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// Extracts the target's native libraries from jars that have those of every system.
final class NativeParts {
  private NativeParts() {}

  static void unpack(Target target, Path directory) throws IOException {
    Files.createDirectories(directory);
    for (Map.Entry<String, String> part : parts(target).entrySet()) {
      try (InputStream in = ClassLoader.getSystemResourceAsStream(part.getValue())) {
        if (in == null) {
          throw new IllegalStateException("no dependency has " + part.getValue());
        }
        Files.copy(in, directory.resolve(part.getKey()));
      }
    }
  }

  private static Map<String, String> parts(Target target) {
    String onnxruntime = "ai/onnxruntime/native/" + target.onnxruntime() + "/";
    Map<String, String> parts = new TreeMap<>();
    parts.put("libonnxruntime.so", onnxruntime + "libonnxruntime.so");
    parts.put("libonnxruntime4j_jni.so", onnxruntime + "libonnxruntime4j_jni.so");
    parts.put("libtokenizers.so", "native/lib/" + target.tokenizers() + "/cpu/libtokenizers.so");
    return parts;
  }
}
