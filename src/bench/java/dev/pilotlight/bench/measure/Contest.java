package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.report.Cores;
import dev.pilotlight.bench.report.Libc;
import dev.pilotlight.bench.setup.Answer;
import dev.pilotlight.bench.setup.FunctionProcess;
import dev.pilotlight.bench.setup.NodePeer;
import dev.pilotlight.bench.setup.Setup;
import dev.pilotlight.local.wire.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Fresh environments of the function and of its peers, asked for new texts in turn: each text goes
/// to all of them, and a different one begins each time. All are started on demand and answer in
/// decimals.
///
/// Between its turns a process is frozen, as on Lambda: otherwise its compiler would go on for
/// free, and take the core from the next one's turn.
///
/// Samples of the answers are compared with the original graph's.
final class Contest implements AutoCloseable {
  /// The function in its default form.
  static final String FUNCTION = "function";

  /// The function as it stores after the answer.
  static final String FIRST = "function, answering first";

  private static final String ANSWER = "PILOTLIGHT_ANSWER";
  private static final double MS = 1e6;
  private static final int CHECKED_EACH = 20;

  /// The time of one request.
  ///
  /// @param cpuMs CPU time of all threads until the process asks for the next event
  record Time(double wireMs, double cpuMs) {}

  /// Receives the times.
  interface Samples {
    /// Receives one.
    ///
    /// @param program as in the report
    void add(String program, Time time);
  }

  /// Where the processes run.
  ///
  /// @param variables added to those of all processes
  record Place(Cores cores, int memoryMb, Map<String, String> variables) {}

  private record Asked(String text, float[] vector) {}

  private static final class Contestant {
    private final String name;
    private final FunctionProcess process;
    private final List<Asked> sample = new ArrayList<>();
    private int calls;

    Contestant(String name, FunctionProcess process) {
      this.name = name;
      this.process = process;
    }

    Time ask(String text, byte[] event) throws IOException, InterruptedException {
      long cpuNanos = Libc.cpuNanos(process.pid());
      Reply reply = process.callFrozen(event);
      Time time = new Time(reply.wireMs(), (Libc.cpuNanos(process.pid()) - cpuNanos) / MS);
      if (calls++ % CHECKED_EACH == 0) {
        sample.add(new Asked(text, answer(reply).vector()));
      }
      return time;
    }

    private Answer answer(Reply reply) throws IOException {
      Answer answer = Answer.of(reply);
      return switch (name) {
        case FUNCTION -> answer.requireMiss();
        case FIRST -> answer.requireRun();
        default -> answer;
      };
    }
  }

  private final Setup setup;
  private final List<Contestant> contestants = new ArrayList<>();
  private int turn;

  private Contest(Setup setup) {
    this.setup = setup;
  }

  /// Starts the processes.
  static Contest start(Setup setup, Place place) throws IOException {
    Contest contest = new Contest(setup);
    try {
      contest.add(FUNCTION, contest.function(place, Map.of()));
      if (setup.hasAnswerFirst()) {
        contest.add(FIRST, contest.function(place, Map.of(ANSWER, "first")));
      }
      if (setup.peer().isPresent()) {
        NodePeer peer = setup.peer().get();
        for (NodePeer.Form form : NodePeer.Form.values()) {
          contest.add(
              form.title(),
              peer.start(setup, form, place.memoryMb(), place.variables(), place.cores()));
        }
      }
      return contest;
    } catch (IOException | RuntimeException e) {
      contest.close();
      throw e;
    }
  }

  private FunctionProcess function(Place place, Map<String, String> more) throws IOException {
    Map<String, String> variables = new HashMap<>(Warm.variables(Warm.ON_DEMAND));
    variables.putAll(Warm.PATIENT_REDIS);
    variables.putAll(place.variables());
    variables.putAll(more);
    return setup.function(place.memoryMb(), variables, place.cores());
  }

  private void add(String name, FunctionProcess process) {
    contestants.add(new Contestant(name, process));
  }

  /// Asks each process for as many new texts.
  ///
  /// @param tokens of each text, special ones included
  void play(int texts, int tokens, Samples samples) throws IOException, InterruptedException {
    for (int i = 0; i < texts; i++, turn++) {
      String text = setup.texts().next(tokens);
      // the two forms of the function share their keys
      String other = setup.texts().next(tokens);
      byte[] event = setup.events().decimals(text);
      byte[] otherEvent = setup.events().decimals(other);
      for (int place = 0; place < contestants.size(); place++) {
        Contestant next = contestants.get((turn + place) % contestants.size());
        boolean first = next.name.equals(FIRST);
        Time time = next.ask(first ? other : text, first ? otherEvent : event);
        samples.add(next.name, time);
      }
    }
  }

  /// @throws IllegalStateException if an answer was wrong
  void check() {
    for (Contestant contestant : contestants) {
      contestant.sample.forEach(asked -> setup.reference().check(asked.text(), asked.vector()));
      contestant.sample.clear();
    }
  }

  @Override
  public void close() {
    contestants.forEach(contestant -> contestant.process.close());
  }
}
