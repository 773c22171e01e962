package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.report.Series;
import dev.pilotlight.bench.report.Target;
import dev.pilotlight.bench.setup.BenchOptions;
import dev.pilotlight.bench.setup.Setup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Several things done in turn, call by call, so that whatever else the machine does hits all of
/// them alike. In a round it is each time another one that begins.
///
/// @param what for the progress
/// @param warmUp calls of each before the first round
/// @param calls of each in a round
/// @param unit of what the players give
record Turns(String what, int warmUp, int calls, String unit) {
  /// One of those that take turns.
  ///
  /// @param name as in the report
  record Player(String name, Call call) {}

  /// One call.
  interface Call {
    /// Makes it and gives the sample.
    double run() throws IOException, InterruptedException;
  }

  /// Done when all have had their turns of a round, so that nobody is disturbed by it.
  interface Check {
    /// Looks at the answers of the round.
    ///
    /// @throws IllegalStateException if one is wrong
    void run() throws IOException;
  }

  /// How often it calls [dev.pilotlight.bench.setup.Progress#step].
  static int steps(BenchOptions options) {
    return 1 + options.rounds();
  }

  /// Plays all rounds and gives one series a player, in their order.
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
