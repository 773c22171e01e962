package dev.pilotlight.model;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.Item;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.model.repository.Repositories;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One text model in a temporary repository: its folder, and the model loaded from it.
public final class TextModels implements AutoCloseable {
  /// `modules.json` before sentence-transformers 5.4.
  static final String MODULES = modules("Transformer", "Pooling", "Normalize");

  private final Path root;
  private final List<ModelRepository> open = new ArrayList<>();

  public TextModels(Path root) {
    this.root = root;
  }

  /// A folder with a graph and the sample's tokenizer.
  public Path folder(String name, OnnxGraph graph) {
    return Repositories.withTokenizer(root, name, graph);
  }

  /// A folder whose graph gives each token's vector.
  public Path hidden() {
    return folder("model", OnnxModels.lastHiddenState());
  }

  public Model load() {
    return load("model");
  }

  public Model load(String name) {
    ModelRepository repository = Repositories.open(root);
    open.add(repository);
    return repository.get(name, null);
  }

  @Override
  public void close() {
    open.forEach(ModelRepository::close);
  }

  /// Modules of sentence-transformers in their usual folders.
  public static String modules(String... names) {
    StringBuilder json = new StringBuilder("[");
    for (int i = 0; i < names.length; i++) {
      json.append(i == 0 ? "" : ",")
          .append(
              "{\"idx\": %d, \"name\": \"%d\", \"path\": \"%s\", \"type\": \"%s\"}"
                  .formatted(
                      i,
                      i,
                      i == 0 ? "" : i + "_" + names[i],
                      names[i].contains(".")
                          ? names[i]
                          : "sentence_transformers.models." + names[i]));
    }
    return json + "]";
  }

  public static float[] embedding(Model model, String text) {
    return model.run(new Item.Text(text, true)).outputs().getFirst().floats();
  }

  public static Fact fact(Model model, String name) {
    return model.info().facts().stream()
        .filter(fact -> fact.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in " + model.info().facts()));
  }

  /// A token's vector in double.
  public static double[] vector(long token) {
    double[] vector = new double[OnnxModels.EMBEDDING_SIZE];
    for (int place = 0; place < vector.length; place++) {
      vector[place] = OnnxModels.embedding(token, place);
    }
    return vector;
  }

  public static float[] floats(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
