package dev.pilotlight.compatibility;

import dev.pilotlight.compatibility.Case.Group;
import java.util.List;

/// All folders, in the order of the documentation.
final class Cases {
  private Cases() {}

  static List<Group> all() {
    return List.of(
        PoolingCases.legacy(),
        PoolingCases.named(),
        PoolingCases.modules(),
        PoolingCases.otherModules(),
        AssumedCases.group(),
        AssumedCases.assumed(),
        DenseCases.group(),
        DenseCases.pooled(),
        SentenceCases.limits(),
        SentenceCases.limitOrder(),
        SentenceCases.positions(),
        SentenceCases.truncation(),
        SentenceCases.texts(),
        SentenceCases.folders(),
        SentenceCases.modalities(),
        OutputCases.pooled(),
        OutputCases.pooledForms(),
        OutputCases.hidden(),
        ClassifierCases.labelled(),
        ClassifierCases.activated(),
        ClassifierCases.rerankers(),
        InputCases.kinds(),
        InputCases.more(),
        InputCases.constants(),
        InputCases.fixed(),
        FileCases.graphs(),
        FileCases.several(),
        FileCases.notGraphs(),
        FileCases.externalData(),
        VersionCases.group(),
        VersionCases.folders(),
        NameCases.group(),
        NameCases.conflicts(),
        DimensionCases.group(),
        RequestCases.tokenIds(),
        RequestCases.fields(),
        RequestCases.prompts(),
        RequestCases.notNumbers(),
        TokenizerCases.group(),
        TokenizerCases.settings(),
        TokenizerCases.contradictions(),
        TensorCases.group(),
        ErrorCases.graphs(),
        ErrorCases.overrides());
  }
}
