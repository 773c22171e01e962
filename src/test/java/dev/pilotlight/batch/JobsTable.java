package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.JobsHarness;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.ResourceLock;

/// A new table for each test.
@ResourceLock("JobsTable") // its subclasses share what is static here
public abstract class JobsTable {
  @SuppressWarnings("NullAway.Init")
  public static JobsHarness harness;

  @BeforeAll
  static void start() {
    harness = new JobsHarness();
  }

  @AfterAll
  static void stop() {
    harness.close();
  }

  @BeforeEach
  void makeTable() {
    harness.makeTable();
  }

  @AfterEach
  void dropTable() {
    harness.dropTable();
  }
}
