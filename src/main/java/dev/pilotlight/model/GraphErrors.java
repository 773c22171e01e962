package dev.pilotlight.model;

import java.util.regex.Pattern;

/// ONNX Runtime's messages on loading without what is of no use to a caller: C++ places, functions
/// and paths. [OrtFailure] does the same for runs.
final class GraphErrors {
  private static final int LENGTH_MAX = 300;
  // "Non-zero status code returned while running X node. Name:'…' Status Message: what matters"
  private static final Pattern STATUS = Pattern.compile("(?s)^.*Status Message: ");
  private static final Pattern CODE = Pattern.compile("^Error code - \\S+ - message: ");
  // a path with at least two parts, with what C++ puts behind it up to the message
  private static final Pattern PLACE =
      Pattern.compile(
          "\\S*/\\S+\\.(?:cc|cpp|h|hpp):\\d+(?: .*?\\)(?: const)?(?: \\[[^\\]]*\\])?)?:? ?");
  private static final Pattern PATH = Pattern.compile("(?:/[^\\s/:]+){2,}/?");

  private GraphErrors() {}

  static String clean(String message) {
    String clean = withoutCode(message);
    clean = STATUS.matcher(clean).replaceFirst("");
    clean = PLACE.matcher(clean).replaceAll("");
    clean = PATH.matcher(clean).replaceAll("the file").strip();
    return clean.length() <= LENGTH_MAX ? clean : clean.substring(0, LENGTH_MAX) + "…";
  }

  /// Without what the Java API puts before it.
  static String withoutCode(String message) {
    return CODE.matcher(message).replaceFirst("");
  }
}
