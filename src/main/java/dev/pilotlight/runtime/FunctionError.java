package dev.pilotlight.runtime;

import org.jspecify.annotations.Nullable;

/// An error as the Runtime API takes it.
///
/// @param type of `Lambda-Runtime-Function-Error-Type`
/// @param json the body: `errorMessage`, `errorType` and `stackTrace`
/// @param cause X-Ray's description as JSON in ASCII, if there is a stack
record FunctionError(String type, String json, @Nullable String cause) {
  private static final String BAD_CODE = "Runtime.BadFunctionCode";
  private static final String EXCEPTION = "Runtime.UserException";

  /// Describes a failure.
  ///
  /// @param failure with the handler's frames only
  static FunctionError of(Throwable failure) {
    return failure instanceof Fault fault ? ofFault(fault) : ofException(failure);
  }

  private static FunctionError ofFault(Fault fault) {
    JsonText json = new JsonText();
    json.text("{\"errorMessage\":").quoted(fault.text());
    String type = fault.type();
    if (type != null) {
      json.text(",\"errorType\":").quoted(type);
    }
    return new FunctionError(BAD_CODE, json.text("}").toString(), null);
  }

  private static FunctionError ofException(Throwable failure) {
    JsonText json = new JsonText();
    json.text("{\"errorMessage\":").quoted(Fault.messageOf(failure));
    json.text(",\"errorType\":").quoted(failure.getClass().getName());
    json.text(",\"stackTrace\":[");
    String separator = "";
    for (StackTraceElement frame : failure.getStackTrace()) {
      json.text(separator).quoted(frame.toString());
      separator = ",";
    }
    return new FunctionError(EXCEPTION, json.text("]}").toString(), XRayCause.of(failure));
  }
}
