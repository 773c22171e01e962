package dev.pilotlight.local.states;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// A state of a definition.
sealed interface State {
  /// The states that an execution may go to from here; none where it ends.
  List<String> leadsTo();

  /// Calls a function by `lambda:invoke`.
  ///
  /// @param function a template with the fields `FunctionName` and `Payload`
  /// @param selector selects parts of the result
  /// @param resultField of the input, which gets the result
  record Task(
      Payload function,
      Payload selector,
      String resultField,
      Duration timeout,
      List<Retrier> retriers,
      String next)
      implements State {
    public Task {
      retriers = List.copyOf(retriers);
    }

    @Override
    public List<String> leadsTo() {
      return List.of(next);
    }
  }

  /// Runs a definition for each item of a JSON array in S3, several at once. If one fails, the
  /// state fails. The outputs are dropped.
  ///
  /// @param object a template with the fields `Bucket` and `Key`
  /// @param selector the input of an item's run
  /// @param concurrency maximum number of concurrent runs
  record EachItem(
      String label,
      Payload object,
      Payload selector,
      int concurrency,
      Definition processor,
      String next)
      implements State {
    @Override
    public List<String> leadsTo() {
      return List.of(next);
    }
  }

  /// Continues with the first rule that matches.
  ///
  /// @param fallback the next state if none matches
  record Choice(List<Rule> rules, String fallback) implements State {
    public Choice {
      rules = List.copyOf(rules);
    }

    @Override
    public List<String> leadsTo() {
      return Stream.concat(rules.stream().map(Rule::next), Stream.of(fallback)).toList();
    }
  }

  /// Matches if the text at a path is this one.
  record Rule(Reference variable, String equal, String next) {}

  /// Pauses.
  ///
  /// @param seconds path of the number of seconds
  record Wait(Reference seconds, String next) implements State {
    @Override
    public List<String> leadsTo() {
      return List.of(next);
    }
  }

  /// Ends an execution with success.
  ///
  /// @param empties whether the output is `{}` instead of the input
  record Succeed(boolean empties) implements State {
    @Override
    public List<String> leadsTo() {
      return List.of();
    }
  }

  record Fail(String error, String cause) implements State {
    @Override
    public List<String> leadsTo() {
      return List.of();
    }
  }
}
