package dev.pilotlight.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.cli.cost.CostInputs;
import dev.pilotlight.cli.cost.MonthlyCost;
import dev.pilotlight.local.support.Json;
import dev.pilotlight.local.template.Presets;
import dev.pilotlight.support.Prices;
import dev.pilotlight.support.Prices.Processor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The table of terms has the prices of prices.properties, the assumptions of workload.properties,
/// the template's defaults, and what was measured.
final class TermsTest {
  private static final Figures FIGURES = Figures.load();
  private static final JsonNode TABLE = read();
  private static final double MEASURED_TOKENS = 128;

  private static JsonNode read() {
    try {
      return Json.read(Files.readAllBytes(Script.TERMS)).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void pricesAreThoseOfTheFile() {
    assertThat(TABLE.path("date").asText()).isEqualTo(Prices.KNOWN.date());
    assertThat(TABLE.path("region").asText()).isEqualTo(Prices.KNOWN.region());
    for (JsonNode price : TABLE.path("prices")) {
      String name = price.path("name").asText();
      assertThat(price.path("usd").asDouble()).as(name).isEqualTo(FIGURES.of(name));
      assertThat(price.path("per").asDouble())
          .as(name)
          .isEqualTo(name.endsWith(".million") ? 1e6 : 1);
      assertThat(price.path("published").asText()).startsWith("https://aws.amazon.com/");
    }
  }

  @Test
  void everyPriceHasATermAndItsUnit() {
    Map<String, String> units = new HashMap<>();
    TABLE
        .path("prices")
        .forEach(price -> units.put(price.path("name").asText(), price.path("unit").asText()));
    Set<String> used = new HashSet<>();
    for (JsonNode term : TABLE.path("terms")) {
      for (String processor : List.of("x86", "arm")) {
        String price = term.path("price").asText().replace("*", processor);
        assertThat(units.get(price)).as(price).isEqualTo(term.path("unit").asText());
        used.add(price);
      }
    }
    assertThat(used).isEqualTo(units.keySet());
  }

  @Test
  void assumptionsAreThoseOfTheDeployTables() {
    StackFacts starter = StackFacts.of(Presets.STARTER);
    int compared = 0;
    for (JsonNode assumption : TABLE.path("assumptions")) {
      double value = assumption.path("value").asDouble();
      if (assumption.has("workload")) {
        String name = assumption.path("workload").asText();
        assertThat(value).as(name).isEqualTo(FIGURES.of(name));
        compared++;
      } else if (assumption.has("parameter")) {
        String name = assumption.path("parameter").asText();
        assertThat(value).as(name).isEqualTo(starter.number(name));
        compared++;
      }
    }
    assertThat(compared).isEqualTo(TABLE.path("assumptions").size() - 1); // vcpuMb is Lambda's
  }

  @Test
  void presetsAreThoseOfTheTemplate() {
    Set<String> compared = new HashSet<>();
    for (JsonNode preset : TABLE.path("presets")) {
      String name = preset.path("name").asText();
      StackFacts stack = StackFacts.of(name);
      Map<String, Object> expected = new HashMap<>();
      expected.put("name", name);
      expected.put("memory", stack.number("MemorySize"));
      expected.put("processor", stack.processor());
      expected.put("min", stack.provisioned() ? stack.number("ProvisionedMin") : 0.0);
      expected.put("max", stack.provisioned() ? stack.number("ProvisionedMax") : 0.0);
      expected.put("cache", stack.cached() ? "valkey" : "none");
      expected.put("door", stack.behindApi() ? "api" : "url");
      expected.put("alarms", stack.parameter("Alarms"));
      expected.put("throttleRate", stack.number("ThrottleRate"));
      Map<String, Object> given = new HashMap<>();
      for (Map.Entry<String, JsonNode> value : preset.properties()) {
        JsonNode node = value.getValue();
        given.put(value.getKey(), node.isNumber() ? node.asDouble() : node.asText());
      }
      assertThat(given).isEqualTo(expected);
      assertThat(compared.add(name)).isTrue();
    }
    assertThat(compared)
        .containsExactlyInAnyOrder(Presets.STARTER, Presets.PRODUCTION, Presets.BUSY);
  }

  @ParameterizedTest
  @CsvSource({"true, false", "true, true", "false, false", "false, true"})
  void durationsAreThoseOfTheDeployTables(boolean measured, boolean cached) {
    Durations expected = measured ? Durations.measured(FIGURES) : Durations.article(FIGURES);
    CostInputs inputs = inputs(measured ? CostInputs.MINI_LM : CostInputs.ARTICLE, cached);
    MonthlyCost cost = MonthlyCost.of(inputs);
    assertThat(cost.value("hitMs")).isEqualTo(cached ? expected.hit() : expected.stored());
    assertThat(cost.value("missMs")).isEqualTo(cached ? expected.miss() : expected.missUncached());
    assertThat(cost.value("coldMs")).isEqualTo(expected.cold());
  }

  private static CostInputs inputs(String model, boolean cached) {
    return new CostInputs(
        1e6,
        0.5,
        MEASURED_TOKENS,
        model,
        1_769,
        Processor.X86,
        0,
        0,
        cached,
        true,
        false,
        Map.of());
  }

  /// The row of each model's figures in the kept run, rounded as PERFORMANCE.md rounds.
  @Test
  void aMeasuredModelHasTheFiguresOfItsRun() throws IOException {
    for (JsonNode model : TABLE.path("models")) {
      if (!model.path("measured").asBoolean()) {
        continue;
      }
      Path file = Path.of(model.path("source").asText());
      JsonNode run = Json.read(Files.readAllBytes(file)).orElseThrow();
      assertThat(run.path("date").asText()).startsWith(model.path("date").asText());
      assertThat(run.path("machine").path("commit").asText())
          .startsWith(model.path("commit").asText());
      JsonNode values = model.path("values");
      assertRow(run, "miss", "12 tokens, provisioned", values.path("shortMs"));
      assertRow(run, "miss", "128 tokens, provisioned", values.path("longMs"));
      assertRow(run, "hit", "Redis, provisioned", values.path("cachedHitMs"));
      assertRow(run, "hit", "in process, provisioned", values.path("storedHitMs"));
      assertRow(run, "cold", "one core, from disk", values.path("startMs"));
    }
  }

  private static void assertRow(JsonNode run, String measure, String what, JsonNode figure) {
    for (JsonNode row : run.path("rows")) {
      if (row.path("measure").asText().equals(measure) && row.path("what").asText().equals(what)) {
        double measured = row.path("measured").path("p50").asDouble();
        assertThat(figure.asDouble()).as(what).isCloseTo(measured, digits(measured));
        return;
      }
    }
    throw new AssertionError("the run has no row " + measure + ", " + what);
  }

  /// Three digits, and two after the point below one.
  private static Offset<Double> digits(double measured) {
    double digit = measured < 10 ? 0.01 : measured < 100 ? 0.1 : 1;
    return within(digit * 0.501);
  }

  /// As in the presets starter and production, and what lies between.
  @ParameterizedTest
  @CsvSource({
    "few, on-demand, none, api", "few, provisioned, create, api", "few, provisioned, none, url",
    "all, on-demand, none, api", "all, provisioned, create, api", "all, on-demand, create, url",
    "all, provisioned, create, url"
  })
  void alarmsAreThoseOfTheTemplate(String alarms, String start, String cache, String door) {
    boolean all = alarms.equals("all");
    Map<String, String> given =
        Map.of("Alarms", alarms, "StartMode", start, "Cache", cache, "Door", door);
    StackFacts stack = StackFacts.of(all ? Presets.PRODUCTION : Presets.STARTER).with(given);
    MonthlyCost cost =
        MonthlyCost.of(
            new CostInputs(
                0,
                0,
                MEASURED_TOKENS,
                CostInputs.MINI_LM,
                1_769,
                Processor.X86,
                stack.provisioned() ? 1 : 0,
                stack.provisioned() ? 5 : 0,
                stack.cached(),
                stack.behindApi(),
                all,
                Map.of()));
    assertThat(cost.value("alarmMetrics")).isEqualTo((double) stack.alarmMetrics());
    assertThat(cost.value("compositeAlarms"))
        .isEqualTo((double) stack.resources("AWS::CloudWatch::CompositeAlarm"));
    assertThat(cost.value("dashboards"))
        .isEqualTo((double) stack.resources("AWS::CloudWatch::Dashboard"));
    assertThat(cost.value("keys")).isEqualTo((double) stack.resources("AWS::KMS::Key"));
    assertThat(cost.value("queues")).isEqualTo((double) stack.polledQueues());
  }
}
