package dev.pilotlight.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The local runner in a real browser.
@Timeout(300)
class PlaygroundPagesIT {
  @TempDir private Path downloads;

  @Test
  void theRunnerAnswersABrowserAndNothingLeavesThisMachine() {
    try (LocalStack stack = LocalStack.start(Options.onFreePorts());
        Browser browser = Browser.start(downloads)) {
      browser.open(stack.gatewayUrl() + "/v2");
      assertThat(browser.text("body")).contains("pilotlight");
      browser.assertQuiet("favicon.ico");
    }
  }
}
