package dev.pilotlight.model.files;

import dev.pilotlight.model.format.LoadFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The modules of a sentence-transformers model, in order, as its `modules.json` lists them.
public record Modules(List<Module> list) {
  public static final String TRANSFORMER = "Transformer";
  public static final String POOLING = "Pooling";
  public static final String NORMALIZE = "Normalize";
  public static final String DENSE = "Dense";

  /// Has no effect after training.
  public static final String DROPOUT = "Dropout";

  private static final String OWN = "sentence_transformers.";

  /// One module.
  ///
  /// @param type the Python class, such as `sentence_transformers.models.Pooling` or, since 5.4,
  ///   `sentence_transformers.sentence_transformer.modules.pooling.Pooling`
  /// @param folder of its files, relative; empty for the model's own
  public record Module(String type, String folder) {
    public String name() {
      return type.substring(type.lastIndexOf('.') + 1);
    }

    /// Whether the class is one of sentence-transformers', not of the model's own code.
    public boolean isOwn() {
      return type.startsWith(OWN) || type.indexOf('.') < 0;
    }

    public String file(String name) {
      return folder.isEmpty() ? name : folder + "/" + name;
    }
  }

  public Modules {
    list = List.copyOf(list);
  }

  /// Reads `modules.json`.
  ///
  /// @throws LoadFailure if it is not a list of modules, or names a folder outside the model's
  public static Modules read(ModelFiles files) {
    return files.has(ModelFiles.MODULES)
        ? of(JsonFile.read(files, ModelFiles.MODULES))
        : new Modules(List.of());
  }

  /// @param file `modules.json`
  static Modules of(JsonFile file) {
    List<Module> modules = new ArrayList<>();
    for (Map<String, @Nullable Object> row : file.rows()) {
      Object type = row.get("type");
      if (!(type instanceof String text)) {
        throw new LoadFailure(file.name() + ": a module has no type");
      }
      String name = text.substring(text.lastIndexOf('.') + 1);
      Object path = row.get("path");
      String folder =
          path instanceof String given
              ? given
              : modules.isEmpty() ? "" : modules.size() + "_" + name;
      modules.add(new Module(text, folder(file, folder)));
    }
    return new Modules(modules);
  }

  /// Whether it is one name, as sentence-transformers writes it.
  private static boolean isPlain(String path) {
    return path.indexOf('.') < 0 && path.indexOf('/') < 0 && path.indexOf('\\') < 0;
  }

  private static String folder(JsonFile file, String path) {
    if (isPlain(path)) {
      return path;
    }
    String folder = path.replaceAll("^(\\./)+", "").replaceAll("/+$", "");
    if (folder.equals(".")) {
      return "";
    }
    if (folder.startsWith("/")
        || folder.contains("\\")
        || List.of(folder.split("/", -1)).contains("..")) {
      throw new LoadFailure(
          "%s: the path %s is outside the model's folder".formatted(file.name(), path));
    }
    return folder;
  }

  /// A configuration of the model: the file in the folder of its Transformer module, as
  /// sentence-transformers reads it, else in the model's own.
  public JsonFile configuration(ModelFiles files, String name) {
    return !list.isEmpty()
            && list.getFirst().name().equals(TRANSFORMER)
            && files.has(list.getFirst().file(name))
        ? JsonFile.readAnyway(files, list.getFirst().file(name))
        : JsonFile.read(files, name);
  }

  public boolean isEmpty() {
    return list.isEmpty();
  }

  public boolean has(String name) {
    return list.stream().anyMatch(module -> module.name().equals(name));
  }

  /// Whether nothing that has an effect comes after a module of this name.
  public boolean endsWith(String name) {
    return list.reversed().stream()
        .filter(module -> !module.name().equals(DROPOUT))
        .findFirst()
        .filter(module -> module.name().equals(name))
        .isPresent();
  }

  /// The one Pooling module.
  ///
  /// @throws LoadFailure if there are several
  public Optional<Module> pooling() {
    int at = poolingAt();
    return at < 0 ? Optional.empty() : Optional.of(list.get(at));
  }

  /// The Pooling module's place, -1 if there is none. (It does not compare records: the first call
  /// of a record's equals generates code, which takes 8 ms of a cold start.)
  private int poolingAt() {
    int found = -1;
    for (int at = 0; at < list.size(); at++) {
      if (list.get(at).name().equals(POOLING)) {
        if (found >= 0) {
          throw new LoadFailure("modules.json has several Pooling modules");
        }
        found = at;
      }
    }
    return found;
  }

  /// The modules that follow the Pooling module; all but the first where there is none.
  public List<Module> afterPooling() {
    int from = Math.max(0, poolingAt()) + 1;
    return list.subList(Math.min(from, list.size()), list.size());
  }

  /// Whether a module comes after the Pooling module, or there is none.
  public boolean isAfterPooling(int at) {
    return at > poolingAt();
  }
}
