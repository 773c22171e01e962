package dev.pilotlight.handler;

import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.runtime.EventLoop;
import dev.pilotlight.support.Threads;

/// The process's entry point in the package for `provided.al2023`: starts the event loop while
/// another thread loads ONNX Runtime, which takes as long.
public final class Main {
  private Main() {}

  /// Serves invocations until the process must end, and ends it with status 1, whatever threads
  /// still run.
  ///
  /// @param args the name of the handler class
  public static void main(String[] args) {
    Threads.daemons("pilotlight-onnxruntime-").newThread(Main::loadRuntime).start();
    EventLoop.serve(args[0], System.getenv(), System.out, "pilotlight/" + App.VERSION);
    System.exit(1);
  }

  private static void loadRuntime() {
    try {
      ModelRepository.loadRuntime();
    } catch (RuntimeException | LinkageError e) {
      // loading the first model fails the same way, and that failure is logged
    }
  }
}
