package dev.pilotlight.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The AWS CLI, which has the user's credentials and region however they log in.
///
/// @param program its name or path
record AwsCli(String program) {
  /// AWS refused a call, or there is no AWS CLI. The message is one line.
  static final class Failed extends Exception {
    private static final long serialVersionUID = 1;

    Failed(String message) {
      super(message);
    }
  }

  /// Runs a command without a shell, and waits for it.
  ///
  /// @param arguments such as `cloudwatch describe-alarms`
  /// @return what it prints
  String run(String... arguments) throws Failed, InterruptedException {
    List<String> command = Stream.concat(Stream.of(program), Stream.of(arguments)).toList();
    try {
      Path errors = Files.createTempFile("pilotlight", ".txt");
      try {
        Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        process.getOutputStream().close();
        String printed =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
          String reason = Texts.oneLine(Files.readString(errors).strip());
          throw new Failed("aws %s failed: %s".formatted(arguments[0], reason));
        }
        return printed;
      } finally {
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new Failed("could not run the AWS CLI, which must be installed: " + e.getMessage());
    }
  }
}
