package dev.pilotlight.local.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IntrinsicsTest {
  private static final Map<String, Object> PARAMETERS =
      Map.of(
          "Origins", Map.of("Type", "CommaDelimitedList", "Default", "a,b"),
          "Nobody", Map.of("Type", "CommaDelimitedList", "Default", ""),
          "Network", Map.of("Type", "String", "Default", "10.77.0.0/24"));

  private final Intrinsics intrinsics = new Intrinsics(PARAMETERS, Map.of(), Map.of());

  @Test
  void listParameterIsAList() {
    assertThat(resolve("!Ref Origins")).isEqualTo(List.of("a", "b"));
    assertThat(resolve("!Join [\"\", !Ref Nobody]")).isEqualTo("");
  }

  @Test
  void itemOfAListIsSelected() {
    assertThat(resolve("!Select [1, !Split [\":\", \"serverless:mine:\"]]")).isEqualTo("mine");
    assertThat(resolve("!Select [1, !Split [\":\", \":\"]]")).isEqualTo("");
    assertThatThrownBy(() -> resolve("!Select [1, !Split [\":\", \"\"]]"))
        .hasMessage("it selects item 1 of []");
  }

  @Test
  void stackHasAnId() {
    assertThat(
            resolve("!Select [4, !Split [\"-\", !Select [2, !Split [\"/\", !Ref AWS::StackId]]]]"))
        .isEqualTo("000000000000");
  }

  @Test
  void regionHasTwoZones() {
    assertThat(resolve("!Select [1, !GetAZs \"\"]")).isEqualTo("us-east-1b");
  }

  @Test
  void networkIsSplitIntoParts() {
    assertThat(resolve("!Cidr [!Ref Network, 2, 6]"))
        .isEqualTo(List.of("10.77.0.0/26", "10.77.0.64/26"));
    assertThat(resolve("!Cidr [10.255.0.0/15, 2, 16]"))
        .isEqualTo(List.of("10.255.0.0/16", "11.0.0.0/16"));
    assertThatThrownBy(() -> resolve("!Cidr [!Ref Network, 2, 8]"))
        .hasMessage("it has networks that do not fit: [10.77.0.0/24, 2, 8]");
  }

  @Test
  void aliasOfAFunctionIsTheFunction() {
    assertThat(resolve("!Ref ApiFunction.Alias")).isEqualTo("pilotlight-api-function");
  }

  private Object resolve(String yaml) {
    return intrinsics.resolve(Yaml.read(yaml)).orElseThrow();
  }
}
