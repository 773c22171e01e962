package dev.pilotlight.suite;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Prints one line for each test class when it ends, and each failure in full.
///
/// It writes to the process's own standard output: `System.out` belongs to the test, and goes to a
/// file under `target/`.
public final class OneLinePerClass implements TestExecutionListener {
  private final PrintStream console;
  private final Map<String, Tally> tallies = new ConcurrentHashMap<>();
  private volatile Optional<TestPlan> plan = Optional.empty();

  /// The counts of a class so far.
  private static final class Tally {
    private final long startNanos = System.nanoTime();
    private int tests;
    private int failures;
    private int skipped;
  }

  /// JUnit finds it by `META-INF/services`.
  public OneLinePerClass() {
    this(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
  }

  OneLinePerClass(PrintStream console) {
    this.console = console;
  }

  @Override
  public void testPlanExecutionStarted(TestPlan started) {
    plan = Optional.of(started);
  }

  @Override
  public synchronized void executionStarted(TestIdentifier id) {
    if (isClass(id)) {
      tallies.put(id.getUniqueId(), new Tally());
    }
  }

  @Override
  public synchronized void executionSkipped(TestIdentifier id, String reason) {
    tallyOf(id).ifPresent(tally -> tally.skipped++);
    if (isClass(id)) {
      console.println("skipped: " + nameOf(id) + ": " + reason);
    }
  }

  @Override
  public synchronized void executionFinished(TestIdentifier id, TestExecutionResult result) {
    boolean failed = result.getStatus() == TestExecutionResult.Status.FAILED;
    tallyOf(id)
        .ifPresent(
            tally -> {
              tally.tests += id.isTest() ? 1 : 0;
              tally.failures += failed ? 1 : 0;
              tally.skipped += result.getStatus() == TestExecutionResult.Status.ABORTED ? 1 : 0;
            });
    if (failed) {
      console.println(failure(id, result));
    }
    Tally tally = isClass(id) ? tallies.remove(id.getUniqueId()) : null;
    if (tally != null) {
      console.println(line(nameOf(id), tally));
    }
  }

  private static String line(String name, Tally tally) {
    double seconds = (System.nanoTime() - tally.startNanos) / 1e9;
    StringBuilder line = new StringBuilder();
    line.append(String.format(Locale.ROOT, "%7.2f s %5d tests  %s", seconds, tally.tests, name));
    if (tally.failures > 0) {
      line.append("  ").append(tally.failures).append(" FAILED");
    }
    if (tally.skipped > 0) {
      line.append("  ").append(tally.skipped).append(" skipped");
    }
    return line.toString();
  }

  private static String failure(TestIdentifier id, TestExecutionResult result) {
    StringWriter stack = new StringWriter();
    result.getThrowable().ifPresent(thrown -> thrown.printStackTrace(new PrintWriter(stack)));
    return "FAILED: %s, %s%n%s".formatted(nameOf(id), id.getDisplayName(), stack);
  }

  /// The tally of the class that the test or container belongs to.
  private Optional<Tally> tallyOf(TestIdentifier id) {
    Optional<TestIdentifier> at = Optional.of(id);
    while (at.isPresent() && !tallies.containsKey(at.get().getUniqueId())) {
      TestIdentifier child = at.get();
      at = plan.flatMap(all -> all.getParent(child));
    }
    return at.map(found -> tallies.get(found.getUniqueId()));
  }

  /// Whether it is a top-level class: its parent is the engine.
  private boolean isClass(TestIdentifier id) {
    boolean ofEngine =
        plan.flatMap(all -> all.getParent(id))
            .map(parent -> parent.getParentId().isEmpty())
            .orElse(false);
    return ofEngine && id.getSource().filter(ClassSource.class::isInstance).isPresent();
  }

  private static String nameOf(TestIdentifier id) {
    return id.getSource()
        .map(
            source ->
                switch (source) {
                  case ClassSource type -> type.getClassName();
                  case MethodSource method -> method.getClassName() + "." + method.getMethodName();
                  default -> id.getDisplayName();
                })
        .orElse(id.getDisplayName());
  }
}
