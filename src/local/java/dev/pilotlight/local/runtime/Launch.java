package dev.pilotlight.local.runtime;

import dev.pilotlight.local.template.FunctionSettings;
import dev.pilotlight.local.template.LocalAccount;
import dev.pilotlight.local.wire.LambdaVariables;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How the process of an environment is started, as Lambda does it.
///
/// @param overrides environment variables that replace the template's
/// @param grace how long it may take to end when it is asked to
public record Launch(
    FunctionSettings function, Code code, Map<String, String> overrides, Duration grace) {
  public static final String BOOTSTRAP = "bootstrap";
  private static final String MAIN = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
  private static final int MEGABYTES_PER_VCPU = 1769;
  private static final Path HERE = Path.of("").toAbsolutePath();

  /// The code that runs.
  public sealed interface Code {
    /// By the managed runtime.
    ///
    /// @param path the classes that ship and the managed runtime's client, nothing else
    record Classes(String path) implements Code {
      /// Those of this build, and the libraries that ship with them.
      ///
      /// @throws IllegalStateException in one clear line unless Maven has listed the libraries
      public static Classes shipped() {
        Path libraries = Path.of("target", "runtime.classpath");
        try {
          Path classes = Path.of("target", "classes").toAbsolutePath();
          String shipped = Files.readString(libraries).strip();
          return new Classes(
              String.join(File.pathSeparator, classes.toString(), shipped, RuntimeClient.jars()));
        } catch (IOException e) {
          throw new IllegalStateException(
              "there is no %s: run this with Maven, from the project's directory"
                  .formatted(libraries),
              e);
        }
      }
    }

    /// By its own runtime.
    ///
    /// @param root the package, unzipped
    record Packaged(Path root) implements Code {
      /// The package in a directory.
      ///
      /// @throws IllegalArgumentException in one clear line if it cannot be run here
      public static Packaged at(Path root) {
        if (!Files.isExecutable(root.resolve(BOOTSTRAP))) {
          throw new IllegalArgumentException(
              "%s has no %s: mvn package makes it, on a machine like its target"
                  .formatted(root, BOOTSTRAP));
        }
        return new Packaged(root);
      }
    }
  }

  public Launch {
    overrides = Map.copyOf(overrides);
  }

  public static String arn(String function) {
    return "arn:aws:lambda:%s:%s:function:%s"
        .formatted(LocalAccount.REGION, LocalAccount.ID, function);
  }

  /// The command line of the process.
  public List<String> command() {
    return switch (code) {
      case Code.Classes classes -> managed();
      case Code.Packaged(Path root) -> List.of(root.resolve(BOOTSTRAP).toString());
    };
  }

  /// The working directory of the process.
  public Path root() {
    return switch (code) {
      case Code.Classes classes -> HERE;
      case Code.Packaged(Path root) -> root.toAbsolutePath();
    };
  }

  private List<String> managed() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // the heap takes half: the other half is for the model, threads and code
    command.add("-Xmx" + function.memoryMb() / 2 + "m");
    command.add("-XX:ActiveProcessorCount=" + processors());
    // as the managed runtime has it
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(RuntimeClient.options());
    command.add(MAIN);
    command.add(function.handler());
    return command;
  }

  /// Lambda's variables and the template's; nothing of this process's own.
  public Map<String, String> variables(int runtimeApiPort, int environment) {
    Map<String, String> variables = new HashMap<>(function.variables());
    variables.putAll(
        LambdaVariables.of(
            function.name(),
            function.handler(),
            function.memoryMb(),
            root().toString(),
            runtimeApiPort,
            environment));
    if (code instanceof Code.Classes(String path)) {
      variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_java25");
      variables.put("OPT_OUT_TRACKING", "true");
      // not on the command line: ONNX Runtime 1.29 reads that by a recursive expression, and one
      // of more than about 4,000 characters overflows its stack, which ends the process
      variables.put("CLASSPATH", path);
    }
    variables.putAll(overrides);
    return variables;
  }

  private int processors() {
    int wanted = Math.ceilDiv(function.memoryMb(), MEGABYTES_PER_VCPU);
    return Math.clamp(wanted, 1, Runtime.getRuntime().availableProcessors());
  }
}
