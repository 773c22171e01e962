package dev.pilotlight.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.model.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Two implementations that share nothing above the runtime's kernels agree on every text.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GoldenTest {
  /// Set by the profile that computes the answers next to the build, on the same machine.
  private static final String COMPUTED = "golden.computed";

  private static final double SAME_MACHINE = 1e-5;
  private static final double FP32_ANYWHERE = 1e-5;

  /// The int8 kernels differ between CPUs.
  private static final double INT8_ANYWHERE = 2e-2;

  private final SampleModels models = new SampleModels();

  GoldenTest() throws IOException {}

  @BeforeAll
  void loadBothModels() {
    models.int8().prime();
    models.fp32().prime();
  }

  @AfterAll
  void close() {
    models.close();
  }

  static List<Golden> int8() throws IOException {
    return Golden.stored(Golden.INT8);
  }

  static List<Golden> fp32() throws IOException {
    return Golden.stored(Golden.FP32);
  }

  static List<Golden> int8Computed() throws IOException {
    return Golden.read(Path.of(System.getProperty(COMPUTED)), Golden.INT8);
  }

  static List<Golden> fp32Computed() throws IOException {
    return Golden.read(Path.of(System.getProperty(COMPUTED)), Golden.FP32);
  }

  static List<Golden> bgeComputed() throws IOException {
    return Golden.read(Path.of(System.getProperty(COMPUTED)), Golden.BGE);
  }

  static List<Golden> e5Computed() throws IOException {
    return Golden.read(Path.of(System.getProperty(COMPUTED)), Golden.E5);
  }

  static Stream<Golden> overTheLimit() throws IOException {
    return int8().stream().filter(Golden::over);
  }

  @ParameterizedTest
  @MethodSource("int8")
  void theInt8ModelAnswersAsStoredUpToTheKernelsOfTheCpu(Golden golden) {
    assertThat(distance(models.int8(), golden)).isLessThan(INT8_ANYWHERE);
  }

  @ParameterizedTest
  @MethodSource("fp32")
  void theFp32ModelAnswersAsStored(Golden golden) {
    assertThat(distance(models.fp32(), golden)).isLessThan(FP32_ANYWHERE);
  }

  @ParameterizedTest
  @MethodSource("int8Computed")
  @EnabledIfSystemProperty(named = COMPUTED, matches = ".+")
  void theInt8ModelAnswersAsComputedNextToIt(Golden golden) {
    assertThat(distance(models.int8(), golden)).isLessThan(SAME_MACHINE);
  }

  @ParameterizedTest
  @MethodSource("fp32Computed")
  @EnabledIfSystemProperty(named = COMPUTED, matches = ".+")
  void theFp32ModelAnswersAsComputedNextToIt(Golden golden) {
    assertThat(distance(models.fp32(), golden)).isLessThan(SAME_MACHINE);
  }

  @ParameterizedTest
  @MethodSource("bgeComputed")
  @EnabledIfSystemProperty(named = COMPUTED, matches = ".+")
  void bgeWithoutPoolingFileAnswersAsComputedNextToIt(Golden golden) {
    assertThat(distance(models.fetched(Golden.BGE), golden)).isLessThan(SAME_MACHINE);
  }

  @ParameterizedTest
  @MethodSource("e5Computed")
  @EnabledIfSystemProperty(named = COMPUTED, matches = ".+")
  void e5WithoutPoolingFileAnswersAsComputedNextToIt(Golden golden) {
    assertThat(distance(models.fetched(Golden.E5), golden)).isLessThan(SAME_MACHINE);
  }

  @ParameterizedTest
  @MethodSource("int8")
  void theTokenIdsGiveTheSameBitsAsTheText(Golden golden) {
    Result ofText = models.int8().run(new Item.Text(golden.text(), golden.over()));
    Result ofIds = models.int8().run(new Item.Tokens(golden.idArray(), false));
    assertThat(ofText).isEqualTo(ofIds);
    assertThat(ofText.tokens()).isEqualTo(golden.ids().size());
  }

  @ParameterizedTest
  @MethodSource("overTheLimit")
  void aTextOverTheLimitIsRefusedUnlessItMayBeCut(Golden golden) {
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class, () -> models.int8().run(new Item.Text(golden.text(), false)));
    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID);
    assertThat(refusal.message()).contains("256", "truncate");
  }

  @Test
  void theReferenceRanTheSameRuntimeAtTheSameLevel() throws IOException {
    assertThat(models.int8().info().runtime()).isEqualTo(Golden.storedRuntime(Golden.INT8));
    assertThat(models.fp32().info().runtime()).isEqualTo(Golden.storedRuntime(Golden.FP32));
  }

  @Test
  void anotherTextsAnswerWouldBeNoticed() throws IOException {
    List<Golden> goldens = int8();
    assertThat(goldens).hasSizeGreaterThanOrEqualTo(60);
    Result other = models.int8().run(new Item.Text("a rather different sentence", false));
    assertThat(goldens)
        .allSatisfy(g -> assertThat(g.distance(embedding(other))).isGreaterThan(INT8_ANYWHERE));
  }

  private static double distance(Model model, Golden golden) {
    return golden.distance(embedding(model.run(new Item.Text(golden.text(), golden.over()))));
  }

  private static float[] embedding(Result result) {
    return result.outputs().getFirst().floats();
  }
}
