package dev.pilotlight.e2e.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.Options;
import dev.pilotlight.local.states.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/// A [BatchStack] whose template answers objects above a size in shards, by its state machine.
final class FanOutStack {
  private FanOutStack() {}

  /// @param bytes `BatchFanOutBytes`; 0 answers every object in one chain
  /// @param shardLines `BatchShardLines`
  static BatchStack start(long bytes, int shardLines) throws IOException {
    return start(bytes, shardLines, 2);
  }

  /// As [#start(long, int)], with other models than the sample.
  static BatchStack start(long bytes, int shardLines, Path models) throws IOException {
    return start(bytes, shardLines, options -> options.withEnvironmentsMax(2).withModels(models));
  }

  /// @param environments of the function at most
  static BatchStack start(long bytes, int shardLines, int environments) throws IOException {
    return start(bytes, shardLines, options -> options.withEnvironmentsMax(environments));
  }

  private static BatchStack start(long bytes, int shardLines, UnaryOperator<Options> more)
      throws IOException {
    Path template = template(bytes, shardLines);
    return BatchStack.start(
        options ->
            more.apply(options)
                .withTemplate(template)
                .withPreset("starter")
                .withClassPath("")
                .withVariable("PILOTLIGHT_MEMORY_CACHE_BYTES", "8388608")
                .withVariable("PILOTLIGHT_BATCH_WINDOW_ITEMS", "128"));
  }

  private static Path template(long bytes, int shardLines) throws IOException {
    String text = Files.readString(Path.of("template.yaml"));
    text = standard(text, "BatchFanOutBytes", "0", Long.toString(bytes));
    text = standard(text, "BatchShardLines", "30000", Integer.toString(shardLines));
    Path directory = Files.createTempDirectory("template");
    Files.copy(Path.of("samconfig.toml"), directory.resolve("samconfig.toml"));
    return Files.writeString(directory.resolve("template.yaml"), text);
  }

  private static String standard(String template, String parameter, String old, String value) {
    String declared = "  %s:\n    Type: Number\n    Default: ".formatted(parameter);
    assertThat(template).contains(declared + old + "\n");
    return template.replace(declared + old + "\n", declared + value + "\n");
  }

  /// Returns the executions; requires this status of each.
  static List<Execution> executions(BatchStack batches, Execution.Status status) {
    List<Execution> executions = batches.stack().machines().executions();
    assertThat(executions).allMatch(each -> each.status() == status, status.name());
    return executions;
  }
}
