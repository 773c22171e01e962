package dev.pilotlight.e2e.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.Options;
import dev.pilotlight.local.runtime.Between.Call;
import dev.pilotlight.local.runtime.Between.Fate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;

/// A function that has little time, and a slow DynamoDB, so that a batch takes many invocations on
/// a fast machine, too.
final class BatchHurry {
  private static final int TIMEOUT_SECONDS = 5;
  static final Duration SLOW = Duration.ofMillis(300);
  private static final Set<String> READS = Set.of("BatchGetItem", "GetItem");

  private BatchHurry() {}

  /// @param directory for a template
  static Options of(Options options, Path directory) {
    return of(BatchForm.EVENTS, options, directory);
  }

  /// The same in one of the two forms.
  static Options of(BatchForm form, Options options, Path directory) {
    return options
        .withTemplate(template(form, directory))
        .withVariable("PILOTLIGHT_BATCH_WINDOW_ITEMS", "8")
        .withVariable("PILOTLIGHT_BATCH_RESERVE_MS", "3500");
  }

  /// A rule by which reading results takes its time.
  static Function<Call, Fate> slowly(Function<Call, Fate> rule) {
    return slowly(SLOW, rule);
  }

  /// The same, with the time that each takes.
  static Function<Call, Fate> slowly(Duration time, Function<Call, Fate> rule) {
    return call -> {
      if (READS.contains(call.action()) && !call.body().contains("batch#")) {
        pause(time);
      }
      return rule.apply(call);
    };
  }

  private static Path template(BatchForm form, Path directory) {
    try {
      String all = form.template();
      String changed = all.replace("Timeout: 900", "Timeout: " + TIMEOUT_SECONDS);
      assertThat(changed).as("the batch function's time was changed").isNotEqualTo(all);
      return Files.writeString(directory.resolve("template.yaml"), changed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
