package dev.pilotlight.local.states;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A state of a definition.
sealed interface State {
  /// Where an execution goes from a state; empty if it ends there.
  record Next(Optional<String> state) {}

  /// Calls a function by `lambda:invoke`.
  ///
  /// @param function a template with the field `FunctionName`, and perhaps `Payload`
  /// @param selector of the result; null if all of it is taken
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

  /// Runs a definition for each item of a JSON array in S3, some of them at once. One that fails
  /// fails the state. Its result, the outputs of all, is dropped.
  ///
  /// @param object a template with the fields `Bucket` and `Key`
  /// @param selector the input of an item's run; null for the item
  /// @param concurrency how many run at once at most; 0 for no limit
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

  /// Goes where the first rule leads that holds.
  ///
  /// @param standard where it goes if none does; null if that is an error
  record Choice(List<Rule> rules, @Nullable String standard) implements State {
    public Choice {
      rules = List.copyOf(rules);
    }
  }

  /// Holds if the text at a path is this one.
  record Rule(Reference variable, String equal, String next) {}

  /// Pauses.
  ///
  /// @param seconds where in the input their number is
  record Wait(Reference seconds, Next next) implements State {}

  /// Ends an execution with success.
  ///
  /// @param empties whether the output is `{}` instead of the input
  record Succeed(boolean empties) implements State {}

  record Fail(String error, String cause) implements State {}
}
