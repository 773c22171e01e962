package dev.pilotlight.local.runtime;

import dev.pilotlight.local.template.AsyncSettings;
import dev.pilotlight.local.template.FunctionSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// Environments of [EchoHandler], run by the official runtime interface client.
public final class Echo implements AutoCloseable {
  public static final String NAME = "EchoFunction";
  public final List<String> log = new CopyOnWriteArrayList<>();
  public final EnvironmentPool pool;

  public Echo(int environmentsMax, int queueMax, Duration timeout) {
    this(EchoHandler.class.getName(), 256, environmentsMax, queueMax, timeout);
  }

  public Echo(String handler, int memoryMb, int environmentsMax, int queueMax, Duration timeout) {
    FunctionSettings function =
        new FunctionSettings(NAME, handler, timeout, memoryMb, Map.of("FROM_TEMPLATE", "yes"));
    Launch launch =
        new Launch(function, new Launch.Code.Classes(classPath()), Map.of(), Duration.ofSeconds(1));
    pool =
        new EnvironmentPool(
            launch, environmentsMax, queueMax, (number, line) -> log.add(number + " " + line));
  }

  public static String classPath() {
    return Path.of("target", "test-classes").toAbsolutePath()
        + ":"
        + Launch.Code.Classes.shipped().path();
  }

  /// Asynchronous invocations of this function, retried after 10 and 20 ms. The log takes their
  /// lines.
  public AsyncInvocations asynchronous(AsyncSettings settings) {
    return new AsyncInvocations(
        Map.of(NAME, pool), Map.of(NAME, settings), Duration.ofMillis(10), log::add);
  }

  /// Sends an order and waits for its outcome.
  Outcome does(String order) {
    return pool.invoke(order(order)).join();
  }

  /// The same, where the function is to answer.
  String answer(String order) {
    return text(does(order));
  }

  public static Invocation order(String order) {
    byte[] event = "{\"do\":\"%s\"}".formatted(order).getBytes(StandardCharsets.UTF_8);
    return new Invocation(event, "Root=1-0-0", null);
  }

  public static String text(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered answered -> new String(answered.payload(), StandardCharsets.UTF_8);
      case Outcome.Failed failed -> failed.text();
      case Outcome.Rejected rejected -> rejected.type();
    };
  }

  @Override
  public void close() {
    pool.close();
  }
}
