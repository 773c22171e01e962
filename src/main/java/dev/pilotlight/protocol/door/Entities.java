package dev.pilotlight.protocol.door;

import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.text.TokenJoiner;
import dev.pilotlight.support.json.JsonBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Groups the labelled tokens of a text into entities, as transformers' pipeline does.
///
/// Source: `src/transformers/pipelines/token_classification.py` of
/// <https://github.com/huggingface/transformers>
///
/// @param ignored labels that are left out, of tokens and of groups
public record Entities(
    Labels labels, TokenJoiner joiner, Aggregation aggregation, Set<String> ignored) {
  /// The label of tokens outside all entities, in most models.
  public static final Set<String> OUTSIDE = Set.of("O");

  private static final String BEGINS = "B-";
  private static final String INSIDE = "I-";
  private static final int PREFIX = BEGINS.length();
  private static final int PAIRWISE = 8;
  private static final int PAIRWISE_MOST = 128;

  public Entities {
    ignored = Set.copyOf(ignored);
  }

  /// An entity: a token, a word, or a group of these.
  ///
  /// @param index of a token; -1 for others
  record Entity(String label, float score, int index, String word, int start, int end) {}

  /// Writes the entities of a text: `[{"entity_group","score","word","start","end"},…]`; without
  /// aggregation `[{"entity","score","index","word","start","end"},…]`.
  public void write(JsonBytes json, Result result) {
    json.array();
    for (Entity entity : of(LabelledToken.of(result, labels))) {
      boolean grouped = aggregation != Aggregation.NONE;
      json.object().field(grouped ? "entity_group" : "entity", entity.label());
      json.name("score").literal(Float.toString(entity.score()));
      if (!grouped) {
        json.field("index", entity.index());
      }
      json.field("word", entity.word());
      json.field("start", entity.start()).field("end", entity.end()).endObject();
    }
    json.endArray();
  }

  List<Entity> of(List<LabelledToken> tokens) {
    List<Entity> entities =
        switch (aggregation) {
          case NONE -> tokens(tokens);
          case SIMPLE -> groups(tokens(tokens));
          case FIRST, AVERAGE, MAX -> groups(words(tokens));
        };
    return entities.stream().filter(it -> !ignored.contains(it.label())).toList();
  }

  private List<Entity> tokens(List<LabelledToken> tokens) {
    List<Entity> entities = new ArrayList<>(tokens.size());
    for (LabelledToken token : tokens) {
      int best = Labels.best(token.scores());
      entities.add(
          new Entity(
              labels.names().get(best),
              token.scores()[best],
              token.index(),
              token.word(),
              token.start(),
              token.end()));
    }
    return entities;
  }

  private List<Entity> words(List<LabelledToken> tokens) {
    List<Entity> words = new ArrayList<>();
    int begin = 0;
    for (int i = 1; i <= tokens.size(); i++) {
      if (i == tokens.size() || !tokens.get(i).subword()) {
        words.add(word(tokens.subList(begin, i)));
        begin = i;
      }
    }
    return words;
  }

  private Entity word(List<LabelledToken> tokens) {
    float[] scores =
        switch (aggregation) {
          case AVERAGE -> averages(tokens);
          case MAX -> highest(tokens).scores();
          default -> tokens.getFirst().scores();
        };
    int best = Labels.best(scores);
    return new Entity(
        labels.names().get(best),
        scores[best],
        -1,
        joiner.join(tokens.stream().map(LabelledToken::word).toList()),
        tokens.getFirst().start(),
        tokens.getLast().end());
  }

  private static LabelledToken highest(List<LabelledToken> tokens) {
    LabelledToken highest = tokens.getFirst();
    for (LabelledToken token : tokens) {
      if (token.highest() > highest.highest()) {
        highest = token;
      }
    }
    return highest;
  }

  private static float[] averages(List<LabelledToken> tokens) {
    float[] averages = new float[tokens.getFirst().scores().length];
    for (LabelledToken token : tokens) {
      for (int i = 0; i < averages.length; i++) {
        averages[i] += token.scores()[i];
      }
    }
    for (int i = 0; i < averages.length; i++) {
      averages[i] /= tokens.size();
    }
    return averages;
  }

  /// Neighbours with one tag are a group, until one of them begins another.
  private List<Entity> groups(List<Entity> entities) {
    List<Entity> groups = new ArrayList<>();
    int begin = 0;
    for (int i = 1; i <= entities.size(); i++) {
      if (i == entities.size() || !continues(entities.get(i - 1).label(), entities.get(i))) {
        groups.add(group(entities.subList(begin, i)));
        begin = i;
      }
    }
    return groups;
  }

  private static boolean continues(String before, Entity entity) {
    return tag(entity.label()).equals(tag(before)) && !entity.label().startsWith(BEGINS);
  }

  private static String tag(String label) {
    return label.startsWith(BEGINS) || label.startsWith(INSIDE) ? label.substring(PREFIX) : label;
  }

  /// A group has the name of its first label, without all up to the first hyphen.
  private Entity group(List<Entity> entities) {
    String label = entities.getFirst().label();
    float[] scores = new float[entities.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = entities.get(i).score();
    }
    return new Entity(
        label.substring(label.indexOf('-') + 1),
        (float) ((double) sum(scores, 0, scores.length) / scores.length),
        -1,
        joiner.join(entities.stream().map(Entity::word).toList()),
        entities.getFirst().start(),
        entities.getLast().end());
  }

  /// The sum in the order in which NumPy adds floats.
  private static float sum(float[] values, int from, int count) {
    if (count < PAIRWISE) {
      float sum = 0;
      for (int i = from; i < from + count; i++) {
        sum += values[i];
      }
      return sum;
    }
    if (count > PAIRWISE_MOST) {
      int half = count / 2 - count / 2 % PAIRWISE;
      return sum(values, from, half) + sum(values, from + half, count - half);
    }
    float[] r = new float[PAIRWISE];
    int whole = count - count % PAIRWISE;
    for (int i = 0; i < whole; i++) {
      r[i % PAIRWISE] += values[from + i];
    }
    float sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
    for (int i = whole; i < count; i++) {
      sum += values[from + i];
    }
    return sum;
  }
}
