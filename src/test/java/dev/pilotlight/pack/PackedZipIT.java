package dev.pilotlight.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The zip that `mvn package` made, entry by entry.
final class PackedZipIT {
  private static final Path ZIP = Path.of("target/pilotlight.zip");
  private static final String STAGES =
      "access|batch|cache|call|domain|files|handler|idempotency|image|limits|model|pipeline"
          + "|protocol|runtime|store|support|tenant|wordpiece";
  private static final long MEGABYTE = 1_000_000;
  private static final int ELF_MAGIC = 0x7f454c46;
  private static final int ELF_MACHINE_OFFSET = 18;

  private static FileSystem zip;
  private static FileSystem jar;

  @BeforeAll
  static void open() throws IOException {
    zip = FileSystems.newFileSystem(ZIP, Map.of("enablePosixFileAttributes", true));
    jar = FileSystems.newFileSystem(zip.getPath("lib/pilotlight.jar"));
  }

  @AfterAll
  static void close() throws IOException {
    jar.close();
    zip.close();
  }

  @Test
  void itHoldsWhatTheFunctionNeedsAndNothingElse() {
    assumeThat(zip.getPath("bootstrap")).exists();
    assertThat(names(zip).map(name -> name.replaceAll("/.*", "")).distinct())
        .containsExactlyInAnyOrder(
            "LICENSE",
            "NOTICE",
            "THIRD-PARTY.txt",
            "aot.sha256",
            "bootstrap",
            "jre",
            "lib",
            "models",
            "native",
            "pilotlight.aot");
    assertThat(names(zip).filter(name -> name.startsWith("native/")))
        .containsExactlyInAnyOrder(
            "native/libonnxruntime.so",
            "native/libonnxruntime4j_jni.so",
            "native/libtokenizers.so");
    assertThat(names(zip).filter(name -> name.startsWith("lib/")))
        .containsExactly("lib/pilotlight.jar");
    assertThat(names(zip).filter(name -> name.startsWith("jre/lib/security/")))
        .contains("jre/lib/security/cacerts", "jre/lib/security/cacerts.all");
    assertThat(names(zip).filter(name -> name.startsWith("models/")))
        .contains("models/all-minilm-l6-v2/1/model.onnx", "models/all-minilm-l6-v2/1/packed.json");
  }

  @Test
  void itHasTheClassesOfMainAndNoOthersOfOurs() throws IOException {
    Path classes = Path.of("target/classes");
    Set<String> main = new TreeSet<>();
    try (Stream<Path> files = Files.walk(classes.resolve("dev"))) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> main.add(classes.relativize(file).toString().replace('\\', '/')));
    }
    assertThat(names(jar).filter(name -> name.startsWith("dev/")))
        .isEqualTo(main.stream().toList());
  }

  @Test
  void ourClassesAreThoseOfTheRequestPath() {
    assertThat(names(jar).filter(name -> name.startsWith("dev/pilotlight/")))
        .allMatch(name -> name.matches("dev/pilotlight/(%s)/.+".formatted(STAGES)));
  }

  @Test
  void otherClassesAreOfRuntimeLibraries() throws IOException {
    Set<String> known = new TreeSet<>();
    String classPath = Files.readString(Path.of("target/runtime.classpath")).strip();
    for (String library : classPath.split(File.pathSeparator, -1)) {
      try (JarFile opened = new JarFile(library)) {
        opened.stream().map(JarEntry::getName).forEach(known::add);
      }
    }
    assertThat(names(jar).filter(name -> name.endsWith(".class") && !name.startsWith("dev/")))
        .isNotEmpty()
        .isSubsetOf(known);
  }

  @Test
  void lambdasOwnRuntimeClientDoesNotShip() {
    assertThat(names(jar))
        .contains("com/amazonaws/services/lambda/runtime/RequestStreamHandler.class")
        .noneMatch(name -> name.matches("com/amazonaws/services/lambda/(runtime/api|crac)/.*"))
        .noneMatch(name -> name.startsWith("com/amazonaws/lambda/thirdparty/"));
  }

  @Test
  void noTestLibraryShips() {
    assertThat(names(jar))
        .noneMatch(name -> name.matches("(org/junit|org/assertj|org/eclipse/jetty|com/openai)/.*"))
        .noneMatch(name -> name.endsWith("module-info.class") || name.endsWith(".SF"));
  }

  @Test
  void nativeCodeIsForOnePlatformAndOutsideTheJar() throws IOException {
    assertThat(names(jar)).noneMatch(PackedZipIT::isNative);
    Map<String, Integer> machines = new TreeMap<>();
    for (String name : names(zip).filter(PackedZipIT::isNative).toList()) {
      machines.put(name, elfMachine(zip.getPath(name)));
    }
    assertThat(machines).hasSizeGreaterThan(3);
    assertThat(Set.copyOf(machines.values())).as(machines.toString()).hasSize(1);
  }

  @Test
  void servicesOfAllDependenciesAreThere() throws IOException {
    assertThat(
            Files.readString(jar.getPath("META-INF/services/org.slf4j.spi.SLF4JServiceProvider")))
        .isNotBlank();
    assertThat(
            Files.readAllLines(
                jar.getPath(
                    "META-INF/services/software.amazon.awssdk.core.warmup.SdkWarmUpProvider")))
        .anyMatch(line -> line.contains("dynamodb"))
        .anyMatch(line -> line.contains("s3"));
  }

  @Test
  void itFitsItsBudget() throws IOException {
    assertThat(Files.size(ZIP)).isLessThan(100 * MEGABYTE);
    assertThat(unzipped("")).isLessThan(200 * MEGABYTE);
  }

  @ParameterizedTest
  @CsvSource({
    "jre, 55",
    "lib, 25",
    "native, 48",
    "models, 25",
    "pilotlight.aot, 48",
    "THIRD-PARTY.txt, 1"
  })
  void eachPartFitsItsBudget(String part, long megabytes) throws IOException {
    assumeThat(zip.getPath(part)).exists();
    assertThat(unzipped(part)).isBetween(1L, megabytes * MEGABYTE);
  }

  private static long unzipped(String part) throws IOException {
    long bytes = 0;
    for (String name : names(zip).filter(name -> name.startsWith(part)).toList()) {
      bytes += Files.size(zip.getPath(name));
    }
    return bytes;
  }

  @Test
  void programsAreExecutableByEveryUser() throws IOException {
    assumeThat(zip.getPath("bootstrap")).exists();
    for (String name : Set.of("bootstrap", "jre/bin/java")) {
      assertThat(Files.getPosixFilePermissions(zip.getPath(name)))
          .contains(PosixFilePermission.OTHERS_EXECUTE, PosixFilePermission.OTHERS_READ);
    }
  }

  private static boolean isNative(String name) {
    return name.matches(".*\\.(so|dylib|jnilib|dll)(\\..*)?") || name.startsWith("jre/bin/");
  }

  private static int elfMachine(Path file) throws IOException {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      assertThat(in.readInt()).as(file.toString()).isEqualTo(ELF_MAGIC);
      in.skipNBytes(ELF_MACHINE_OFFSET - Integer.BYTES);
      return in.readUnsignedByte();
    }
  }

  private static Stream<String> names(FileSystem archive) {
    Path root = archive.getPath("/");
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .collect(Collectors.toCollection(TreeSet::new))
          .stream();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
