package dev.pilotlight.batch.lines;

import dev.pilotlight.batch.s3.BatchStore;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.packed.PackedId;
import dev.pilotlight.store.packed.PackKeys;
import java.util.List;

/// The ids by which callers fetch the results of a batch's lines. They depend on the object, the
/// line and the setting alone, never on where a result was found: an undisturbed run and one that
/// was killed give the same ids.
///
/// @param place that of the batch's packs
public record ResultIds(BatchStore store, String place) {
  /// Those of a version's lines.
  public static ResultIds of(BatchStore store, ObjectVersion version) {
    return new ResultIds(store, place(version));
  }

  /// The place of the packs of a version; the same for the same content.
  public static String place(ObjectVersion version) {
    return PackKeys.place(version.batchId() + "/" + version.eTag());
  }

  /// The answers of a line with the ids of their results, or without.
  List<Answer> apply(long line, List<Answer> answers) {
    return switch (store) {
      case TABLE -> answers;
      case PACKED -> answers.stream().map(answer -> answer.withId(id(line, answer))).toList();
      case OFF, NONE -> answers.stream().map(answer -> answer.withId(null)).toList();
    };
  }

  private String id(long line, Answer answer) {
    return new PackedId(answer.key(), place, line).toString();
  }
}
