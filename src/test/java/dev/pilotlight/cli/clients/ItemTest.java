package dev.pilotlight.cli.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pilotlight.model.format.LoadFailure;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class ItemTest {
  private static final Item ITEM =
      Item.read(
          Map.of(
              "pk", Map.of("S", "tenant#ada"),
              "sk", Map.of("S", "key#1"),
              "name", Map.of("S", "a"),
              "created", Map.of("N", "7"),
              "half", Map.of("N", "0.5"),
              "models", Map.of("SS", List.of("m")),
              "routes", Map.of("L", List.of(Map.of("S", "infer")))));

  @Test
  void attributesAreReadByTheirTypes() {
    assertThat(ITEM.text("name")).isEqualTo("a");
    assertThat(ITEM.requiredNumber("created")).isEqualTo(7);
    assertThat(ITEM.texts("models")).containsExactly("m");
    assertThat(ITEM.text("plan")).isEmpty();
    assertThat(ITEM.optional("expires")).isEmpty();
    assertThat(ITEM.texts("none")).isEmpty();
  }

  @Test
  void attributeOfAnotherTypeDoesNotCountAsAbsent() {
    refused("routes", item -> item.texts("routes"));
    refused("models", item -> item.text("models"));
    refused("half", item -> item.optional("half"));
    refused("name", item -> item.number("name"));
    refused("name", item -> item.bytes("name"));
  }

  @Test
  void requiredAttributeIsNamedIfItIsMissing() {
    refused("digest", item -> item.requiredText("digest"));
    refused("requested", item -> item.requiredNumber("requested"));
  }

  private static void refused(String name, Function<Item, ?> read) {
    assertThatExceptionOfType(LoadFailure.class)
        .isThrownBy(() -> read.apply(ITEM))
        .withMessage("the item tenant#ada, key#1 has no valid attribute " + name);
  }
}
