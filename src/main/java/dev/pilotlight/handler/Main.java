package dev.pilotlight.handler;

import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.support.Threads;

/// The process's entry in the package for `provided.al2023`: Lambda's runtime interface client, and
/// ONNX Runtime, which takes as long to load, beside it.
public final class Main {
  private Main() {}

  /// Serves until the process ends.
  ///
  /// @param args the function's handler, as Lambda names it
  /// @throws Throwable what the client throws, which ends the process
  public static void main(String[] args) throws Throwable {
    Threads.daemons("pilotlight-onnxruntime-").newThread(Main::loadRuntime).start();
    AWSLambda.main(args);
  }

  private static void loadRuntime() {
    try {
      ModelRepository.loadRuntime();
    } catch (RuntimeException | LinkageError e) {
      // the first model to be loaded meets it again, and says so
    }
  }
}
