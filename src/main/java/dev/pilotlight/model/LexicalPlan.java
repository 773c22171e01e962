package dev.pilotlight.model;

import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.head.Head;
import dev.pilotlight.model.head.LexicalHead;
import dev.pilotlight.model.head.LexicalHead.Linear;
import dev.pilotlight.model.onnx.Graph;
import dev.pilotlight.model.text.TokenNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Resolves the lexical weights of an embedding model, as BGE-M3 has them: an output of the graph,
/// or a linear layer on its tokens' vectors.
final class LexicalPlan {
  private static final List<String> OUTPUTS = List.of("sparse_vecs", "sparse_weights");
  private static final String PICKLE = "sparse_linear.pt";
  private static final List<String> HIDDEN = List.of("last_hidden_state", "token_embeddings");

  /// Those that FlagEmbedding leaves out.
  private static final List<String> SPECIAL =
      List.of("cls_token", "eos_token", "pad_token", "unk_token");

  private LexicalPlan() {}

  /// The head, if the model's files have one.
  ///
  /// @throws LoadFailure if its files do not fit each other
  static @Nullable Head headIfAny(Description from, Graph graph, Findings findings) {
    for (TensorSpec output : graph.outputs()) {
      if (OUTPUTS.contains(output.name()) && output.datatype().isFloat()) {
        if (output.shape().size() == 2 && output.shape().getLast() >= 0) {
          findings.warn(
              "the output %s has a fixed length, so it is not used: export it with a free length"
                  .formatted(output.name()));
          return null;
        }
        findings.show(ModelInfo.SPARSE_FACT, output.name(), Fact.GRAPH);
        return head(output.name(), null, from, findings);
      }
    }
    ModelFiles files = from.files();
    if (files.has(ModelFiles.SPARSE_LINEAR)) {
      Linear linear = Linear.read(files, ModelFiles.SPARSE_LINEAR);
      String output = hidden(graph, linear.weight().length);
      findings.show(ModelInfo.SPARSE_FACT, "linear on " + output, ModelFiles.SPARSE_LINEAR);
      return head(output, linear, from, findings);
    }
    if (files.exists(PICKLE)) {
      findings.warn(
          PICKLE
              + " is a pickle, which is never loaded, so the model has no weights of tokens; save"
              + " its weight and bias as "
              + ModelFiles.SPARSE_LINEAR
              + ", or export the graph with the output sparse_vecs");
    }
    return null;
  }

  private static Head head(
      String output, @Nullable Linear linear, Description from, Findings findings) {
    Set<Long> left = special(from);
    findings.plan(
        ModelInfo.SPARSE_FACT,
        output + " " + (linear == null ? "" : linear.digest()) + " " + new TreeSet<>(left));
    return new LexicalHead(output, linear, left);
  }

  private static String hidden(Graph graph, int size) {
    for (String name : HIDDEN) {
      for (TensorSpec output : graph.outputs()) {
        if (output.name().equals(name) && output.datatype().isFloat()) {
          long declared = output.shape().isEmpty() ? -1 : output.shape().getLast();
          if (declared >= 0 && declared != size) {
            throw new LoadFailure(
                "%s has a weight for %d dimensions; the graph's %s has %d"
                    .formatted(ModelFiles.SPARSE_LINEAR, size, name, declared));
          }
          return name;
        }
      }
    }
    throw new LoadFailure(
        "%s needs the vectors of tokens, but no output of the graph is called %s"
            .formatted(ModelFiles.SPARSE_LINEAR, String.join(" or ", HIDDEN)));
  }

  private static Set<Long> special(Description from) {
    JsonFile map = JsonFile.readIfPresent(from.files(), ModelFiles.SPECIAL_TOKENS);
    List<String> names = new ArrayList<>();
    for (String key : SPECIAL) {
      Optional<String> name = from.tokenizer().token(key).or(() -> map.token(key));
      name.filter(token -> !names.contains(token)).ifPresent(names::add);
    }
    if (names.isEmpty()) {
      throw new LoadFailure(
          "no file names the special tokens, which have no weights; set cls_token and eos_token in"
              + " tokenizer_config.json");
    }
    return Set.copyOf(TokenNames.find(from.files().path(ModelFiles.TOKENIZER), names).values());
  }
}
