package dev.pilotlight.runtime;

import java.util.LinkedHashSet;
import java.util.Set;

/// X-Ray's description of a failure: its message, type and stack, and the files in the stack.
final class XRayCause {
  private XRayCause() {}

  /// JSON in ASCII, which a header can hold.
  static String of(Throwable failure) {
    JsonText json = new JsonText();
    json.text("{\"working_directory\":").quoted(System.getProperty("user.dir", ""));
    json.text(",\"exceptions\":[{");
    String message = failure.getMessage();
    if (message != null) {
      json.text("\"message\":").quoted(message).text(",");
    }
    json.text("\"type\":").quoted(failure.getClass().getName()).text(",\"stack\":[");
    Set<String> paths = new LinkedHashSet<>();
    String separator = "";
    for (StackTraceElement frame : failure.getStackTrace()) {
      String path = file(frame);
      paths.add(path);
      json.text(separator).text("{\"label\":").quoted(frame.getMethodName());
      json.text(",\"path\":").quoted(path);
      json.text(",\"line\":").text(Integer.toString(frame.getLineNumber())).text("}");
      separator = ",";
    }
    json.text("]}],\"paths\":[");
    separator = "";
    for (String path : paths) {
      json.text(separator).quoted(path);
      separator = ",";
    }
    return json.text("]}").toString();
  }

  private static String file(StackTraceElement frame) {
    String name = frame.getFileName();
    String type = frame.getClassName();
    return name != null ? name : type.substring(type.lastIndexOf('.') + 1) + ".java";
  }
}
