package dev.pilotlight.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LayeringTest {
  private static final Path CLASSES = Path.of("target/classes");
  private static Set<Dependency> dependencies = Set.of();

  @BeforeAll
  static void readTheClassFiles() throws IOException {
    dependencies = Dependency.in(CLASSES);
  }

  @Test
  void importsPointOnlyDownTheLayers() {
    assertThat(Layers.violations(dependencies)).isEmpty();
  }

  @Test
  void noPackagesDependOnEachOtherInACircle() {
    assertThat(Layers.onCycles(Layers.packageGraph(dependencies))).isEmpty();
  }

  @Test
  void everyPackageHasItsPlaceInTheLayers() {
    assertThat(dependencies)
        .extracting(Dependency::fromPackage)
        .allMatch(name -> Layers.ALLOWED.containsKey(name) || Layers.ROOMS.containsKey(name));
  }

  @Test
  void everyAllowedImportIsUsed() {
    assertThat(Layers.unused(dependencies)).isEmpty();
  }

  @Test
  void anAllowedImportThatNothingUsesIsCaught() {
    assertThat(
            Layers.unused(
                List.of(
                    dependency("tenant.Tenants", "domain.Item"),
                    dependency("batch.claim.Lease", "batch.s3.BucketClient"))))
        .contains("tenant -> support", "batch.output -> batch.s3")
        .doesNotContain("tenant -> domain", "batch.claim -> batch.s3");
  }

  @Test
  void theAllowedLayersThemselvesHaveNoCircle() {
    assertThat(Layers.onCycles(Layers.ALLOWED)).isEmpty();
    assertThat(Layers.onCycles(Layers.ROOMS)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "domain.Item, support.Log",
    "support.Log, domain.Item",
    "cache.RedisTier, store.DynamoStore",
    "store.DynamoStore, cache.RedisTier",
    "protocol.openai.OpenAiEmbeddings, model.Model",
    "model.Model, protocol.json.JsonReader",
    "tenant.Tenants, cache.ResultKeys",
    "pipeline.Pipeline, protocol.HttpRequest",
    "pipeline.Pipeline, handler.App",
    "model.Model, pipeline.Pipeline",
    "handler.App, local.Local",
    "handler.App, bench.Bench",
    "handler.App, cli.Pilotlight",
    "model.onnx.Graph, model.files.ModelFiles",
    "batch.s3.BucketClient, batch.claim.Lease",
    "model.onnx.Graph, protocol.json.JsonReader",
    "unheard.Of, domain.Item"
  })
  void anImportThatPointsUpOrSidewaysIsCaught(String from, String to) {
    assertThat(Layers.violations(List.of(dependency(from, to)))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "domain.Item, domain.tensor.Tensor",
    "cache.RedisTier, domain.ResultKey",
    "store.DynamoStore, support.Log",
    "pipeline.Pipeline, model.Model",
    "handler.App, protocol.http.HttpRequest",
    "model.Model, model.onnx.Graph",
    "batch.lines.LineTasks, call.Calls"
  })
  void anImportThatPointsDownIsNot(String from, String to) {
    assertThat(Layers.violations(List.of(dependency(from, to)))).isEmpty();
  }

  @Test
  void commandsSeeOnlyModelsAndTheNouns() throws IOException {
    assertThat(Dependency.in(Path.of("target/test-classes/dev/pilotlight/cli")))
        .filteredOn(dependency -> !dependency.from().matches(".*(IT|TestClients|TestEdge)"))
        // tune starts the package: by the Runtime API alone, and the name of its handler
        .filteredOn(
            dependency ->
                !dependency.from().startsWith("dev.pilotlight.cli.tune.")
                    || !dependency.to().matches(".*\\.(local\\.wire\\.\\w+|handler\\.ApiHandler)"))
        // batches has the ids and the checkpoints of those that the function writes
        .filteredOn(
            dependency ->
                !dependency.from().startsWith("dev.pilotlight.cli.batches.")
                    || !dependency
                        .to()
                        .matches(".*\\.batch\\.(claim|fanout|openai|output|s3)\\..*"))
        // the deletion of a tenant has the keys of what the functions keep
        .filteredOn(
            dependency ->
                !dependency.from().startsWith("dev.pilotlight.cli.clients.")
                    || !dependency
                        .to()
                        .matches(
                            ".*\\.(batch\\.(claim|openai|output|s3)|files|store\\.packed)\\..*"))
        .isNotEmpty()
        .allMatch(
            dependency ->
                // their tests, in the same folder, use the suite's
                Set.of("cli", "access", "model", "domain", "support", "suite")
                    .contains(Layers.building(dependency.toPackage())));
  }

  @Test
  void aCircleIsCaughtAndWhatOnlyLeadsToItIsNot() {
    var graph = Map.of("a", Set.of("b"), "b", Set.of("c"), "c", Set.of("a", "d"), "z", Set.of("a"));
    assertThat(Layers.onCycles(graph)).containsExactly("a", "b", "c");
  }

  @Test
  void importsInASignatureAStringOrABodyAreSeen() throws IOException {
    String name = Sample.class.getName();
    Path file = Path.of("target/test-classes", name.replace('.', '/') + ".class");
    assertThat(Dependency.of(file))
        .extracting(Dependency::to)
        .contains(
            "dev.pilotlight.domain.tensor.Tensor",
            "dev.pilotlight.domain.Deadline",
            "dev.pilotlight.local.Local");
  }

  @Test
  void theClassesOfMainAreRead() {
    assertThat(dependencies).contains(dependency("domain.Result", "domain.tensor.Tensor"));
  }

  private static Dependency dependency(String from, String to) {
    return new Dependency("dev.pilotlight." + from, "dev.pilotlight." + to);
  }

  /// Never runs; its class file is read.
  static final class Sample {
    static final String NAME = "dev.pilotlight.local.Local";

    List<Tensor> onlyInASignature = List.of();

    Object onlyInABody() {
      return Deadline.class;
    }
  }
}
