package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.report.Series;
import dev.pilotlight.bench.report.Target;
import dev.pilotlight.bench.setup.BenchOptions;
import dev.pilotlight.bench.setup.Setup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Players that take turns call by call, so that other load on the machine affects all of them
/// alike. A different player begins each time.
///
/// @param what for the progress
/// @param warmUp calls of each before the first round
/// @param calls of each in a round
/// @param unit of the samples
record Turns(String what, int warmUp, int calls, String unit) {
  /// A player.
  ///
  /// @param name as in the report
  record Player(String name, Call call) {}

  /// One call.
  interface Call {
    /// Makes it and returns the sample.
    double run() throws IOException, InterruptedException;
  }

  /// A check after each round, when no player has a turn.
  interface Check {
    /// Checks the answers of the round.
    ///
    /// @throws IllegalStateException if one is wrong
    void run() throws IOException;
  }

  /// How often it calls [dev.pilotlight.bench.setup.Progress#step].
  static int steps(BenchOptions options) {
    return 1 + options.rounds();
  }

  /// Plays all rounds. Returns one series for each player, in their order.
  List<Series> play(Setup setup, List<Player> players, Check check)
      throws IOException, InterruptedException {
    for (int call = 0; call < warmUp; call++) {
      for (Player player : players) {
        player.call().run();
      }
    }
    check.run();
    setup.progress().step(what + ": warm");
    List<Series.Collector> collectors = players.stream().map(_ -> new Series.Collector()).toList();
    for (int round = 0; round < setup.options().rounds(); round++) {
      play(round, players, collectors);
      check.run();
      setup.progress().step(what + ": " + medians(players, collectors));
    }
    List<Series> series = new ArrayList<>();
    for (int i = 0; i < players.size(); i++) {
      series.add(collectors.get(i).series(players.get(i).name(), unit));
    }
    return series;
  }

  private void play(int round, List<Player> players, List<Series.Collector> collectors)
      throws IOException, InterruptedException {
    collectors.forEach(Series.Collector::nextRound);
    for (int call = 0; call < calls; call++) {
      for (int i = 0; i < players.size(); i++) {
        int player = (round + call + i) % players.size();
        collectors.get(player).add(players.get(player).call().run());
      }
    }
  }

  private String medians(List<Player> players, List<Series.Collector> collectors) {
    List<String> medians = new ArrayList<>();
    for (int i = 0; i < players.size(); i++) {
      String median = Target.number(collectors.get(i).lastMedian());
      medians.add("%s %s %s".formatted(players.get(i).name(), median, unit));
    }
    return medians.stream().collect(Collectors.joining(", "));
  }
}
