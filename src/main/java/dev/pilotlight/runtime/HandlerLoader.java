package dev.pilotlight.runtime;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;

/// Makes the handler that the function's configuration names, as `package.Class` or
/// `package.Class::handleRequest`.
///
/// A handler that fails while it is made ends the start. A name without a handler does not: as with
/// Lambda's Java client, every invocation then fails with the reason.
final class HandlerLoader {
  private static final String METHOD = "handleRequest";

  private HandlerLoader() {}

  /// Makes the handler.
  ///
  /// @throws Fault fatal, if the start must end
  static RequestStreamHandler load(String name) {
    int colons = name.lastIndexOf("::");
    String className = colons < 0 ? name : name.substring(0, colons);
    String method = colons < 0 ? METHOD : name.substring(colons + 2);
    if (className.isEmpty() || method.isEmpty()) {
      return failing(Fault.of("Invalid handler: `" + name + "'"));
    }
    Class<?> found;
    try {
      found = Class.forName(className, true, HandlerLoader.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      return failing(Fault.of("Class not found: " + className, e, false));
    } catch (NoClassDefFoundError e) {
      return failing(notLoaded(className, e));
    } catch (Throwable e) {
      throw notLoaded(className, e);
    }
    if (!RequestStreamHandler.class.isAssignableFrom(found)) {
      return failing(
          colons < 0
              ? Fault.of("Class does not implement an appropriate handler interface: " + className)
              : noMethod(className, method));
    }
    return method.equals(METHOD)
        ? make(found.asSubclass(RequestStreamHandler.class))
        : failing(noMethod(className, method));
  }

  private static Fault notLoaded(String className, Throwable failure) {
    String message = failure.getMessage();
    String text = "Error loading class " + className + (message == null ? "" : ": " + message);
    return Fault.of(text, failure, true);
  }

  private static Fault noMethod(String className, String method) {
    return Fault.of(
        "No public method named "
            + method
            + " with appropriate method signature found on class "
            + className);
  }

  private static RequestStreamHandler make(Class<? extends RequestStreamHandler> type) {
    try {
      return constructor(type).newInstance();
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      throw Fault.of(cause == null ? e : cause, true);
    } catch (Exception e) {
      return failing(Fault.of(e, false));
    }
  }

  private static <T> Constructor<T> constructor(Class<T> type) throws Exception {
    try {
      return type.getConstructor();
    } catch (NoSuchMethodException e) {
      throw type.getEnclosingClass() != null && !Modifier.isStatic(type.getModifiers())
          ? new Exception(
              "Class "
                  + type.getName()
                  + " cannot be instantiated because it is a non-static inner class")
          : new Exception(
              "Class " + type.getName() + " has no public zero-argument constructor", e);
    }
  }

  private static RequestStreamHandler failing(Fault fault) {
    return (_, _, _) -> {
      throw fault;
    };
  }
}
