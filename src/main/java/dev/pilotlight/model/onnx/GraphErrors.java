package dev.pilotlight.model.onnx;

import dev.pilotlight.model.format.FileKind;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.format.OnnxFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Explains why a graph does not open: the cause and the remedy if they are known, else ONNX
/// Runtime's message without C++ locations, functions and paths. [OrtFailure] does the same for
/// runs.
final class GraphErrors {
  private static final int LENGTH_MAX = 300;
  // "Non-zero status code returned while running X node. Name:'…' Status Message: what matters"
  private static final Pattern STATUS = Pattern.compile("(?s)^.*Status Message: ");
  private static final Pattern CODE = Pattern.compile("^Error code - \\S+ - message: ");
  private static final Pattern LOADING = Pattern.compile("^Load model from .*? failed: ?");
  // a path with at least two parts, and the C++ location after it up to the message
  private static final Pattern PLACE =
      Pattern.compile(
          "\\S*/\\S+\\.(?:cc|cpp|h|hpp):\\d+(?: .*?\\)(?: const)?(?: \\[[^\\]]*\\])?)?:? ?");
  private static final Pattern SHORT_PLACE = Pattern.compile("\\b\\w+\\.(?:cc|cpp|h):\\d+ \\w+ ");
  private static final Pattern PATH = Pattern.compile("(?:/[^\\s/:]+){2,}/?");

  private static final String CUSTOM_OPERATOR =
      " of the domain %s, which ONNX Runtime does not have; custom operators cannot be loaded";

  /// A known message and its explanation.
  ///
  /// @param words with the pattern's groups, in their order unless they are numbered
  private record Known(Pattern pattern, String words) {
    Known(String pattern, String words) {
      this(Pattern.compile(pattern), words);
    }

    Optional<String> match(String message) {
      Matcher matcher = pattern.matcher(message);
      return matcher.find()
          ? Optional.of(
              words.formatted(
                  IntStream.rangeClosed(1, matcher.groupCount())
                      .mapToObj(matcher::group)
                      .toArray()))
          : Optional.empty();
    }
  }

  private static final List<Known> KNOWN =
      List.of(
          new Known(
              "(?s)Opset (\\d+) is under development.* domain (\\S+) is till opset (\\d+)",
              "the graph uses opset %s of %s, but ONNX Runtime supports up to opset %s: export the"
                  + " graph with a lower opset"),
          new Known(
              "Unsupported model IR version: (\\d+), max supported IR version: (\\d+)",
              "the graph has ONNX IR version %s, but ONNX Runtime supports up to version %s: save"
                  + " the graph with an older onnx package"),
          new Known(
              "(?s)In Node, \\(\".*?\", (\\w+), .* No opset import for domain '([^']*)'",
              "the graph uses the operator %s" + CUSTOM_OPERATOR),
          new Known(
              "([\\w.]+):(\\w+)\\(-?\\d+\\) is not a registered function/op",
              "the graph uses the operator %2$s" + CUSTOM_OPERATOR.replace("%s", "%1$s")),
          new Known(
              "No Op registered for (\\w+) with domain_version of (\\d+)",
              "the graph uses the operator %s, which its opset %s does not have"),
          new Known(
              "Could not find an implementation for (\\w+)\\((\\d+)\\) node with name '",
              "ONNX Runtime cannot run the graph's operator %s of opset %s on a CPU for the"
                  + " datatypes that the graph gives it"),
          new Known(
              "External initializer: (.*?) offset: .* given file_length: (\\d+) are out",
              "the external data of its initialiser %s continues after the end of the file, which"
                  + " has %s bytes: the file is truncated, or belongs to another graph"),
          new Known(
              "path escapes model directory. External data path: \"([^\"]*)\"",
              "its external data %s is outside the graph's folder, which is not allowed"));

  private GraphErrors() {}

  /// Why no session opened a graph.
  static LoadFailure notOpened(Path graph, @Nullable OrtFailure failure) {
    String message = failure == null ? "" : failure.text();
    String reason = ofFiles(graph).or(() -> known(message)).orElseGet(() -> clean(message));
    return new LoadFailure("its graph cannot be opened: " + reason, failure);
  }

  static String clean(String message) {
    String clean = withoutCode(message);
    clean = STATUS.matcher(clean).replaceFirst("");
    clean = LOADING.matcher(clean).replaceFirst("");
    clean = PLACE.matcher(clean).replaceAll("");
    clean = SHORT_PLACE.matcher(clean).replaceAll("");
    clean = PATH.matcher(clean).replaceAll("the file").strip();
    return clean.length() <= LENGTH_MAX ? clean : clean.substring(0, LENGTH_MAX) + "…";
  }

  /// Removes the prefix of the Java API.
  static String withoutCode(String message) {
    return CODE.matcher(message).replaceFirst("");
  }

  private static Optional<String> known(String message) {
    return KNOWN.stream().flatMap(known -> known.match(message).stream()).findFirst();
  }

  /// The fault of the graph's file, or of the files of its external data.
  private static Optional<String> ofFiles(Path graph) {
    if (!Files.isRegularFile(graph)) {
      return Optional.empty();
    }
    try {
      for (String location : OnnxFile.read(graph).externalLocations()) {
        Path data = graph.resolveSibling(location).normalize();
        if (!data.startsWith(graph.resolveSibling("").normalize())) {
          return Optional.empty(); // ONNX Runtime refuses it without reading it
        }
        if (!Files.isRegularFile(data)) {
          return Optional.of(
              "it needs the file %s, which is missing: upload it to the graph's folder"
                  .formatted(location));
        }
        FileKind.refuse(data);
      }
      return Optional.empty();
    } catch (LoadFailure e) {
      return Optional.of(e.reason());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
