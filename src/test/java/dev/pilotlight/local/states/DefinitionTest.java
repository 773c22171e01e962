package dev.pilotlight.local.states;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.local.template.MachineSettings;
import dev.pilotlight.local.template.Template;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefinitionTest {
  private static final MachineSettings FAN_OUT =
      Template.read(
              Path.of("template.yaml"),
              Map.of("BatchFanOutBytes", "1000", "BatchFanOutConcurrency", "5", "InPrefix", "in/"))
          .machines()
          .getFirst();

  @Test
  void executorImplementsAllThatTheTemplatesMachineHas() {
    Definition definition = Definition.parse("FanOut", FAN_OUT.definition());
    assertThat(definition.states())
        .containsKeys("Plan", "IsPlanned", "Shards", "Publish", "IsPublished", "Done");
    assertThat(definition.state("Shards"))
        .isInstanceOfSatisfying(
            State.EachItem.class, each -> assertThat(each.concurrency()).isEqualTo(5));
  }

  @Test
  void templatesRulesStartTheMachineByBucketAndPrefixAndSendItsEnd() {
    assertThat(FAN_OUT.starts())
        .containsExactly(new MachineSettings.Start("FanOutRule", "pilotlight-in", "in/"));
    assertThat(FAN_OUT.starts().getFirst().takes("pilotlight-in", "in/a.jsonl")).isTrue();
    assertThat(FAN_OUT.starts().getFirst().takes("pilotlight-in", "a.jsonl")).isFalse();
    assertThat(FAN_OUT.starts().getFirst().takes("pilotlight-out", "in/a.jsonl")).isFalse();
    assertThat(FAN_OUT.ends())
        .containsExactly(
            new MachineSettings.End(
                "FanOutEnded", "BatchFunction", List.of("FAILED", "TIMED_OUT", "ABORTED")));
  }

  @Test
  void templateWithoutFanOutHasNoMachineThatObjectsStart() {
    assertThat(Template.read(Path.of("template.yaml"), Map.of("BatchFanOutBytes", "0")).machines())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"Type\": \"Succeed\"} | \"Type\": \"Pass\"} | Done.Type is Pass",
        "\"Succeed\"} | \"Succeed\", \"InputPath\": \"$\"} | Done has InputPath",
        "\"TimeoutSeconds\": 960 | \"HeartbeatSeconds\": 960 | Plan lacks TimeoutSeconds",
        " 960, |  960, \"HeartbeatSeconds\": 9, | Plan has Heart",
        "\"ToleratedFailurePercentage\": 0 | \"ToleratedFailurePercentage\": 5 | accepted: 0 to 0",
        "\"Label\": | \"ItemBatcher\": {}, \"Label\": | Shards has ItemBatcher",
        "\"InputType\": \"JSON\" | \"InputType\": \"CSV\" | accepted: JSON",
        "\"ExecutionType\": \"STANDARD\" | \"ExecutionType\": \"EXPRESS\" | accepted: STANDARD",
        "\"StringEquals\": \"planned\" | \"StringMatches\": \"p*\" | Choices[0] lacks StringEquals",
        "\"Next\": \"IsPlanned\" | \"Next\": \"Nowhere\" | Plan leads to Nowhere",
        "\"Next\": \"IsPlanned\" | \"End\": true | Plan lacks Next",
        "\"Next\": \"IsPlanned\" | \"Catch\": [], \"Next\": \"IsPlanned\" | Plan has Catch",
        "$$.Execution.Input | States.UUID() | implements $, $.name.name",
        "\"ResultPath\": \"$.plan\" | \"ResultPath\": \"$.plan.deep\" | accepted: $.name",
        "\"FULL\" | \"NONE\" | accepted: FULL",
        "\"SecondsPath\": \"$.plan.answer.seconds\" | \"Seconds\": 30 | lacks SecondsPath",
        "lambda:invoke | lambda:invoke.waitForTaskToken | accepted: arn",
        "\"Lambda.Unknown\" | \"States.TaskFailed\" | but not States.TaskFailed",
        "\"BackoffRate\": 2 | \"BackoffRate\": 0.5 | accepted: 1 and more",
        "\"StartAt\": \"Plan\" | \"StartAt\": \"Start\" | FanOut.StartAt leads to Start",
        "\"StartAt\": \"Plan\" | \"Version\": \"1.0\", \"StartAt\": \"Plan\" | has Version",
      })
  void executorRefusesByNameWhatItDoesNotImplement(String old, String changed, String message) {
    String definition = FAN_OUT.definition();
    assertThat(definition).contains(old);
    assertThatThrownBy(() -> Definition.parse("FanOut", definition.replace(old, changed)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
