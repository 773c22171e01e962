package dev.pilotlight.support;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Formats a failure as text: the chain of causes and suppressed failures, each with its stack.
///
/// The text is bounded: a deep stack shows its first and last frames, and a long text is truncated.
final class StackText {
  private static final String OURS = "dev.pilotlight.";
  private static final int FRAMES_FIRST = 48;
  private static final int FRAMES_LAST = 16;
  private static final int FAILURES_MAX = 16;
  private static final int STATUS_CHARS = 3;
  private static final int CHARS_MAX = 64 * 1024;

  private final StringBuilder text = new StringBuilder(1024);
  private final Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private StackText() {}

  static String of(Throwable failure) {
    StackText all = new StackText();
    all.append("", failure);
    return all.text.length() <= CHARS_MAX
        ? all.text.toString()
        : all.text.substring(0, CHARS_MAX) + "…";
  }

  /// Returns the first frame of our code in the failure's stack or a cause's; without one, as in a
  /// library with infinite recursion, the first frame at all; empty if no failure has a stack.
  static String place(Throwable failure) {
    String first = "";
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < FAILURES_MAX; depth++) {
      for (StackTraceElement frame : cause.getStackTrace()) {
        if (frame.getClassName().startsWith(OURS)) {
          return frame.toString();
        }
        first = first.isEmpty() ? frame.toString() : first;
      }
      cause = cause.getCause();
    }
    return first;
  }

  /// Returns a short form of the chain, equal for equal failures.
  static String chain(@Nullable Throwable failure) {
    StringBuilder chain = new StringBuilder();
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < FAILURES_MAX; depth++) {
      chain.append('\n');
      withoutIds(chain, cause.toString());
      cause = cause.getCause();
    }
    return chain.toString();
  }

  /// Replaces words with a digit that are longer than a status: ids of requests and sessions differ
  /// between equal failures.
  private static void withoutIds(StringBuilder chain, String message) {
    int word = chain.length();
    boolean digit = false;
    for (int i = 0; i <= message.length(); i++) {
      char c = i < message.length() ? message.charAt(i) : ' ';
      if (Character.isLetterOrDigit(c) || c == '-') {
        digit |= Character.isDigit(c);
        chain.append(c);
        continue;
      }
      if (digit && chain.length() - word > STATUS_CHARS) {
        chain.setLength(word);
        chain.append('#');
      }
      chain.append(c);
      word = chain.length();
      digit = false;
    }
  }

  private void append(String relation, Throwable failure) {
    if (seen.size() == FAILURES_MAX || !seen.add(failure)) {
      text.append(relation).append("… ").append(failure.getClass().getName()).append('\n');
      return;
    }
    text.append(relation).append(failure).append('\n');
    frames(failure.getStackTrace());
    for (Throwable suppressed : failure.getSuppressed()) {
      append("Suppressed: ", suppressed);
    }
    Throwable cause = failure.getCause();
    if (cause != null) {
      append("Caused by: ", cause);
    }
  }

  private void frames(StackTraceElement[] frames) {
    int left = frames.length - FRAMES_FIRST - FRAMES_LAST;
    for (int i = 0; i < frames.length; i++) {
      if (left > 0 && i == FRAMES_FIRST) {
        text.append("\t… ").append(left).append(" more\n");
        i += left;
      }
      text.append("\tat ").append(frames[i]).append('\n');
    }
  }
}
