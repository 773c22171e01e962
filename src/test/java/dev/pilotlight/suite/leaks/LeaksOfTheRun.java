package dev.pilotlight.suite.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The last step of `mvn verify` and of `.ci/run`: nothing that the tests wrote has a key, a text
/// or a password. These are the functions' logs with their metrics, one of each Maven run, and the
/// reports with the tests' output.
final class LeaksOfTheRun {
  private static final Path TARGET = Path.of("target");
  private static final String PLANTING =
      "failsafe-reports/TEST-dev.pilotlight.handler.keys.PlantedSecretsIT.xml";

  @Test
  void noKeyTextOrPasswordWasWritten() throws IOException {
    LeakScan scan = new LeakScan();
    List<String> leaks = new ArrayList<>();
    for (String folder : new String[] {"function-logs", "surefire-reports", "failsafe-reports"}) {
      leaks.addAll(scan.leaks(TARGET.resolve(folder)));
    }
    assertThat(leaks.stream().limit(20).toList()).as("%d leaks", leaks.size()).isEmpty();
    Path log = TARGET.resolve("function-logs/verify.log");
    if (FreshLog.isOfTheRun(TARGET.resolve(PLANTING), log)) {
      assertThat(log)
          .as("functions wrote their logs where they are read")
          .content()
          .contains("planted-tenant");
    }
    System.out.println(scan.lines() + " lines without a secret");
  }
}
