package dev.pilotlight.cli.quantize;

import dev.pilotlight.cli.onnx.ModelFile;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.model.files.ModelVersion;
import dev.pilotlight.model.format.OnnxFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The next version of a model, which is written to a temporary folder and appears in the model's
/// folder whole, or not at all. One thread may write and publish it while another one closes it.
public final class NextVersion implements AutoCloseable {
  /// Hidden, next to the model's folder; the function ignores it.
  private final Path temporary;

  private final Path target;
  private boolean closed;

  private NextVersion(Path temporary, Path target) {
    this.temporary = temporary;
    this.target = target;
  }

  /// Prepares the version after the highest one.
  ///
  /// @param directory of the version that is quantised: `<model>/<version>`, or `<model>`
  public static NextVersion of(Path directory) throws IOException {
    Path version = directory.toAbsolutePath().normalize();
    Path model = ModelInfo.isVersion(name(version)) ? parent(version) : version;
    long highest = 1;
    try (Stream<Path> children = Files.list(model)) {
      List<String> versions = children.map(NextVersion::name).filter(ModelInfo::isVersion).toList();
      for (String number : versions) {
        highest = Math.max(highest, Long.parseLong(number));
      }
    }
    Path temporary = Files.createTempDirectory(parent(model), ".quantize-");
    return new NextVersion(temporary, model.resolve(Long.toString(highest + 1)));
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  /// The version's folder from [#publish] on.
  public Path target() {
    return target;
  }

  /// The version's folder until [#publish]: it has the same name and number.
  public Path folder() {
    return temporary.resolve(name(parent(target))).resolve(name(target));
  }

  /// Writes the changed graph, and copies all other files.
  ///
  /// @param directory of the original
  /// @param graph relative to it
  /// @param files of the original, relative to it
  public void write(
      ModelFile model, Path directory, String graph, Collection<String> files, long inlineBytesMax)
      throws IOException {
    Path written = folder().resolve(graph);
    Files.createDirectories(parent(written));
    Set<String> replaced = new HashSet<>(external(directory, graph));
    model.write(written, externalName(directory.resolve(graph)), inlineBytesMax);
    // a graph inside of a node may still need its file
    replaced.removeAll(external(folder(), graph));
    replaced.add(graph);
    List<String> copied =
        files.stream()
            .filter(file -> !replaced.contains(file))
            // the mark of a complete folder is written last
            .sorted(Comparator.comparing(file -> file.equals(ModelVersion.COMPLETE)))
            .toList();
    for (String file : copied) {
      Path copy = folder().resolve(file);
      if (!Files.exists(copy)) {
        Files.createDirectories(parent(copy));
        Files.copy(directory.resolve(file), copy);
      }
    }
  }

  /// The bytes of a graph and of the files in which it holds tensors.
  ///
  /// @param graph relative to the version's folder
  public static long bytes(Path directory, String graph) throws IOException {
    long bytes = Files.size(directory.resolve(graph));
    for (String file : external(directory, graph)) {
      bytes += Files.size(directory.resolve(file));
    }
    return bytes;
  }

  /// The files in which a graph holds tensors, relative to the version's folder.
  private static Set<String> external(Path directory, String graph) {
    Path folder = parent(directory.resolve(graph));
    Set<String> files = new HashSet<>();
    for (String location : OnnxFile.read(directory.resolve(graph)).externalLocations()) {
      Path file = directory.relativize(folder.resolve(location).normalize());
      files.add(file.toString().replace('\\', '/'));
    }
    return files;
  }

  /// A name that the original's folder does not have: a graph inside of a node may still need the
  /// files there.
  private static String externalName(Path graph) {
    String name = name(graph);
    return Stream.concat(
            Stream.of("_data", ".data"),
            IntStream.iterate(2, i -> i + 1).mapToObj(i -> "_data" + i))
        .map(end -> name + end)
        .filter(candidate -> !Files.exists(graph.resolveSibling(candidate)))
        .findFirst()
        .orElseThrow();
  }

  /// Forces all files to disk, and moves the version into the model's folder, in one step.
  ///
  /// @throws FileAlreadyExistsException if somebody else has made this version meanwhile
  /// @throws IOException also if it is closed
  public synchronized void publish() throws IOException {
    if (closed) {
      throw new IOException("the command was stopped");
    }
    if (Files.exists(target)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    for (Path path : paths(folder())) {
      force(path);
    }
    Files.move(folder(), target, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void force(Path path) throws IOException {
    // only such systems open a folder as a file
    boolean folders = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    if (folders || Files.isRegularFile(path)) {
      try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
        file.force(true);
      }
    }
  }

  /// Removes the temporary folder and its files; nothing is published from then on.
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    if (Files.exists(temporary)) {
      for (Path path : paths(temporary)) {
        Files.deleteIfExists(path);
      }
    }
  }

  /// The folder and all that it holds, a folder after its files.
  private static List<Path> paths(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
