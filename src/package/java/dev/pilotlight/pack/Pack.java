package dev.pilotlight.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Fills the directory that becomes the zip.
///
/// On a machine like the target it adds the application, its native libraries, the models with
/// optimised graphs, a Java runtime, and an AOT cache from a training run of exactly these. On any
/// other machine it adds only the parts that do not depend on the machine, for Lambda's managed
/// Java runtime.
public final class Pack {
  private static final Path MODELS = Path.of("models");

  /// The plans of tenants; a project may have none.
  private static final Path PLANS = Path.of("plans.json");

  private static final Path BOOTSTRAP = Path.of("src/package/bootstrap");

  private static final String FLAG = "  -XX:-UsePerfData \\\n";

  private final Path jar;
  private final Path root;
  private final Target target;
  private final boolean images;
  private final long begun = System.nanoTime();

  private Pack(Path jar, Path root, Target target, boolean images) {
    this.jar = jar;
    this.root = root;
    this.target = target;
    this.images = images;
  }

  /// Makes the package.
  ///
  /// @param args the application's jar, the directory to fill, the target's architecture, and
  ///   whether the function decodes images
  public static void main(String[] args) throws IOException, InterruptedException {
    try {
      new Pack(Path.of(args[0]), Path.of(args[1]), Target.of(args[2]), flag(args[3])).run();
    } catch (IllegalArgumentException | IllegalStateException e) {
      System.out.println("package: " + e.getMessage());
      System.exit(1);
    }
  }

  private static boolean flag(String images) {
    if (!images.equals("true") && !images.equals("false")) {
      throw new IllegalArgumentException(
          "pilotlight.images is %s; accepted: true, false".formatted(images));
    }
    return images.equals("true");
  }

  private void run() throws IOException, InterruptedException {
    Optional<String> obstacle = obstacle();
    Path note = root.resolveSibling(root.getFileName() + ".inputs");
    List<String> inputs = inputs(obstacle);
    if (isUpToDate(note, inputs, obstacle)) {
      report("up to date");
      return;
    }
    Files.deleteIfExists(note);
    Trees.delete(root);
    Files.createDirectories(root.resolve("lib"));
    String given = Binding.sha256(jar);
    Application.copy(jar, root.resolve("lib/pilotlight.jar"));
    NativeParts.unpack(target, root.resolve("native"));
    ModelPacker.pack(MODELS, root.resolve(MODELS), obstacle.isEmpty()).forEach(this::report);
    if (Files.exists(PLANS)) {
      Files.copy(PLANS, root.resolve(PLANS));
    }
    if (obstacle.isPresent()) {
      report(
          "without Java runtime and AOT cache: %s. This zip runs on Lambda's java25 runtime; for"
                  .formatted(obstacle.get())
              + " provided.al2023 run mvn package on a machine like the target");
    } else {
      addRuntime();
    }
    if (!given.equals(Binding.sha256(jar))) {
      throw new IllegalStateException("the application was rebuilt while it was packaged");
    }
    ThirdParty.write(root, jar.resolveSibling("runtime.classpath"));
    Files.write(note, inputs);
  }

  private void addRuntime() throws IOException, InterruptedException {
    JavaRuntime.link(root.resolve("jre"), images);
    SecurityFile.shorten(root.resolve("jre"));
    Authorities.limit(root.resolve("jre"));
    report(images ? "Java runtime linked, with images" : "Java runtime linked");
    Path bootstrap = Files.copy(BOOTSTRAP, root.resolve("bootstrap"));
    if (images) {
      withoutAdapters(bootstrap);
    }
    if (!bootstrap.toFile().setExecutable(true, false)) {
      throw new IOException(bootstrap + " cannot be made executable");
    }
    Training.run(root, images);
    Binding.write(root);
    report("AOT cache made");
  }

  /// Lets the JVM make the adapters of methods at its start: two of those that the training with
  /// images leaves in the AOT cache have one hash, of which JDK 25 warns at every start.
  private static void withoutAdapters(Path bootstrap) throws IOException {
    String script = Files.readString(bootstrap);
    if (!script.contains(FLAG)) {
      throw new IllegalStateException("bootstrap does not have " + FLAG.strip());
    }
    Files.writeString(bootstrap, script.replace(FLAG, FLAG + "  -XX:-AOTAdapterCaching \\\n"));
  }

  private Optional<String> obstacle() throws IOException {
    Optional<String> other =
        target.obstacle(System.getProperty("os.name"), System.getProperty("os.arch"));
    return other.isPresent()
        ? other
        : JavaRuntime.obstacle(Path.of(System.getProperty("java.home")));
  }

  private boolean isUpToDate(Path note, List<String> inputs, Optional<String> obstacle)
      throws IOException {
    if (!Files.isRegularFile(note) || !Files.readAllLines(note).equals(inputs)) {
      return false;
    }
    if (obstacle.isEmpty()) {
      Binding.check(root);
    }
    return true;
  }

  /// Digests of everything that a package is made from: while they stay the same, it is up to date.
  private List<String> inputs(Optional<String> obstacle) throws IOException {
    List<Path> sources =
        List.of(
            jar,
            MODELS,
            Path.of("template.yaml"),
            Path.of("samconfig.toml"),
            Path.of("LICENSE"),
            Path.of("NOTICE"),
            Path.of("src/package"),
            Path.of("src/local"),
            Path.of(System.getProperty("java.home"), "release"));
    List<String> lines = new ArrayList<>();
    for (Path source : sources) {
      try (Stream<Path> files = Files.walk(source)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          lines.add(Binding.sha256(file) + "  " + file);
        }
      }
    }
    if (Files.exists(PLANS)) {
      lines.add(Binding.sha256(PLANS) + "  " + PLANS);
    }
    lines.add(target.toString());
    lines.add(images ? "with images" : "without images");
    lines.add(obstacle.orElse("on the target"));
    return lines;
  }

  private void report(String line) {
    double seconds = (System.nanoTime() - begun) / 1e9;
    System.out.printf(Locale.ROOT, "package: %4.1f s  %s%n", seconds, line);
  }
}
