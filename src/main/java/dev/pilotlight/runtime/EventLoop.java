package dev.pilotlight.runtime;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.Objects;

/// Answers events one after the other, as Lambda's own Java client does: a handler's exception is
/// reported and the loop goes on; an error of the virtual machine, a fatal fault, or a Runtime API
/// that refuses or does not answer ends it.
public final class EventLoop {
  /// Read by X-Ray's SDK and by the AWS SDK.
  private static final String TRACE = "com.amazonaws.xray.traceHeader";

  private static final String ENDS = "the event loop ends\n";
  private static final int OUTPUT_BYTES = 16 * 1024;
  private static final int KEPT_BYTES_MAX = 1024 * 1024;

  /// Collects a response, without a copy at its end.
  private static final class Output extends ByteArrayOutputStream {
    Output() {
      super(OUTPUT_BYTES);
    }

    byte[] bytes() {
      return buf;
    }

    boolean isLarge() {
      return buf.length > KEPT_BYTES_MAX;
    }
  }

  private static volatile boolean running;

  private final Map<String, String> environment;
  private final RequestStreamHandler handler;
  private final RuntimeApi api;
  private final LoopLog log;
  private final boolean alone;
  private Output output = new Output();

  /// @param alone whether no other loop runs in this process
  EventLoop(
      Map<String, String> environment,
      RequestStreamHandler handler,
      RuntimeApi api,
      LoopLog log,
      boolean alone) {
    this.environment = environment;
    this.handler = handler;
    this.api = api;
    this.log = log;
    this.alone = alone;
  }

  /// Whether this process answers events by this loop; its contexts then are
  /// [dev.pilotlight.domain.Afterwards].
  public static boolean isRunning() {
    return running;
  }

  /// Makes the handler and answers events until the process must end. The log has the reason.
  ///
  /// @param name of the handler's class, optionally with `::handleRequest`
  /// @param environment Lambda's variables
  /// @param out receives the reports of failures
  /// @param agent the value of `User-Agent`
  public static void serve(
      String name, Map<String, String> environment, PrintStream out, String agent) {
    running = true;
    LoopLog log = LoopLog.of(environment, out);
    try {
      serve(name, environment, log, agent);
    } catch (IOException | RuntimeException | Error e) {
      log.fault(ENDS + Fault.trace(e));
    }
  }

  private static void serve(String name, Map<String, String> environment, LoopLog log, String agent)
      throws IOException {
    String address =
        Objects.requireNonNull(
            environment.get("AWS_LAMBDA_RUNTIME_API"), "AWS_LAMBDA_RUNTIME_API is not set");
    RuntimeApi api = new RuntimeApi(address, agent);
    RequestStreamHandler handler;
    try {
      handler = HandlerLoader.load(name);
    } catch (Fault fault) {
      log.fault(fault.report());
      api.failInit(FunctionError.of(fault));
      return;
    }
    String concurrency = environment.get("AWS_LAMBDA_MAX_CONCURRENCY");
    int loops = concurrency == null ? 0 : Integer.parseInt(concurrency);
    if (loops > 0) {
      log.log("Starting " + loops + " concurrent function handler threads.\n");
      new ConcurrentLoops(environment, handler, address, agent, log).run(loops);
    } else {
      new EventLoop(environment, handler, api, log, true).run();
    }
  }

  private void run() throws IOException {
    HeapGrowth heap = new HeapGrowth();
    boolean goesOn = true;
    while (goesOn) {
      goesOn = answer(api.next());
      heap.afterEvent();
    }
  }

  /// Answers one event and returns whether the loop goes on.
  boolean answer(Invocation invocation) throws IOException {
    if (alone) {
      trace(invocation);
    }
    InvocationContext context = null;
    boolean goesOn = false;
    try {
      context = new InvocationContext(environment, invocation, log);
      output.reset();
      handler.handleRequest(new ByteArrayInputStream(invocation.event()), output, context);
      respond(invocation);
      context.accept();
      if (output.isLarge()) {
        output = new Output();
      }
      goesOn = true;
    } catch (RuntimeApi.RefusedException refused) {
      log.log(
          "Failed to post handler success response. Http response code: "
              + refused.reason()
              + "\n");
      goesOn = report(invocation, refused);
    } catch (Throwable failure) {
      goesOn = report(invocation, failure);
    } finally {
      var _ = Thread.interrupted(); // the handler may have left it set
      if (context != null) {
        goesOn &= context.finish() || !alone;
      }
    }
    return goesOn;
  }

  private void respond(Invocation invocation) throws IOException {
    if (!api.respond(invocation.requestId(), output.bytes(), output.size())) {
      log.of(invocation)
          .log("The response was sent twice and the second one was refused: it was delivered.\n");
    }
  }

  private boolean report(Invocation invocation, Throwable failure) throws IOException {
    Fault.removeOurFrames(failure);
    Fault fault = Fault.of(failure, false);
    try {
      api.fail(invocation.requestId(), FunctionError.of(failure));
    } finally {
      log.of(invocation).fault(fault.report());
    }
    return !alone || !Fault.isUnrecoverable(failure);
  }

  private static void trace(Invocation invocation) {
    String traceId = invocation.traceId();
    if (traceId == null) {
      var _ = System.clearProperty(TRACE);
    } else {
      var _ = System.setProperty(TRACE, traceId);
    }
  }
}
