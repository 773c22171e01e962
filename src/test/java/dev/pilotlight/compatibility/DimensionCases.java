package dev.pilotlight.compatibility;

import static dev.pilotlight.compatibility.Check.fails;
import static dev.pilotlight.compatibility.Check.gives;
import static dev.pilotlight.compatibility.Check.refuses;
import static dev.pilotlight.compatibility.Check.unit;

import dev.pilotlight.compatibility.Case.Group;

/// Shorter embeddings.
final class DimensionCases {
  private static final double[] TWO = unit(1, 1.25);

  private DimensionCases() {}

  static Group group() {
    return Group.of(
        "`dimensions`",
        Case.of(
            "not declared",
            mean(),
            refuses(dimensions(2), 400, "dimensions"),
            gives(dimensions(3), 1, 1.25, 0.5)),
        Case.of(
            "`matryoshka_dimensions`",
            config("\"matryoshka_dimensions\": [2]"),
            gives(dimensions(2), TWO),
            refuses(dimensions(1), 400, "dimensions", "2")),
        Case.of(
            "`is_matryoshka`",
            config("\"is_matryoshka\": true"),
            gives(dimensions(2), TWO),
            gives(dimensions(1), 1)),
        Case.of(
            "a list in `pilotlight.json`",
            mean().file(Folder.PILOTLIGHT, "{\"dimensions\": [1, 2]}"),
            gives(dimensions(2), TWO)),
        Case.of(
            "`any` in `pilotlight.json`",
            mean().file(Folder.PILOTLIGHT, "{\"dimensions\": \"any\"}"),
            gives(dimensions(2), TWO),
            gives(Request.embed(Check.TEXT), 1, 1.25, 0.5)),
        Case.of(
            "more than the embedding has",
            mean().file(Folder.PILOTLIGHT, "{\"dimensions\": \"any\"}"),
            refuses(dimensions(4), 400, "dimensions", "3")),
        Case.of(
            "none",
            mean().file(Folder.PILOTLIGHT, "{\"dimensions\": \"any\"}"),
            refuses(dimensions(0), 400, "dimensions")),
        Case.of(
            "a word in `pilotlight.json` other than `any`",
            mean().file(Folder.PILOTLIGHT, "{\"dimensions\": \"all\"}"),
            fails("dimensions", "any")));
  }

  private static Request dimensions(int size) {
    return Request.embedWith("\"dimensions\":" + size);
  }

  private static Folder config(String fields) {
    return mean().file(Folder.CONFIG, "{" + fields + "}");
  }

  private static Folder mean() {
    return Folder.sentence(Net.encoder());
  }
}
