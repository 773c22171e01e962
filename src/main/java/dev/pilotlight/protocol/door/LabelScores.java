package dev.pilotlight.protocol.door;

import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.support.json.JsonBytes;

/// Writes the scores of a classifier's labels.
public final class LabelScores {
  private LabelScores() {}

  /// Writes the labels as `[{"score":0.9,"label":"…"},…]`, the highest logit first, equal ones in
  /// the order of the labels.
  ///
  /// @param logits as the graph computed them
  /// @param scores of all labels, by any function that keeps the order of the logits
  /// @param raw whether the scores are the logits
  /// @param top how many labels to write; 0 for all
  public static void write(
      JsonBytes json, Labels labels, float[] logits, double[] scores, boolean raw, int top) {
    int[] order = Labels.order(labels.raw(logits));
    int count = top == 0 ? order.length : Math.min(top, order.length);
    json.array();
    for (int place = 0; place < count; place++) {
      int label = order[place];
      write(json.object(), "score", scores[label], raw);
      json.field("label", labels.names().get(label)).endObject();
    }
    json.endArray();
  }

  /// Writes a score as the shortest decimal that reads back: of a double, or of the float that a
  /// logit is.
  public static JsonBytes write(JsonBytes json, String name, double score, boolean raw) {
    return json.name(name).literal(raw ? Float.toString((float) score) : Double.toString(score));
  }
}
