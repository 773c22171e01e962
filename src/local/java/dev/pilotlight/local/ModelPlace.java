package dev.pilotlight.local;

import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.local.support.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.S3Client;

/// The place of the function's models: a directory, or a prefix in the stack's own S3. Both hold
/// models at `<name>/<version>/model.onnx`.
final class ModelPlace {
  private static final String S3 = "s3://";
  private static final Pattern S3_URL =
      Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*?))?/?");

  private static final int PARTS_MIN = 3;

  private ModelPlace() {}

  /// The value that the function gets: an absolute directory, or the URL.
  ///
  /// @throws IllegalArgumentException in one clear line if it is a malformed URL
  static String resolve(String given) {
    if (!given.startsWith(S3)) {
      return Path.of(given).toAbsolutePath().normalize().toString();
    }
    if (!S3_URL.matcher(given).matches()) {
      throw new IllegalArgumentException(
          "-D%s is '%s'; accepted: a directory, or s3://bucket/prefix"
              .formatted(Option.MODELS.optionName(), given));
    }
    return given;
  }

  /// The bucket of a URL.
  static Optional<String> bucket(String models) {
    Matcher url = S3_URL.matcher(models);
    return url.matches() ? Optional.of(url.group(1)) : Optional.empty();
  }

  /// Checks a directory before anything is started. A bucket can be checked only after S3 has
  /// started.
  ///
  /// @throws IllegalArgumentException in one clear line if it has no model
  static void requireModel(String models) {
    if (bucket(models).isEmpty()) {
      String _ = firstModel(Path.of(models));
    }
  }

  /// The name of a model, if there is one.
  static Optional<String> firstModel(String models, S3Local s3) {
    Matcher url = S3_URL.matcher(models);
    if (!url.matches()) {
      return Optional.of(firstModel(Path.of(models)));
    }
    String prefix = url.group(2) == null || url.group(2).isEmpty() ? "" : url.group(2) + "/";
    try (S3Client client = s3.client()) {
      return client
          .listObjectsV2Paginator(of -> of.bucket(url.group(1)).prefix(prefix))
          .contents()
          .stream()
          .map(object -> object.key().substring(prefix.length()))
          .filter(key -> key.endsWith("/model.onnx") && key.split("/", -1).length >= PARTS_MIN)
          .map(key -> key.substring(0, key.indexOf('/')))
          .findFirst();
    }
  }

  /// The name of a model in a directory.
  ///
  /// @throws IllegalArgumentException in one clear line if it has none
  static String firstModel(Path models) {
    try (Stream<Path> files = Files.isDirectory(models) ? Files.walk(models, 4) : Stream.empty()) {
      Optional<Path> model =
          files
              .filter(file -> file.endsWith("model.onnx"))
              .map(models::relativize)
              .filter(file -> file.getNameCount() >= PARTS_MIN)
              .sorted()
              .findFirst();
      return model
          .map(file -> file.getName(0).toString())
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "no model in %s: put one at <name>/<version>/model.onnx, or choose another"
                              .formatted(models)
                          + " directory with -D%s=".formatted(Option.MODELS.optionName())));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + models + ": " + e.getMessage(), e);
    }
  }

  /// How to fill an empty prefix.
  static String advice(Options options, LocalStack stack) {
    return """
        There is no model in %s yet. Upload one; it answers some seconds later:

          aws s3 cp --recursive models %s --endpoint-url %s"""
        .formatted(options.models(), options.models(), stack.s3().endpoint());
  }
}
