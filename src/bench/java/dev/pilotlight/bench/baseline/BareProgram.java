package dev.pilotlight.bench.baseline;

import ai.onnxruntime.OrtSession;
import dev.pilotlight.bench.bare.Bare;
import dev.pilotlight.bench.setup.Setup;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// [Bare] in a separate jar, on the package's Java runtime with the package's native library and
/// graph, and with its own AOT cache: the baseline of a cold start.
///
/// Tried, in one run; medians of 20 in ms, two cores / one: as it is 150 / 150; with C1 instead of
/// the interpreter 154 / 169; with prepacked weights 156 / 154; with both 159 / 171; with ONNX
/// Runtime's temporary directory 169 / 171. In another, where it took 100: the graph from a byte
/// array 130, from a mapped buffer 116. Another collector, heap or arena, two threads, or one more
/// that reads the graph ahead changed nothing.
public record BareProgram(Path root, Path directory, Path graph) {
  private static final Path DIRECTORY = Path.of("target/bench/bare").toAbsolutePath();
  private static final String API = "ai/onnxruntime/";

  /// Builds and trains it.
  ///
  /// @param root the package
  public static BareProgram make(Path root, Path graph) throws IOException, InterruptedException {
    BareProgram program = new BareProgram(root, DIRECTORY, graph);
    Files.createDirectories(DIRECTORY);
    Files.deleteIfExists(program.cache());
    program.writeJar();
    program.train();
    return program;
  }

  /// The files that it reads, which the bench drops from the page cache.
  public List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>(List.of(jar(), cache()));
    // the graph's weights are in another file of its folder
    Path model = graph.resolveSibling("");
    for (Path part : List.of(root.resolve("jre"), root.resolve("native"), model)) {
      try (Stream<Path> all = Files.walk(part)) {
        all.filter(Files::isRegularFile).forEach(files::add);
      }
    }
    return files;
  }

  /// A builder that starts it; leave its input as it is.
  public ProcessBuilder builder(long[] ids) {
    return builder(List.of("-Xint", "-XX:AOTMode=on", "-XX:AOTCache=" + cache()), ids);
  }

  private ProcessBuilder builder(List<String> flags, long[] ids) {
    List<String> command = new ArrayList<>();
    command.add(root.resolve("jre/bin/java").toString());
    command.addAll(flags);
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xms64m",
            "-Xmx64m",
            "-XX:-UsePerfData",
            "-XX:-UseContainerSupport",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.util.logging.config.class=" + Bare.class.getName(),
            "-Djava.library.path=" + root.resolve("native"),
            "-cp",
            jar().toString(),
            Bare.class.getName(),
            graph.toString()));
    for (long id : ids) {
      command.add(Long.toString(id));
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
    return builder.redirectError(ProcessBuilder.Redirect.appendTo(Setup.LOG.toFile()));
  }

  private Path jar() {
    return directory.resolve("bare.jar");
  }

  private Path cache() {
    return directory.resolve("bare.aot");
  }

  private void train() throws IOException, InterruptedException {
    // the interpreter alone would leave no cache
    List<String> flags = List.of("-XX:TieredStopAtLevel=1", "-XX:AOTCacheOutput=" + cache());
    Process training = builder(flags, new long[] {101, 102}).start();
    training.getOutputStream().close();
    training.getInputStream().readAllBytes();
    if (training.waitFor() != 0 || !Files.exists(cache())) {
      throw new IllegalStateException("no AOT cache of the bare program; see " + Setup.LOG);
    }
  }

  private void writeJar() throws IOException {
    try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(jar()));
        JarFile api = new JarFile(jarOf(OrtSession.class).toFile())) {
      jar.setLevel(0);
      String name = Bare.class.getName().replace('.', '/') + ".class";
      try (InputStream in = Bare.class.getClassLoader().getResourceAsStream(name)) {
        add(jar, name, in.readAllBytes());
      }
      for (JarEntry entry : api.stream().filter(BareProgram::isApi).toList()) {
        try (InputStream in = api.getInputStream(entry)) {
          add(jar, entry.getName(), in.readAllBytes());
        }
      }
    }
  }

  private static boolean isApi(JarEntry entry) {
    String name = entry.getName();
    return name.startsWith(API) && name.endsWith(".class");
  }

  private static void add(ZipOutputStream jar, String name, byte[] bytes) throws IOException {
    jar.putNextEntry(new ZipEntry(name));
    jar.write(bytes);
    jar.closeEntry();
  }

  private static Path jarOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(type + " is not in a jar", e);
    }
  }
}
