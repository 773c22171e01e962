package dev.pilotlight.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Due times, latencies and requests in flight, by a clock that does not wait.
final class OpenLoopTest {
  private static final long MS = 1_000_000;

  private final VirtualPacer pacer = new VirtualPacer();
  private final List<String> events = new ArrayList<>();
  private final List<Long> late = new ArrayList<>();

  @Test
  void latencyCountsFromWhenARequestWasDue() throws InterruptedException {
    run(new Schedule(100, 0, 3, 1, true), 10, index -> 4 * MS);

    assertThat(events).containsExactly("A0 4 ms", "A1 4 ms", "A2 4 ms");
  }

  @Test
  void requestsThatWaitForABusySenderAreChargedForIt() throws InterruptedException {
    // the first send takes 35 ms, so that the next three are late
    OpenLoop.Sender busy =
        slot -> {
          pacer.pass(slot.index() == 0 ? 35 * MS : 0);
          return pacer.reply(ok(), 2 * MS);
        };
    new OpenLoop(pacer, busy, new Recorder(), 10)
        .run(new Schedule(100, 0, 5, 1, true).passes().getFirst(), 1);

    assertThat(events).containsExactly("A0 37 ms", "A1 27 ms", "A2 17 ms", "A3 7 ms", "A4 2 ms");
    assertThat(late).containsExactly(0L, 25 * MS, 15 * MS, 5 * MS, 0L);
  }

  @Test
  void aStalledServerGetsFurtherRequestsUntilTooManyAreInFlight() throws InterruptedException {
    run(new Schedule(100, 0, 6, 1, true), 3, index -> index == 0 ? 45 * MS : 30 * MS);

    assertThat(events)
        .containsExactly(
            "A3 not sent", // three are in flight at 30 ms
            "A1 30 ms",
            "A0 45 ms",
            "A2 30 ms",
            "A4 30 ms",
            "A5 30 ms");
  }

  @Test
  void aSlowTargetDoesNotTakeTheOthersPlaces() throws InterruptedException {
    run(new Schedule(10, 0, 3, 2, true), 1, 2, index -> 0, index -> 1_000 * MS);

    assertThat(events).filteredOn(event -> event.startsWith("A")).hasSize(3);
    assertThat(events)
        .filteredOn(event -> event.startsWith("A"))
        .allMatch(event -> event.endsWith(" 0 ms"));
    assertThat(events).contains("B1 not sent", "B2 not sent", "B0 1000 ms");
  }

  @Test
  void interleavedTargetsTakeTurnsHalfAnIntervalApart() {
    List<Schedule.Slot> slots = slots(new Schedule(50, 1, 2, 2, true), 0);

    assertThat(slots)
        .containsExactly(
            new Schedule.Slot(0, 0, true, 0),
            new Schedule.Slot(1, 0, true, 10 * MS),
            new Schedule.Slot(1, 1, false, 20 * MS),
            new Schedule.Slot(0, 1, false, 30 * MS),
            new Schedule.Slot(0, 2, false, 40 * MS),
            new Schedule.Slot(1, 2, false, 50 * MS));
  }

  @Test
  void sequentialTargetsHaveTheSameDueTimesInTwoPasses() {
    Schedule schedule = new Schedule(4, 0, 2, 2, false);

    assertThat(schedule.passes()).hasSize(2);
    assertThat(slots(schedule, 0))
        .containsExactly(
            new Schedule.Slot(0, 0, false, 0), new Schedule.Slot(0, 1, false, 250 * MS));
    assertThat(slots(schedule, 1))
        .containsExactly(
            new Schedule.Slot(1, 0, false, 0), new Schedule.Slot(1, 1, false, 250 * MS));
  }

  @Test
  void dueTimesDoNotDrift() {
    List<Schedule.Slot> slots = slots(new Schedule(3, 0, 30_001, 1, true), 0);

    assertThat(slots.getLast().offsetNanos()).isEqualTo(10_000_000_000_000L);
  }

  private static List<Schedule.Slot> slots(Schedule schedule, int pass) {
    List<Schedule.Slot> slots = new ArrayList<>();
    schedule.passes().get(pass).forEach(slots::add);
    return slots;
  }

  private void run(Schedule schedule, int inFlight, IntToLongFunction delay)
      throws InterruptedException {
    run(schedule, inFlight, 1, delay);
  }

  private void run(Schedule schedule, int inFlight, int targets, IntToLongFunction... delays)
      throws InterruptedException {
    OpenLoop.Sender sender =
        slot -> pacer.reply(ok(), delays[slot.target()].applyAsLong(slot.index()));
    OpenLoop loop = new OpenLoop(pacer, sender, new Recorder(), inFlight);
    for (int pass : IntStream.range(0, schedule.passes().size()).toArray()) {
      loop.run(schedule.passes().get(pass), targets);
    }
  }

  private static Reply ok() {
    return new Reply(200, "", "", -1, true, new byte[0]);
  }

  private final class Recorder implements OpenLoop.Listener {
    @Override
    public void answered(Schedule.Slot slot, Reply reply, long latencyNanos, long doneNanos) {
      events.add(name(slot) + " " + latencyNanos / MS + " ms");
    }

    @Override
    public void sending(Schedule.Slot slot, long lateNanos) {
      late.add(lateNanos);
    }

    @Override
    public void notSent(Schedule.Slot slot) {
      events.add(name(slot) + " not sent");
    }

    private String name(Schedule.Slot slot) {
      return (slot.target() == 0 ? "A" : "B") + slot.index();
    }
  }
}
