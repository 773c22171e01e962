package dev.pilotlight.runtime;

import dev.pilotlight.support.json.Escapes;
import dev.pilotlight.support.json.JsonBytes;
import java.util.LinkedHashSet;
import java.util.Set;

/// X-Ray's description of a failure: its message, type and stack, and the files in the stack.
final class XRayCause {
  private XRayCause() {}

  /// JSON in ASCII, which a header can hold.
  static String of(Throwable failure) {
    JsonBytes json = new JsonBytes(0, Escapes.ASCII).object();
    json.field("working_directory", System.getProperty("user.dir", ""));
    json.name("exceptions").array().object();
    String message = failure.getMessage();
    if (message != null) {
      json.field("message", message);
    }
    json.field("type", failure.getClass().getName()).name("stack").array();
    Set<String> paths = new LinkedHashSet<>();
    for (StackTraceElement frame : failure.getStackTrace()) {
      String path = file(frame);
      paths.add(path);
      json.object().field("label", frame.getMethodName());
      json.field("path", path).field("line", frame.getLineNumber()).endObject();
    }
    json.endArray().endObject().endArray();
    return json.strings("paths", paths).endObject().toString();
  }

  private static String file(StackTraceElement frame) {
    String name = frame.getFileName();
    String type = frame.getClassName();
    return name != null ? name : type.substring(type.lastIndexOf('.') + 1) + ".java";
  }
}
