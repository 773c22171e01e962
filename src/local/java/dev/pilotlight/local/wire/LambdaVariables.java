package dev.pilotlight.local.wire;

import java.util.HashMap;
import java.util.Map;

/// The environment variables that Lambda gives a function's process.
public final class LambdaVariables {
  /// The region of every local process.
  public static final String REGION = "us-east-1";

  private static final String HOST = "127.0.0.1";

  private LambdaVariables() {}

  /// The variables of a function's process.
  ///
  /// @param name of the function
  /// @param root of the package
  /// @param runtimeApiPort of [WireRuntime], or of another Runtime API
  /// @param environment from 1
  public static Map<String, String> of(
      String name, String handler, int memoryMb, String root, int runtimeApiPort, int environment) {
    Map<String, String> variables = new HashMap<>();
    variables.put("PATH", "/usr/local/bin:/usr/bin:/bin");
    variables.put("LANG", "en_US.UTF-8");
    variables.put("TZ", ":UTC");
    variables.put("_HANDLER", handler);
    variables.put("AWS_REGION", REGION);
    variables.put("AWS_DEFAULT_REGION", REGION);
    variables.put("AWS_ACCESS_KEY_ID", "local");
    variables.put("AWS_SECRET_ACCESS_KEY", "local");
    variables.put("AWS_SESSION_TOKEN", "local");
    variables.put("AWS_LAMBDA_RUNTIME_API", HOST + ":" + runtimeApiPort);
    variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
    variables.put("AWS_LAMBDA_FUNCTION_NAME", name);
    variables.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
    variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(memoryMb));
    variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + name);
    variables.put("AWS_LAMBDA_LOG_STREAM_NAME", "local/[$LATEST]" + environment);
    variables.put("LAMBDA_TASK_ROOT", root);
    return variables;
  }
}
