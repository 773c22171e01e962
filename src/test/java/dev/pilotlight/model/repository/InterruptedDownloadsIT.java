package dev.pilotlight.model.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.local.runtime.Between.Call;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.S3Models;
import dev.pilotlight.model.files.LocalCopies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Downloads that break off and are resumed, by the same process or the next one.
@Timeout(60)
final class InterruptedDownloadsIT extends S3Models {
  private static final String HALF = "bytes=%d-".formatted(IDENTITY.length / 2);

  @Test
  void aConnectionThatBreaksIsReplacedAndTheRestIsRead() {
    put("broken/a/1/model.onnx", IDENTITY);
    between.rule(once(new Fate.Cut()));

    assertServes(repository("s3://models/broken").get("a", null));

    assertThat(ranges()).containsExactly("", HALF);
  }

  @Test
  void theNextTryOfTheSameProcessResumes() {
    put("resumed/a/1/model.onnx", IDENTITY);
    AtomicBoolean cut = new AtomicBoolean();
    between.rule(
        call ->
            !isGraph(call)
                ? new Fate.Pass()
                : cut.compareAndSet(false, true) ? new Fate.Cut() : new Fate.Fail(403, ""));
    ModelRepository repository = repository("s3://models/resumed");
    assertUnavailable(repository, "a", "its files cannot be read from S3");

    between.rule(call -> new Fate.Pass());
    between.forgetCalls();
    assertServes(repository.get("a", null));
    assertThat(ranges()).containsExactly(HALF);
  }

  @Test
  void theProcessAfterAKilledOneResumes() throws IOException {
    put("killed/a/1/model.onnx", IDENTITY);
    ModelRepository killed = repository("s3://models/killed");
    killed.get("a", null);
    // the killed process had half of it
    String copy = copies().getFirst();
    Path partial = disk.resolve("partial-999999999-1-7-" + copy);
    Files.move(disk.resolve(copy), partial);
    Files.write(partial.resolve("model.onnx"), Arrays.copyOf(IDENTITY, IDENTITY.length / 2));
    between.forgetCalls();

    assertServes(repository("s3://models/killed").get("a", null));

    assertThat(ranges()).containsExactly(HALF);
    assertThat(copies()).containsExactly(copy);
    assertThat(disk.resolve(copy).resolve("model.onnx")).hasBinaryContent(IDENTITY);
  }

  @Test
  void anObjectThatChangedMeanwhileIsReadFromItsStart() {
    put("changed/a/1/model.onnx", IDENTITY);
    byte[] other = OnnxModels.identity(Datatype.FP32, "other_name").toBytes();
    AtomicBoolean cut = new AtomicBoolean();
    between.rule(
        call -> {
          if (!isGraph(call) || !cut.compareAndSet(false, true)) {
            return new Fate.Pass();
          }
          return new Fate.Cut();
        });
    ModelRepository repository = repository("s3://models/changed");
    repository.list();
    put("changed/a/1/model.onnx", other);

    assertServes(repository.get("a", null));

    assertThat(copies()).hasSize(1);
    assertThat(files())
        .filteredOn(file -> file.endsWith("model.onnx"))
        .singleElement()
        .satisfies(file -> assertThat(Path.of(file)).hasBinaryContent(other));
  }

  @Test
  void serverWithoutRangesIsReadFromTheStart() {
    put("ranges/a/1/model.onnx", IDENTITY);
    AtomicBoolean cut = new AtomicBoolean();
    between.rule(
        call ->
            isGraph(call) && cut.compareAndSet(false, true)
                ? new Fate.Cut()
                : isGraph(call) && !call.range().isEmpty()
                    ? new Fate.Fail(200, new String(new char[IDENTITY.length]))
                    : new Fate.Pass());

    assertServes(repository("s3://models/ranges").get("a", null));

    assertThat(ranges()).containsExactly("", HALF, "");
  }

  @Test
  void partialsOfOtherModelsStayAndThoseOfOlderStatesGo() {
    put("states/a/1/model.onnx", IDENTITY);
    String state = "0".repeat(LocalCopies.STATE_CHARS);
    String older = "partial-999999999-1-7-a-1-" + state;
    String other = "partial-999999999-1-8-b-1-" + state;
    Repositories.write(disk.resolve(older).resolve("model.onnx"), "half");
    Repositories.write(disk.resolve(other).resolve("model.onnx"), "half");

    assertServes(repository("s3://models/states").get("a", null));

    assertThat(copies()).hasSize(2).contains(other);
  }

  private static Function<Call, Fate> once(Fate fate) {
    AtomicBoolean spent = new AtomicBoolean();
    return call -> isGraph(call) && spent.compareAndSet(false, true) ? fate : new Fate.Pass();
  }

  private static boolean isGraph(Call call) {
    return call.uri().getPath().endsWith("model.onnx");
  }

  /// The ranges of the graph that were read, in order.
  private List<String> ranges() {
    return between.calls().stream()
        .filter(InterruptedDownloadsIT::isGraph)
        .map(Call::range)
        .toList();
  }
}
