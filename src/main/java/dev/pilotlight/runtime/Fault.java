package dev.pilotlight.runtime;

import java.io.IOError;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A failure of the function's own code, in the words that Lambda's Java client uses.
final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final String OURS = Fault.class.getPackageName() + ".";

  private final String text;
  private final @Nullable String type;
  private final @Nullable String trace;
  private final boolean fatal;

  private Fault(String text, @Nullable String type, @Nullable String trace, boolean fatal) {
    super(text);
    this.text = text;
    this.type = type;
    this.trace = trace;
    this.fatal = fatal;
  }

  /// The fault of a handler that cannot be called.
  static Fault of(String text) {
    return new Fault(text, null, null, false);
  }

  /// Describes a failure, unless it is described already.
  ///
  /// @param fatal whether the process must end
  static Fault of(Throwable failure, boolean fatal) {
    return failure instanceof Fault fault ? fault : of(messageOf(failure), failure, fatal);
  }

  static Fault of(String text, Throwable failure, boolean fatal) {
    return new Fault(text, failure.getClass().getName(), trace(failure), fatal);
  }

  static String messageOf(Throwable failure) {
    String message = failure.getLocalizedMessage();
    return message == null ? failure.getClass().getName() : message;
  }

  /// Whether a failure must end the process.
  static boolean isUnrecoverable(Throwable failure) {
    return failure instanceof VirtualMachineError
        || failure instanceof IOError
        || (failure instanceof Fault fault && fault.fatal);
  }

  String text() {
    return text;
  }

  @Nullable String type() {
    return type;
  }

  /// The log's text.
  String report() {
    return type == null && trace == null
        ? text + "\n"
        : text + ": " + (type == null ? "" : type) + "\n" + (trace == null ? "" : trace) + "\n";
  }

  static String trace(Throwable failure) {
    removeOurFrames(failure);
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /// Cuts every stack in the failure where the loop called the handler.
  static void removeOurFrames(Throwable failure) {
    removeOurFrames(failure, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  private static void removeOurFrames(Throwable failure, Set<Throwable> seen) {
    if (!seen.add(failure)) {
      return;
    }
    StackTraceElement[] stack = failure.getStackTrace();
    for (int i = 0; i < stack.length; i++) {
      if (stack[i].getClassName().startsWith(OURS)) {
        StackTraceElement[] theirs = new StackTraceElement[i];
        System.arraycopy(stack, 0, theirs, 0, i);
        failure.setStackTrace(theirs);
        break;
      }
    }
    Throwable cause = failure.getCause();
    if (cause != null) {
      removeOurFrames(cause, seen);
    }
    for (Throwable suppressed : failure.getSuppressed()) {
      removeOurFrames(suppressed, seen);
    }
  }
}
