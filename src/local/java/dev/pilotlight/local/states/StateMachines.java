package dev.pilotlight.local.states;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.local.events.EventBridgeEvent;
import dev.pilotlight.local.runtime.AsyncInvocations;
import dev.pilotlight.local.runtime.EnvironmentPool;
import dev.pilotlight.local.runtime.Invocation;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.local.support.Json;
import dev.pilotlight.local.template.Intrinsics;
import dev.pilotlight.local.template.MachineSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/// The template's state machines that S3's events start, and their executions. Executions end when
/// the runner stops; put the object again to restart one. Thread-safe; accepting an object never
/// blocks.
public final class StateMachines implements Consumer<S3Local.Created>, AutoCloseable {
  /// A definition calls `live` by the function's ARN, because the ARN exists before the alias.
  private static final String LIVE = ".Arn:live";

  /// A machine and its definition.
  private record Machine(MachineSettings settings, Definition definition) {}

  private final Map<String, Machine> machines = new LinkedHashMap<>();
  private final Calls calls;
  private final Ends ends;
  private final Duration firstPause;
  private final Consumer<String> out;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  // guarded by this
  private final Map<String, Walk> walks = new LinkedHashMap<>();
  private final Map<String, Execution> executions = new LinkedHashMap<>();
  private int running;
  private boolean closed;

  /// Sends a function the event about the end of an execution.
  @FunctionalInterface
  interface Ends {
    void send(String function, byte[] event);
  }

  /// @param firstPause caps the first pause of retriers, so that local retries are quick
  /// @param out receives progress lines
  /// @throws IllegalArgumentException in one clear line if a definition has a field or state that
  ///   is not implemented
  StateMachines(
      List<MachineSettings> machines,
      Calls calls,
      Ends ends,
      Duration firstPause,
      Consumer<String> out) {
    for (MachineSettings each : machines) {
      Definition definition = Definition.parse(each.id(), each.definition());
      this.machines.put(each.id(), new Machine(each, definition));
    }
    this.calls = calls;
    this.ends = ends;
    this.firstPause = firstPause;
    this.out = out;
  }

  /// The machines of a template.
  ///
  /// @param functions by logical id
  /// @param events receives the events about ended executions
  public static StateMachines of(
      List<MachineSettings> machines,
      Map<String, EnvironmentPool> functions,
      S3Local s3,
      AsyncInvocations events,
      Consumer<String> out) {
    Map<String, EnvironmentPool> named = new HashMap<>();
    functions.forEach((id, pool) -> named.put(Intrinsics.localName(id) + LIVE, pool));
    return new StateMachines(
        machines,
        LocalCalls.of(named, s3),
        (function, event) ->
            events.accept(function, new Invocation(event, Invocation.NO_TRACE, null)),
        events.firstPause(),
        out);
  }

  @Override
  public void accept(S3Local.Created created) {
    machines.forEach(
        (id, machine) -> {
          if (machine.settings.starts().stream()
              .anyMatch(it -> it.takes(created.bucket(), created.key()))) {
            var _ = start(id, EventBridgeEvent.json(created, Instant.now()));
          }
        });
  }

  /// Starts an execution.
  ///
  /// @param machine logical id
  /// @param input JSON
  /// @return its ARN
  public String start(String machine, byte[] input) {
    JsonNode json =
        Json.read(input).orElseThrow(() -> new IllegalArgumentException("the input is not JSON"));
    Execution execution = Execution.begin(machine, json);
    String label = json.at("/detail/object/key").asText(execution.id());
    Walk.Means means = new Walk.Means(calls, firstPause, line -> out.accept(label + "  " + line));
    Walk walk = new Walk(machine(machine).definition, execution.id(), json, means);
    synchronized (this) {
      walks.put(execution.id(), walk);
      run(machine, execution, walk, label);
    }
    return execution.id();
  }

  /// Runs a failed execution again from the failed state; for a Map, the items that have not
  /// succeeded.
  ///
  /// @throws IllegalArgumentException if there is no such execution, or it has not failed
  public synchronized void redrive(String id) {
    Execution execution = executions.get(id);
    if (execution == null || execution.status() != Execution.Status.FAILED) {
      throw new IllegalArgumentException(
          "%s cannot be redriven: it is %s"
              .formatted(id, execution == null ? "unknown" : execution.status()));
    }
    String machine = execution.machine().substring(execution.machine().lastIndexOf(':') + 1);
    run(machine, execution, Objects.requireNonNull(walks.get(id)), "redriven " + id);
  }

  /// All executions so far, oldest first.
  public synchronized List<Execution> executions() {
    return executions.values().stream().map(this::now).toList();
  }

  /// Whether no execution runs.
  public synchronized boolean isIdle() {
    return running == 0;
  }

  /// Waits until no execution runs.
  ///
  /// @return whether none ran before the timeout
  public synchronized boolean awaitIdle(Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (running > 0) {
      long ms = Math.ceilDiv(end - System.nanoTime(), 1_000_000L);
      if (ms <= 0) {
        return false;
      }
      wait(ms);
    }
    return true;
  }

  /// Aborts all executions and prints a line for each; running calls of functions continue.
  @Override
  public void close() {
    List<Execution> left = new ArrayList<>();
    synchronized (this) {
      closed = true;
      executions().stream()
          .filter(it -> it.status() == Execution.Status.RUNNING)
          .forEach(left::add);
    }
    threads.shutdownNow();
    left.forEach(it -> out.accept(it.id() + " did not finish; put the object again to restart it"));
  }

  private Machine machine(String id) {
    Machine machine = machines.get(id);
    if (machine == null) {
      throw new IllegalArgumentException(
          "there is no state machine %s; here are %s".formatted(id, machines.keySet()));
    }
    return machine;
  }

  private synchronized Execution now(Execution execution) {
    return execution.status() == Execution.Status.RUNNING
        ? execution.at(Objects.requireNonNull(walks.get(execution.id())).at())
        : execution;
  }

  private synchronized void run(String machine, Execution execution, Walk walk, String label) {
    if (closed) {
      return;
    }
    executions.put(execution.id(), execution.at(walk.at()));
    running++;
    threads.execute(() -> follow(machine, execution, walk, label));
  }

  private void follow(String machine, Execution execution, Walk walk, String label) {
    Execution.Status status = Execution.Status.ABORTED;
    Optional<StatesError> failure = Optional.empty();
    try {
      out.accept(label + "  starts the state machine " + machine);
      JsonNode _ = walk.run();
      status = Execution.Status.SUCCEEDED;
    } catch (StatesError error) {
      status = Execution.Status.FAILED;
      failure = Optional.of(error);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    } catch (RuntimeException e) {
      status = Execution.Status.FAILED;
      failure = Optional.of(new StatesError(StatesError.RUNTIME, e.toString()));
    } finally {
      ended(machine, execution.end(status, walk.at(), failure), label);
    }
  }

  private void ended(String machine, Execution execution, String label) {
    if (execution.status() == Execution.Status.FAILED) {
      out.accept(
          "%s  failed at %s: %s: %s"
              .formatted(label, execution.state(), execution.error(), execution.reason()));
    } else if (execution.status() == Execution.Status.SUCCEEDED) {
      out.accept(label + "  the state machine has finished");
    }
    machine(machine).settings.ends().stream()
        .filter(end -> end.statuses().contains(execution.status().name()))
        .forEach(end -> ends.send(end.function(), execution.event(Instant.now())));
    synchronized (this) {
      executions.put(execution.id(), execution);
      running--;
      notifyAll();
    }
  }
}
