package dev.pilotlight.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.pilotlight.local.template.FunctionSettings;
import dev.pilotlight.local.template.Template;
import dev.pilotlight.store.ResultStore.Policy;
import dev.pilotlight.support.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// `events/env.json` is an environment that `sam local invoke` can give and the function takes.
class SamEnvironmentTest {
  private final Map<String, FunctionSettings> functions =
      Template.read(Path.of("template.yaml")).functions().stream()
          .collect(Collectors.toMap(FunctionSettings::name, Function.identity()));

  @Test
  void everyFunctionInItIsInTheTemplate() throws IOException {
    assertThat(environments()).isNotEmpty();
    assertThat(functions.keySet()).containsAll(environments().keySet());
  }

  /// SAM passes no variable on that the template does not have. One that has no value by default,
  /// which the local runner leaves out, is there all the same: what is looked for is its name.
  @Test
  void everyVariableInItIsInTheTemplate() throws IOException {
    String template = Files.readString(Path.of("template.yaml"));
    environments()
        .values()
        .forEach(
            variables ->
                assertThat(variables.keySet())
                    .allMatch(name -> template.contains("        " + name + ":")));
  }

  @Test
  void theSettingsTakeItAndNeedNeitherRedisNorDynamoDb() throws IOException {
    for (var function : environments().entrySet()) {
      Map<String, String> all =
          new HashMap<>(Objects.requireNonNull(functions.get(function.getKey())).variables());
      all.putAll(function.getValue());
      AppSettings settings = AppSettings.from(new Settings(all));
      assertThat(settings.store().policy()).isEqualTo(Policy.OFF);
      assertThat(settings.cache().redis()).isEmpty();
    }
  }

  private static Map<String, Map<String, String>> environments() throws IOException {
    return Harness.JSON.readValue(Path.of("events", "env.json").toFile(), new TypeReference<>() {});
  }
}
