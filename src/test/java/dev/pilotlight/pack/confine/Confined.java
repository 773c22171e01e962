package dev.pilotlight.pack.confine;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Runs a program that cannot start a process, connect to an address other than those in its
/// variables, or write outside of `/tmp`. The [Supervisor] records its attempts.
///
/// This process's main thread enables the filters and starts the program, which inherits them. The
/// supervisor's thread started earlier and is not restricted.
final class Confined {
  /// The exit status if this machine does not support the filters.
  static final int NOT_HERE = 125;

  /// The variables with the addresses that a function may call.
  private static final List<String> TOLD =
      List.of(
          "AWS_LAMBDA_RUNTIME_API",
          "PILOTLIGHT_REDIS",
          "AWS_ENDPOINT_URL_DYNAMODB",
          "AWS_ENDPOINT_URL_S3");

  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+:\\d+");
  private static final int NO_NEW_PRIVILEGES = 38;
  private static final int SET_FILTER = 1;
  private static final int WITH_LISTENER = 8;

  private Confined() {}

  /// Ends with the program's status, or [#NOT_HERE].
  ///
  /// @param args where to note, the directory that is the function's root, and the program with its
  ///   arguments
  public static void main(String[] args) throws InterruptedException, IOException {
    CompletableFuture<Integer> listener = new CompletableFuture<>();
    Path notes = Path.of(args[0]);
    Thread.ofPlatform()
        .daemon()
        .name("supervisor")
        .start(() -> new Supervisor(listener.join(), addresses(), notes).run());
    try {
      Kernel.call(SystemCall.PRCTL, NO_NEW_PRIVILEGES, 1, 0, 0, 0);
      Landlock.writeOnlyBeneathTmp();
      listener.complete(filter());
    } catch (Kernel.Refused e) {
      end(NOT_HERE, e);
    }
    ProcessBuilder program = new ProcessBuilder(Arrays.asList(args).subList(2, args.length));
    program.environment().put("LAMBDA_TASK_ROOT", args[1]);
    Process process = program.directory(Path.of(args[1]).toFile()).inheritIO().start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    System.exit(process.waitFor());
  }

  /// Ends this process; the last line of its output is the reason.
  static void end(int status, Exception why) {
    System.out.println("not confined: " + why);
    Runtime.getRuntime().halt(status);
  }

  private static int filter() throws Kernel.Refused {
    try (Arena arena = Arena.ofConfined()) {
      long program = SyscallFilter.program(arena).address();
      return (int) Kernel.call(SystemCall.SECCOMP, SET_FILTER, WITH_LISTENER, program);
    }
  }

  private static Set<String> addresses() {
    return TOLD.stream()
        .map(System.getenv()::get)
        .filter(Objects::nonNull)
        .flatMap(value -> ADDRESS.matcher(value).results())
        .map(MatchResult::group)
        .collect(Collectors.toSet());
  }
}
