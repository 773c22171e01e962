package dev.pilotlight.access;

import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.suite.leaks.Planted;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/// Tests of a gate over a real table, in which the tenant `ada` is live. Each class has its own
/// table, and each test its own gate.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GateOnTable {
  static final Duration SECOND = Duration.ofSeconds(1);
  static final SecureRandom RANDOM = Planted.random();

  @SuppressWarnings("NullAway.Init")
  DynamoLocal dynamo;

  @SuppressWarnings("NullAway.Init")
  ClientRows rows;

  @SuppressWarnings("NullAway.Init")
  GateHarness gate;

  @BeforeAll
  void start() {
    dynamo = DynamoLocal.start(0);
    rows = new ClientRows(dynamo);
    rows.tenant("ada", 0);
  }

  @AfterAll
  void stop() {
    rows.close();
    dynamo.close();
  }

  @BeforeEach
  void open() throws IOException {
    gate = new GateHarness(dynamo, rows, 10);
  }

  @AfterEach
  void close() {
    gate.close();
  }
}
