package dev.pilotlight.cli.inspect;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.model.Model;
import java.time.Duration;

/// A model's answer to one text.
public sealed interface Answer {
  /// The text that was asked.
  String text();

  /// The model answers.
  ///
  /// @param took time to tokenise and to run
  record Given(String text, Result result, Duration took) implements Answer {}

  /// The model refuses the text, or fails.
  record Refused(String text, String reason) implements Answer {}

  /// Runs a model on a text.
  ///
  /// @param truncate cuts a text that is too long
  static Answer of(Model model, String text, boolean truncate) {
    long begun = System.nanoTime();
    try {
      Result result = model.run(new Item.Text(text, truncate || model.info().policy().truncates()));
      return new Given(text, result, Duration.ofNanos(System.nanoTime() - begun));
    } catch (Refusal e) {
      return new Refused(text, e.message());
    } catch (RuntimeException e) {
      return new Refused(text, "the function answers with a server error: " + e.getMessage());
    }
  }
}
