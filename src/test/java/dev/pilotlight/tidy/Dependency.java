package dev.pilotlight.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One class of ours that names another, in code, a signature, an annotation or a string.
///
/// @param from the binary name, such as `dev.pilotlight.cache.MemoryTier`
record Dependency(String from, String to) implements Comparable<Dependency> {
  private static final String OURS_DOTTED = "dev.pilotlight.";
  private static final Pattern OURS =
      Pattern.compile("dev[./]pilotlight[./](?:[a-z]\\w*[./])+[A-Z]\\w*(?:\\$\\w+)*");

  /// Every dependency of the compiled classes under a directory.
  static Set<Dependency> in(Path classes) throws IOException {
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .flatMap(file -> of(file).stream())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /// The dependencies of one class file. A class file names whatever it uses in its constant pool.
  static Set<Dependency> of(Path file) {
    ClassModel model;
    try {
      model = ClassFile.of().parse(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String from = dotted(model.thisClass().asInternalName());
    Set<Dependency> found = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof Utf8Entry text) {
        OURS.matcher(text.stringValue())
            .results()
            .map(MatchResult::group)
            .map(to -> new Dependency(from, dotted(to)))
            .filter(dependency -> !dependency.to.equals(from))
            .forEach(found::add);
      }
    }
    return found;
  }

  String fromPackage() {
    return packageOf(from);
  }

  String toPackage() {
    return packageOf(to);
  }

  /// Below `dev.pilotlight`, such as `model.files`.
  private static String packageOf(String className) {
    return className.substring(OURS_DOTTED.length(), className.lastIndexOf('.'));
  }

  private static String dotted(String internalName) {
    return internalName.replace('/', '.');
  }

  @Override
  public int compareTo(Dependency other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return from + " -> " + to;
  }
}
