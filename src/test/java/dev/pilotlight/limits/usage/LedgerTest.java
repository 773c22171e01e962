package dev.pilotlight.limits.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.limits.Counter;
import dev.pilotlight.domain.limits.Counts;
import dev.pilotlight.domain.limits.UsageRow;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// When counters are written, at a clock that the test sets.
final class LedgerTest {
  private static final long SECOND = 1_000_000_000;
  private static final long WRITE = 100;

  /// Worth 20 writes of a row and a month.
  private static final long ENOUGH = 20 * 2 * WRITE;

  private final AtomicLong nanos = new AtomicLong();
  private final Ledger ledger = new Ledger(Duration.ofSeconds(60), nanos::get);

  @Test
  void aTenantsFirstCountersAreDueOnceTheyAreWorthTheirWrite() {
    // a row, the month, and the month's list of tenants
    ledger.add(row("ada", 1, 3 * WRITE - 1));
    assertThat(ledger.takeDue("ada", WRITE)).isNull();
    ledger.add(row("ada", 1, 1));
    ledger.giveBack(taken("ada"), List.of(row("ada", 2, 3 * WRITE)));
    ledger.forget(taken("ada"));
    ledger.add(row("ada", 2, 3 * WRITE));
    assertThat(ledger.takeDue("ada", WRITE)).as("later ones").isNull();
  }

  @Test
  void countersAreDueOnceTheyAreFiveMinutesOldWhateverTheyCost() {
    begin("ada");
    ledger.add(row("ada", 1, 1));
    nanos.set(300 * SECOND - 1);
    assertThat(ledger.takeDue("ada", WRITE)).isNull();
    nanos.set(300 * SECOND);
    assertThat(taken("ada").rows()).containsExactly(row("ada", 1, 1));
  }

  /// bob's are due, and neither the caller's nor the first of all.
  @Test
  void noTenantHidesAnothersCountersThatAreDue() {
    begin("ada");
    begin("bob");
    begin("carl");
    ledger.add(row("ada", 1, 1));
    ledger.add(row("bob", 1, ENOUGH));
    ledger.add(row("carl", 1, 1));
    assertThat(ledger.takeDue("carl", WRITE)).isNull();
    nanos.set(60 * SECOND);
    assertThat(taken("carl").tenant()).isEqualTo("bob");
    assertThat(ledger.takeDue("carl", WRITE)).isNull();
  }

  @Test
  void countersAreDueOnceTheyAreSixtySecondsOld() {
    begin("ada");
    ledger.add(row("ada", 10, ENOUGH));
    nanos.set(60 * SECOND - 1);
    assertThat(ledger.takeDue("ada", WRITE)).isNull();
    nanos.set(60 * SECOND);
    assertThat(taken("ada").rows()).containsExactly(row("ada", 10, ENOUGH));
    assertThat(ledger.takeDue("ada", WRITE)).isNull();
  }

  @Test
  void countersAreDueAfterAThousandItems() {
    begin("ada");
    ledger.add(row("ada", 999, ENOUGH));
    assertThat(ledger.takeDue("ada", WRITE)).isNull();
    ledger.add(row("ada", 1, 0));
    assertThat(sum(taken("ada").rows()).get(Counter.ITEMS)).isEqualTo(1_000);
  }

  @Test
  void countersWaitUntilTheirTrafficCostsTwentyTimesAsMuchAsTheWrite() {
    begin("ada");
    ledger.add(row("ada", 5_000, ENOUGH - 1));
    nanos.set(299 * SECOND);
    assertThat(ledger.takeDue("ada", WRITE)).isNull();
    ledger.add(row("ada", 1, 1));
    assertThat(sum(taken("ada").rows()).get(Counter.USD_NANO)).isEqualTo(ENOUGH);
  }

  @Test
  void countersNeverHoldMoreThanTwentyThousandItemsAndOneRequest() {
    long held = 0;
    for (int i = 0; i < 1_000; i++) {
      ledger.add(row("ada", 2_048, 0));
      var due = ledger.takeDue("ada", WRITE);
      if (due != null) {
        ledger.forget(due);
      }
      held = Math.max(held, ledger.pending("ada", "2026-11").get(Counter.ITEMS));
    }
    assertThat(held).isLessThan(Ledger.ITEMS_MAX + 2_048);
  }

  @Test
  void anotherTenantsOldCountersAreTakenAfterAnAnswer() {
    begin("ada");
    begin("bob");
    ledger.add(row("ada", 1, ENOUGH));
    nanos.set(61 * SECOND);
    ledger.add(row("bob", 1, ENOUGH));
    assertThat(taken("bob").tenant()).isEqualTo("ada");
    assertThat(ledger.takeDue("bob", WRITE)).isNull();
  }

  @Test
  void onlySoManyTenantsAreHeld() {
    for (int i = 0; i <= Ledger.TENANTS_MAX; i++) {
      ledger.add(row("t" + i, 1, 0));
    }
    assertThat(taken("none").tenant()).isEqualTo("t0");
    assertThat(ledger.takeDue("none", WRITE)).isNull();
  }

  @Test
  void countersThatWereNotWrittenAreStillPendingAndKeepTheirAge() {
    begin("ada");
    ledger.add(row("ada", 1, ENOUGH));
    nanos.set(60 * SECOND);
    Ledger.Batch due = taken("ada");
    assertThat(ledger.pending("ada", "2026-11").get(Counter.ITEMS)).as("while written").isOne();
    ledger.giveBack(due, due.rows());
    assertThat(ledger.pending("ada")).containsExactly(row("ada", 1, ENOUGH));
    assertThat(taken("ada").rows()).hasSize(1);
  }

  @Test
  void rowsOfOneDayKeyAndModelAreAdded() {
    ledger.add(row("ada", 1, 5));
    ledger.add(row("ada", 2, 6));
    ledger.add(new UsageRow("ada", "2026-12-01", "k", "m", Counts.NONE.with(Counter.ITEMS, 4)));
    assertThat(ledger.pending("ada")).contains(row("ada", 3, 11)).hasSize(2);
    assertThat(ledger.pending("ada", "2026-12").get(Counter.ITEMS)).isEqualTo(4);
    assertThat(ledger.pending("bob")).isEmpty();
  }

  /// Writes a tenant's first counters.
  private void begin(String tenant) {
    ledger.add(row(tenant, 1, ENOUGH));
    ledger.forget(taken(tenant));
  }

  private Ledger.Batch taken(String tenant) {
    return Objects.requireNonNull(ledger.takeDue(tenant, WRITE));
  }

  private static Counts sum(List<UsageRow> rows) {
    return rows.stream().map(UsageRow::counts).reduce(Counts.NONE, Counts::plus);
  }

  private static UsageRow row(String tenant, long items, long nanoUsd) {
    Counts counts = Counts.NONE.with(Counter.ITEMS, items).with(Counter.USD_NANO, nanoUsd);
    return new UsageRow(tenant, "2026-11-29", "k", "m", counts);
  }
}
