package dev.pilotlight.runtime;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.utilslite.SdkInternalThreadLocal;

/// Several event loops in one process, as Lambda Managed Instances ask for by
/// `AWS_LAMBDA_MAX_CONCURRENCY`. A failure ends no loop, except that the Runtime API has no event
/// after five attempts.
final class ConcurrentLoops {
  /// Read by the AWS SDK; one system property could not serve several threads.
  private static final String TRACE = "AWS_LAMBDA_X_TRACE_ID";

  private static final int ATTEMPTS = 5;
  private static final long FIRST_PAUSE_MS = 100;

  private final Map<String, String> environment;
  private final RequestStreamHandler handler;
  private final String address;
  private final String agent;
  private final LoopLog log;

  ConcurrentLoops(
      Map<String, String> environment,
      RequestStreamHandler handler,
      String address,
      String agent,
      LoopLog log) {
    this.environment = environment;
    this.handler = handler;
    this.address = address;
    this.agent = agent;
    this.log = log;
  }

  /// Returns when all have ended.
  void run(int loops) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < loops; i++) {
      threads.add(Thread.ofPlatform().name("event-loop-" + i).start(this::loop));
    }
    for (Thread thread : threads) {
      join(thread);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop() {
    RuntimeApi api = new RuntimeApi(address, agent);
    EventLoop loop = new EventLoop(environment, handler, api, log, false);
    try {
      for (Invocation next = next(api); next != null; next = next(api)) {
        answer(loop, next);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(EventLoop loop, Invocation invocation) {
    SdkInternalThreadLocal.put(TRACE, invocation.traceId());
    try {
      var _ = loop.answer(invocation);
    } catch (IOException | RuntimeException | Error e) {
      log.fault("the event loop goes on after a failure\n" + Fault.trace(e));
    } finally {
      SdkInternalThreadLocal.remove(TRACE);
    }
  }

  /// Returns null if the Runtime API has failed too often.
  private @Nullable Invocation next(RuntimeApi api) throws InterruptedException {
    long pauseMs = 0;
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (attempt > 2) {
        pauseMs = pauseMs == 0 ? FIRST_PAUSE_MS : pauseMs * 2;
        Thread.sleep(pauseMs);
      }
      try {
        return api.next();
      } catch (IOException | RuntimeException | Error e) {
        log.fault("the event loop got no event, attempt " + attempt + "\n" + Fault.trace(e));
      }
    }
    return null;
  }
}
