package dev.pilotlight.runtime;

import dev.pilotlight.support.json.Escapes;
import dev.pilotlight.support.json.JsonBytes;
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
    JsonBytes json = new JsonBytes(0, Escapes.ASCII).object().field("errorMessage", fault.text());
    String type = fault.type();
    if (type != null) {
      json.field("errorType", type);
    }
    return new FunctionError(BAD_CODE, json.endObject().toString(), null);
  }

  private static FunctionError ofException(Throwable failure) {
    JsonBytes json = new JsonBytes(0, Escapes.ASCII).object();
    json.field("errorMessage", Fault.messageOf(failure));
    json.field("errorType", failure.getClass().getName());
    json.name("stackTrace").array();
    for (StackTraceElement frame : failure.getStackTrace()) {
      json.string(frame.toString());
    }
    json.endArray().endObject();
    return new FunctionError(EXCEPTION, json.toString(), XRayCause.of(failure));
  }
}
