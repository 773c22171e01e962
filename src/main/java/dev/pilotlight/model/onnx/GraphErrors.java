package dev.pilotlight.model.onnx;

import dev.pilotlight.model.format.FileKind;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.format.OnnxFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Says why a graph does not open: the cause and the way out where they are known, else ONNX
/// Runtime's message without C++ places, functions and paths. [OrtFailure] does the same for runs.
final class GraphErrors {
  private static final int LENGTH_MAX = 300;
  // "Non-zero status code returned while running X node. Name:'…' Status Message: what matters"
  private static final Pattern STATUS = Pattern.compile("(?s)^.*Status Message: ");
  private static final Pattern CODE = Pattern.compile("^Error code - \\S+ - message: ");
  private static final Pattern LOADING = Pattern.compile("^Load model from .*? failed: ?");
  // a path with at least two parts, with what C++ puts behind it up to the message
  private static final Pattern PLACE =
      Pattern.compile(
          "\\S*/\\S+\\.(?:cc|cpp|h|hpp):\\d+(?: .*?\\)(?: const)?(?: \\[[^\\]]*\\])?)?:? ?");
  private static final Pattern SHORT_PLACE = Pattern.compile("\\b\\w+\\.(?:cc|cpp|h):\\d+ \\w+ ");
  private static final Pattern PATH = Pattern.compile("(?:/[^\\s/:]+){2,}/?");

  private static final Pattern OPSET =
      Pattern.compile("(?s)Opset (\\d+) is under development.* domain (\\S+) is till opset (\\d+)");
  private static final Pattern IR =
      Pattern.compile("Unsupported model IR version: (\\d+), max supported IR version: (\\d+)");
  private static final Pattern DOMAIN =
      Pattern.compile("(?s)In Node, \\(\".*?\", (\\w+), .* No opset import for domain '([^']*)'");
  private static final Pattern FUNCTION =
      Pattern.compile("([\\w.]+):(\\w+)\\(-?\\d+\\) is not a registered function/op");
  private static final Pattern OPERATOR =
      Pattern.compile("No Op registered for (\\w+) with domain_version of (\\d+)");
  private static final Pattern KERNEL =
      Pattern.compile("Could not find an implementation for (\\w+)\\((\\d+)\\) node with name '");
  private static final Pattern SHORT_DATA =
      Pattern.compile("External initializer: (.*?) offset: .* given file_length: (\\d+) are out");
  private static final Pattern OUTSIDE =
      Pattern.compile("path escapes model directory. External data path: \"([^\"]*)\"");

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

  /// Without what the Java API puts before it.
  static String withoutCode(String message) {
    return CODE.matcher(message).replaceFirst("");
  }

  private static Optional<String> known(String message) {
    return match(
            OPSET,
            message,
            "the graph uses opset %s of %s, but ONNX Runtime supports up to opset %s: export the"
                + " graph with a lower opset",
            1,
            2,
            3)
        .or(
            () ->
                match(
                    IR,
                    message,
                    "the graph has ONNX IR version %s, but ONNX Runtime supports up to version %s:"
                        + " save the graph with an older onnx package",
                    1,
                    2))
        .or(() -> operator(message))
        .or(
            () ->
                match(
                    SHORT_DATA,
                    message,
                    "the external data of its initialiser %s goes on after the end of the file,"
                        + " which has %s bytes: the file is cut off, or belongs to another graph",
                    1,
                    2))
        .or(
            () ->
                match(
                    OUTSIDE,
                    message,
                    "its external data %s is outside the graph's folder, which is not allowed",
                    1));
  }

  private static Optional<String> operator(String message) {
    String custom =
        "the graph uses the operator %s of the domain %s, which ONNX Runtime does not have; custom"
            + " operators cannot be loaded";
    return match(DOMAIN, message, custom, 1, 2)
        .or(() -> match(FUNCTION, message, custom, 2, 1))
        .or(
            () ->
                match(
                    OPERATOR,
                    message,
                    "the graph uses the operator %s, which its opset %s does not have",
                    1,
                    2))
        .or(
            () ->
                match(
                    KERNEL,
                    message,
                    "ONNX Runtime cannot run the graph's operator %s of opset %s on a CPU for the"
                        + " datatypes that the graph gives it",
                    1,
                    2));
  }

  /// @param groups the pattern's groups in the order in which the words have them
  private static Optional<String> match(
      Pattern pattern, String message, String words, int... groups) {
    Matcher matcher = pattern.matcher(message);
    if (!matcher.find()) {
      return Optional.empty();
    }
    MatchResult result = matcher.toMatchResult();
    Object[] found = new Object[groups.length];
    for (int i = 0; i < groups.length; i++) {
      found[i] = result.group(groups[i]);
    }
    return Optional.of(words.formatted(found));
  }

  /// What is wrong with the graph's file, or with the files of its external data.
  private static Optional<String> ofFiles(Path graph) {
    if (!Files.isRegularFile(graph)) {
      return Optional.empty();
    }
    try {
      for (String location : OnnxFile.read(graph).externalLocations()) {
        Path data = graph.resolveSibling(location).normalize();
        if (!data.startsWith(graph.resolveSibling("").normalize())) {
          return Optional.empty(); // ONNX Runtime refuses it without a look
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
