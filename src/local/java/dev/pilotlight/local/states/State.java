package dev.pilotlight.local.states;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A state of a definition.
sealed interface State {
  /// The next state; empty if the execution ends.
  record Next(Optional<String> state) {}

  /// Calls a function by `lambda:invoke`.
  ///
  /// @param function a template with the field `FunctionName`, and perhaps `Payload`
  /// @param selector selects parts of the result; null for the whole result
  record Task(
      Payload function,
      @Nullable Payload selector,
      ResultPlace place,
      Duration timeout,
      List<Retrier> retriers,
      List<Catcher> catchers,
      Next next)
      implements State {
    public Task {
      retriers = List.copyOf(retriers);
      catchers = List.copyOf(catchers);
    }
  }

  /// Runs a definition for each item of a JSON array in S3, several at once. If one fails, the
  /// state fails. The outputs are dropped.
  ///
  /// @param object a template with the fields `Bucket` and `Key`
  /// @param selector the input of an item's run; null for the item
  /// @param concurrency maximum number of concurrent runs; 0 for no limit
  record EachItem(
      String label,
      Payload object,
      @Nullable Payload selector,
      int concurrency,
      Definition processor,
      List<Catcher> catchers,
      Next next)
      implements State {
    public EachItem {
      catchers = List.copyOf(catchers);
    }
  }

  /// Continues with the first rule that matches.
  ///
  /// @param standard next state if none matches; null if that is an error
  record Choice(List<Rule> rules, @Nullable String standard) implements State {
    public Choice {
      rules = List.copyOf(rules);
    }
  }

  /// Matches if the text at a path is this one.
  record Rule(Reference variable, String equal, String next) {}

  /// Pauses.
  ///
  /// @param seconds path of the number of seconds
  record Wait(Reference seconds, Next next) implements State {}

  /// Ends an execution with success.
  ///
  /// @param empties whether the output is `{}` instead of the input
  record Succeed(boolean empties) implements State {}

  record Fail(String error, String cause) implements State {}
}
