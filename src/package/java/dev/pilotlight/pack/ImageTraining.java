package dev.pilotlight.pack;

import dev.pilotlight.model.files.Layout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The part of the training with images: a small model, which is in the package only as long as the
/// training runs, and requests to it.
final class ImageTraining {
  private static final Path SOURCE = Path.of("src/package/images");
  private static final String NAME = "training-with-images";

  private ImageTraining() {}

  /// Puts the model into a package.
  ///
  /// @return whether requests can reach it; not if a lock lists the models
  static boolean begin(Path root) throws IOException {
    Path models = root.resolve("models");
    if (Files.exists(models.resolve(Layout.LOCK))) {
      System.out.println("package: a models.lock; decoding images is not in the AOT cache");
      return false;
    }
    Path version = Files.createDirectories(models.resolve(NAME).resolve("1"));
    try (Stream<Path> files = Files.list(SOURCE.resolve("1"))) {
      for (Path file : files.toList()) {
        Files.copy(file, version.resolve(file.getFileName()));
      }
    }
    return true;
  }

  static void end(Path root) throws IOException {
    Path models = root.resolve("models");
    Path model = models.resolve(NAME);
    if (Files.exists(model)) {
      Trees.delete(model);
      try (Stream<Path> others = Files.list(models)) {
        if (others.findAny().isEmpty()) {
          Files.delete(models); // it was made for this model
        }
      }
    }
  }

  /// A JPEG and a PNG file.
  static List<byte[]> images() {
    try {
      return List.of(
          Files.readAllBytes(SOURCE.resolve("image.jpg")),
          Files.readAllBytes(SOURCE.resolve("image.png")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The requests of one round; each image is another one, so that no result answers it.
  static List<Requests.Call> round(int number) {
    List<byte[]> images = images();
    return List.of(
        call("image/jpeg", number, images.getFirst()), call("image/png", number, images.getLast()));
  }

  private static Requests.Call call(String type, int number, byte[] image) {
    byte[] another = Arrays.copyOf(image, image.length + 1);
    another[image.length] = (byte) number; // after the image's end
    return new Requests.Call("/models/" + NAME, Map.of("content-type", type), another);
  }
}
