package dev.pilotlight.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Small images, and what Pillow and transformers make of them; `images/record.py` recorded them.
public final class GoldenImages {
  static final Path FOLDER = Path.of("src/test/resources/images");
  private static final long PIXELS_MAX = 1 << 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private GoldenImages() {}

  /// A recorded file, such as `rgb.png`.
  public static byte[] file(String name) throws IOException {
    return Files.readAllBytes(FOLDER.resolve(name));
  }

  /// The content of a recorded JSON file.
  public static JsonNode json(String name) throws IOException {
    return MAPPER.readTree(FOLDER.resolve(name).toFile());
  }

  /// The cases under a key of `golden.json`.
  public static Stream<JsonNode> cases(String key) throws IOException {
    return StreamSupport.stream(json("golden.json").get(key).spliterator(), false);
  }

  /// The pixels of a recorded file, as ours.
  public static Pixels pixels(String name) throws IOException {
    byte[] bytes = file(name);
    return ImageFiles.decode(bytes, ImageHeader.read(bytes, PIXELS_MAX));
  }
}
