package dev.pilotlight.e2e.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.template.MachineSettings;
import dev.pilotlight.local.template.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// `asl-validator` accepts the template's definition of the state machine, and refuses a wrong one.
@Timeout(120)
@EnabledIfSystemProperty(named = "clients.scripts", matches = ".+")
class StateMachineDefinitionIT {
  private static final MachineSettings FAN_OUT =
      Template.read(Path.of("template.yaml"), Map.of("BatchFanOutBytes", "1000"))
          .machines()
          .getFirst();

  @TempDir private Path directory;

  @Test
  void validatorAcceptsTheDefinition() throws Exception {
    assertThat(validate(FAN_OUT.definition())).contains("is valid");
  }

  @Test
  void validatorRefusesAStateThatIsNotThere() throws Exception {
    String wrong = FAN_OUT.definition().replace("\"Next\": \"IsPlanned\"", "\"Next\": \"Nowhere\"");
    assertThat(validate(wrong)).contains("is invalid");
  }

  private String validate(String definition) throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("fan-out.asl.json"), definition);
    Path validator =
        Path.of(System.getProperty("clients.scripts"))
            .resolve(Path.of("node_modules", "asl-validator", "dist", "bin", "asl-validator.js"));
    Process process =
        new ProcessBuilder("node", validator.toString(), "--json-path", file.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
