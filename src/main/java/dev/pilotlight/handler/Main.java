package dev.pilotlight.handler;

import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.support.Threads;

/// The process's entry point in the package for `provided.al2023`: starts Lambda's runtime
/// interface client while another thread loads ONNX Runtime, which takes as long.
public final class Main {
  private Main() {}

  /// Serves invocations until the process ends.
  ///
  /// @param args the name of the handler class
  /// @throws Throwable any failure of the client; it ends the process
  public static void main(String[] args) throws Throwable {
    Threads.daemons("pilotlight-onnxruntime-").newThread(Main::loadRuntime).start();
    AWSLambda.main(args);
  }

  private static void loadRuntime() {
    try {
      ModelRepository.loadRuntime();
    } catch (RuntimeException | LinkageError e) {
      // loading the first model fails the same way, and that failure is logged
    }
  }
}
