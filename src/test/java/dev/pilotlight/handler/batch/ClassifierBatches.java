package dev.pilotlight.handler.batch;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Tests of the batch function with a classifier and short leases. Each class has its own function.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ClassifierBatches {
  static final String LINE = "{\"text\":\"hello\"}\n";
  private static final int MILLIS = 60_000;

  @SuppressWarnings("NullAway.Init")
  BatchFunction function;

  @BeforeAll
  void start(@TempDir Path root) throws IOException {
    function = BatchFunction.withClassifier(root, "PILOTLIGHT_BATCH_LEASE_MS", "2000");
  }

  @AfterAll
  void stop() {
    function.close();
  }

  @AfterEach
  void undisturbed() {
    function.passAll();
    function.setTime(MILLIS);
  }
}
