package dev.pilotlight.cli;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.files.ContentDigest;
import dev.pilotlight.model.files.DirectorySource;
import dev.pilotlight.model.files.FileState;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.files.ModelVersion;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.lock.ModelsLock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pilotlight lock FOLDER`: writes `models.lock`, and a copy of it that is named by its pin.
@Command(
    name = "lock",
    description = {
      "Lists the files of all models in a folder in FOLDER/models.lock, and prints its pin.",
      "",
      "The lock has the size and the SHA-256 of each file that a model uses. A copy of it,"
          + " models.lock.d/PIN, is the one that the parameter ModelsLock names; copies of earlier"
          + " locks stay, for roll-backs.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Pilotlight.Version.class,
    sortOptions = false,
    footerHeading = "%nExample:%n",
    footer = "  pilotlight lock models",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:The lock is written.",
      "1:The folder holds no model, or a model's files are wrong.",
      "2:The command line is wrong."
    })
final class Lock implements Callable<Integer> {
  private final Terminal terminal;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  @Spec
  private CommandSpec spec;

  @Parameters(
      paramLabel = "FOLDER",
      description = "The folder of all models: FOLDER/<name>/<version>/model.onnx.")
  private Path folder = Path.of("");

  Lock(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new ParameterException(spec.commandLine(), folder + " is not a folder");
    }
    PrintWriter out = spec.commandLine().getOut();
    ModelsLock lock;
    try (var _ = Progress.start(out, terminal, "reading " + folder, Progress.FIRST_AFTER)) {
      lock = new ModelsLock(files());
    }
    byte[] text = lock.render();
    String pin = ModelsLock.pin(text);
    Files.createDirectories(folder.resolve(ModelsLock.PINNED));
    Files.write(folder.resolve(ModelsLock.PINNED + pin), text);
    Files.write(folder.resolve(ModelsLock.FILE), text);
    long bytes = lock.files().values().stream().mapToLong(FileState::bytes).sum();
    lock.versions().forEach(version -> out.println(version.id()));
    out.printf("%d files, %d bytes%n", lock.files().size(), bytes);
    out.println("ModelsLock=" + pin);
    out.flush();
    return 0;
  }

  private NavigableMap<String, FileState> files() {
    DirectorySource source = new DirectorySource(folder);
    List<ModelVersion> versions = source.list().versions();
    if (versions.isEmpty()) {
      throw refusal(
          "%s holds no model; accepted: %s".formatted(folder, "<name>/<version>/model.onnx"));
    }
    NavigableMap<String, FileState> files = new TreeMap<>();
    for (ModelVersion version : versions) {
      try {
        ModelFiles used = source.fetch(version, Long.MAX_VALUE);
        for (String name : used.names()) {
          String sha256 = HexFormat.of().formatHex(ContentDigest.ofFile(used.path(name)));
          files.put(
              version.folder() + "/" + name,
              new FileState(used.size(name), Instant.EPOCH, "", sha256));
        }
      } catch (LoadFailure e) {
        throw refusal("%s cannot be locked: %s".formatted(version.id(), e.reason()));
      }
    }
    return files;
  }

  private static Refusal refusal(String reason) {
    return Refusal.unavailable(reason, Duration.ZERO, null);
  }
}
