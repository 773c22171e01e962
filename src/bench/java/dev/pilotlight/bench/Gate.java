package dev.pilotlight.bench;

import dev.pilotlight.bench.report.Cores;
import dev.pilotlight.bench.setup.Answer;
import dev.pilotlight.bench.setup.FunctionProcess;
import dev.pilotlight.bench.setup.NodePeer;
import dev.pilotlight.bench.setup.RawModel;
import dev.pilotlight.bench.setup.Setup;
import dev.pilotlight.golden.Golden;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Checks the package's answers before anything is timed.
///
/// int8 kernels differ between kinds of CPU, so the stored answers must match only roughly. The
/// answers of the original graph, run on this machine on the stored token ids, must match to 1e-5;
/// so must the answers of the peer.
final class Gate {
  private static final double HERE_MAX = 1e-5;
  private static final double STORED_MAX = 2e-2;

  /// @param texts the number of texts
  /// @param here the greatest cosine distance from the original graph's answers
  /// @param stored the greatest cosine distance from the stored answers
  /// @param peers the greatest cosine distance of [NodePeer]'s answers from the original graph's;
  ///   -1 if it did not run
  record Passed(int texts, double here, double stored, double peers) {
    @Override
    public String toString() {
      String own =
          "%d answers are right: at most %.0e from the original graph's, %.0e from the stored"
              .formatted(texts, Math.max(here, 0), Math.max(stored, 0));
      return peers < 0 ? own : own + "; Node.js: at most %.0e".formatted(peers);
    }
  }

  private Gate() {}

  /// @throws IllegalStateException if an answer is wrong
  static Passed check(Setup setup) throws IOException, InterruptedException {
    // the protocol refuses the empty text
    List<Golden> goldens =
        Golden.stored(Golden.INT8).stream().filter(golden -> !golden.text().isEmpty()).toList();
    double here = 0;
    double stored = 0;
    try (FunctionProcess function = setup.function(Setup.TWO_CPUS_MB)) {
      for (Golden golden : goldens) {
        byte[] event =
            golden.over()
                ? setup.events().truncated(golden.text())
                : setup.events().embeddings(golden.text());
        float[] vector = Answer.of(function.call(event)).requireMiss().vector();
        here = Math.max(here, require(golden, original(setup, golden), vector, HERE_MAX));
        stored = Math.max(stored, require(golden, stored(golden), vector, STORED_MAX));
      }
    }
    Passed passed = new Passed(goldens.size(), here, stored, peers(setup, goldens));
    setup.progress().step("gate: " + passed);
    return passed;
  }

  private static double peers(Setup setup, List<Golden> goldens)
      throws IOException, InterruptedException {
    double worst = -1;
    if (setup.peer().isPresent()) {
      for (NodePeer.Form form : NodePeer.Form.values()) {
        worst = Math.max(worst, peer(setup, setup.peer().get(), form, goldens));
      }
    }
    return worst;
  }

  private static double peer(Setup setup, NodePeer peer, NodePeer.Form form, List<Golden> goldens)
      throws IOException, InterruptedException {
    double worst = 0;
    try (FunctionProcess process =
        peer.start(setup, form, Setup.TWO_CPUS_MB, Map.of(), Cores.ALL)) {
      for (Golden golden : goldens) {
        // it does not truncate, and its tokenizer is known to be wrong on one text
        if (!golden.over() && !golden.corrected()) {
          byte[] event = setup.events().decimals(golden.text());
          float[] vector = Answer.of(process.call(event)).vector();
          worst = Math.max(worst, require(golden, original(setup, golden), vector, HERE_MAX));
        }
      }
    }
    return worst;
  }

  private static float[] original(Setup setup, Golden golden) {
    return setup.reference().run(golden.ids().stream().mapToLong(Integer::longValue).toArray());
  }

  private static float[] stored(Golden golden) {
    float[] stored = new float[golden.embedding().size()];
    for (int i = 0; i < stored.length; i++) {
      stored[i] = golden.embedding().get(i);
    }
    return stored;
  }

  private static double require(Golden golden, float[] expected, float[] given, double max) {
    double distance = RawModel.cosineDistance(expected, given);
    if (!(distance <= max)) {
      throw new IllegalStateException(
          "a wrong answer to '%s': cosine distance %.1e, accepted %.0e"
              .formatted(golden.name(), distance, max));
    }
    return distance;
  }
}
