package dev.pilotlight.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.model.repository.Repositories;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Plans as an earlier release computed them. A plan is part of every key: while it stays, results
/// of that release are found, and while results have another content, it must not stay.
final class StoredPlansTest {
  @TempDir private Path root;
  private TextModels models;

  @BeforeEach
  void open() {
    models = new TextModels(root);
  }

  @AfterEach
  void close() {
    models.close();
  }

  @Test
  void embeddingsKeepTheirPlan() {
    assertThat(plan(OnnxModels.lastHiddenState(), "BertModel"))
        .isEqualTo("d7fcdeba011243c9b16f22a7c50377bed7a16c64a67da5d1d3a8b343f759fbd4");
  }

  @Test
  void tensorsKeepTheirPlan() {
    Path folder = models.folder("model", OnnxModels.lastHiddenState());
    Repositories.write(folder.resolve("pilotlight.json"), "{\"task\": \"tensors\"}");

    assertThat(models.load().info().plan())
        .isEqualTo("ddf50984fdb2153249187eaefd3c67a5b2e811a89d4182504ba27ebf83dc3a7d");
  }

  /// A result of that release has no logits.
  @Test
  void classifiersHaveAnotherPlanThanBeforeTheirLogitsWereStored() {
    assertThat(plan(OnnxModels.textClassification(), "BertForSequenceClassification"))
        .isNotEqualTo("0d8aa3ae593b7e51b789f33c9629e8d597a02569fa5534be70e14ff8cfb78517");
  }

  private String plan(OnnxGraph graph, String architecture) {
    Repositories.write(
        models.folder("model", graph).resolve("config.json"),
        "{\"architectures\": [\"%s\"], \"max_position_embeddings\": 512}".formatted(architecture));
    return models.load().info().plan();
  }
}
