package dev.pilotlight.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The table `src/package/third-party/licences.txt`: which licence a library or a model has.
record Licences(List<Row> rows) {
  private static final String MODEL = "model:";

  /// One licence.
  ///
  /// @param group the group of a library, or `model`
  /// @param artifact the artifact, `*` for all of the group, or the model's folder
  /// @param spdx an SPDX expression
  /// @param copyright the line that the licence asks for, empty if the jar has it
  record Row(String group, String artifact, String spdx, String copyright) {
    private boolean isOf(String path, String name) {
      return path.endsWith("/" + group.replace('.', '/'))
          && (artifact.equals("*") || artifact.equals(name));
    }

    @Override
    public String toString() {
      return group + ":" + artifact;
    }
  }

  static Licences read(Path file) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        rows.add(row(line, file));
      }
    }
    return new Licences(rows);
  }

  private static Row row(String line, Path file) {
    String[] columns = line.split("\\|", -1);
    String[] name = columns[0].strip().split(":", -1);
    if (columns.length != 3 || name.length != 2) {
      throw new IllegalStateException(
          "%s: '%s' is not 'group:artifact | licence | copyright'".formatted(file, line));
    }
    return new Row(name[0], name[1], columns[1].strip(), columns[2].strip());
  }

  /// The licence of a library, by its place in a Maven repository.
  ///
  /// @param jar `.../GROUP/ARTIFACT/VERSION/ARTIFACT-VERSION.jar`, an absolute path
  Optional<Row> ofLibrary(Path jar) {
    int artifact = jar.getNameCount() - 3;
    String group = jar.subpath(0, artifact).toString().replace('\\', '/');
    String name = jar.getName(artifact).toString();
    return rows.stream().filter(row -> row.isOf(group, name)).findFirst();
  }

  /// The licence of a model, by the name of its folder.
  Optional<Row> ofModel(String folder) {
    return rows.stream().filter(row -> row.toString().equals(MODEL + folder)).findFirst();
  }
}
