package dev.pilotlight.suite.leaks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/// Deletes the functions' log of an earlier run before the first test of this one.
public final class FreshLog implements TestExecutionListener {
  private static final AtomicBoolean BEGUN = new AtomicBoolean();

  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    String file = System.getProperty("pilotlight.log.file", "");
    if (!file.isBlank() && BEGUN.compareAndSet(false, true)) {
      try {
        boolean _ = Files.deleteIfExists(Path.of(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
