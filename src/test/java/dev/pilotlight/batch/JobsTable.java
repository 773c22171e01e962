package dev.pilotlight.batch;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/// A new table for each test.
abstract class JobsTable {
  @SuppressWarnings("NullAway.Init")
  static JobsHarness harness;

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
