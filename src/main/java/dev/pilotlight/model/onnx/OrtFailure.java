package dev.pilotlight.model.onnx;

import dev.pilotlight.domain.Refusal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// ONNX Runtime refused or failed. The message is the runtime's, for the log only: it holds source
/// paths.
final class OrtFailure extends RuntimeException {
  /// `OrtErrorCode` of the C API.
  static final int FAIL = 1;

  static final int INVALID_ARGUMENT = 2;
  static final int NO_SUCH_FILE = 3;
  static final int RUNTIME_EXCEPTION = 6;
  static final int INVALID_PROTOBUF = 7;
  static final int INVALID_GRAPH = 10;

  private static final int MESSAGE_LENGTH_MAX = 300;
  private static final Pattern NODE = Pattern.compile("while running (\\w+) node");

  private static final Pattern LACK_OF_MEMORY =
      Pattern.compile("[Ff]ailed to allocate memory|bad_alloc");

  /// File, line, function and, of a failed check, the condition.
  private static final Pattern SOURCE_PLACE =
      Pattern.compile("^\\S*\\.(?:cc|cpp|h):\\d+ (?:.*? was false\\. |.*?\\) )", Pattern.DOTALL);

  private static final Pattern SOURCE_FILE = Pattern.compile("\\.(?:cc|cpp|h):\\d+");

  private final int code;

  OrtFailure(int code, String message) {
    super(message);
    this.code = code;
  }

  int code() {
    return code;
  }

  /// The runtime's message, unchanged.
  String text() {
    return String.valueOf(getMessage());
  }

  /// Whether a graph that failed to open may open at a lower optimisation level: not if its file is
  /// unreadable or invalid, or if the memory does not suffice.
  boolean mayComeFromOptimising() {
    return switch (code) {
      case NO_SUCH_FILE, INVALID_PROTOBUF, INVALID_GRAPH -> false;
      default -> !LACK_OF_MEMORY.matcher(text()).find();
    };
  }

  /// The refusal for the caller of a failed run, or this failure if the caller did not cause it.
  ///
  /// A loaded graph has answered before. If one of its nodes fails now, its inputs do not fit each
  /// other or the node, or exceed the memory.
  RuntimeException ofRun() {
    String message = String.valueOf(getMessage());
    Matcher node = NODE.matcher(message);
    boolean atNode = node.find();
    boolean callers =
        code == INVALID_ARGUMENT || (atNode && (code == FAIL || code == RUNTIME_EXCEPTION));
    if (LACK_OF_MEMORY.matcher(message).find()) {
      return Refusal.tooLarge(
          "inputs",
          "on these inputs the graph needs more memory than the function has: send smaller ones, or"
              + " give the function more");
    }
    if (!callers) {
      return this;
    }
    String where = atNode ? " at its " + node.group(1) + " node" : "";
    return Refusal.invalid("inputs", "the graph refuses these inputs" + where + cleaned(message));
  }

  /// The reason without the runtime's source paths; empty if none is left.
  private static String cleaned(String message) {
    int start = message.lastIndexOf("Status Message: ");
    String reason = start < 0 ? message : message.substring(start + "Status Message: ".length());
    reason = SOURCE_PLACE.matcher(reason).replaceFirst("").replaceAll("\\s+", " ").strip();
    if (reason.isEmpty() || SOURCE_FILE.matcher(reason).find()) {
      return "";
    }
    return ": "
        + (reason.length() <= MESSAGE_LENGTH_MAX
            ? reason
            : reason.substring(0, MESSAGE_LENGTH_MAX) + "…");
  }
}
