package dev.pilotlight.pack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.model.files.ModelId;
import dev.pilotlight.model.forms.MaskGraphs;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A masked language model answers only texts with a mask, so these are compared.
class SameMasksTest {
  private static final String CONFIG = "{\"architectures\": [\"BertForMaskedLM\"]}";

  @Test
  void masksAreComparedBitForBit(@TempDir Path root) {
    TestModels models = new TestModels(root);
    for (String name : new String[] {"one", "same", "other"}) {
      int vocabulary = name.equals("other") ? 30_523 : 30_522;
      models
          .withTokenizer(name, MaskGraphs.maskedLanguageModel(vocabulary))
          .with(name, "config.json", CONFIG);
    }
    ModelId id = new ModelId("masks", 1);
    Path one = root.resolve("one/1");
    assertThat(SameAnswers.proven(id, one, root.resolve("same/1"))).isTrue();
    assertThat(SameAnswers.proven(id, one, root.resolve("other/1"))).isFalse();
  }
}
