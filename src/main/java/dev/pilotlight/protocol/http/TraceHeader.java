package dev.pilotlight.protocol.http;

import org.jspecify.annotations.Nullable;

/// The fields of X-Ray's header, such as
/// `Root=1-5759e988-bd862e3f;Parent=53995c3f42cd8ad8;Sampled=1`.
public final class TraceHeader {
  private TraceHeader() {}

  /// The id of the trace, as X-Ray's console and its searches have it. Lambda takes it from the
  /// caller's header if there is one.
  public static @Nullable String root(@Nullable String header) {
    return header == null ? null : field(header, "Root=");
  }

  /// The id of the segment that the invocation belongs to.
  public static @Nullable String parent(String header) {
    return field(header, "Parent=");
  }

  public static boolean isSampled(String header) {
    return "1".equals(field(header, "Sampled="));
  }

  /// The value of a field; null if the header has none of this name.
  ///
  /// @param name with its equals sign
  private static @Nullable String field(String header, String name) {
    int start = header.startsWith(name) ? 0 : header.indexOf(";" + name) + 1;
    if (start == 0 && !header.startsWith(name)) {
      return null;
    }
    int end = header.indexOf(';', start);
    return header.substring(start + name.length(), end < 0 ? header.length() : end);
  }
}
