package dev.pilotlight.compatibility;

import static dev.pilotlight.compatibility.Check.answers;
import static dev.pilotlight.compatibility.Check.fails;
import static dev.pilotlight.compatibility.Check.labels;
import static dev.pilotlight.compatibility.Check.refuses;
import static dev.pilotlight.compatibility.Check.shows;

import dev.pilotlight.compatibility.Case.Group;
import dev.pilotlight.domain.tensor.Datatype;

/// Classifiers whose three logits are 4, 5, 2 or whose only one is 0.5.
final class ClassifierCases {
  private static final double SOFTMAX = 1 / (1 + Math.exp(-1) + Math.exp(-3));
  private static final double SIGMOID = 1 / (1 + Math.exp(-5));
  private static final double HALF = 1 / (1 + Math.exp(-0.5));
  private static final String THREE =
      "\"id2label\": {\"0\": \"bad\", \"1\": \"good\", \"2\": \"so\"}";
  private static final String ONE = "\"id2label\": {\"0\": \"relevant\"}";
  private static final String IDENTITY = "torch.nn.modules.linear.Identity";

  private ClassifierCases() {}

  static Group labelled() {
    return Group.of(
        "Classifiers (here: logits 4, 5, 2)",
        Case.of(
            "`…ForSequenceClassification`",
            three(logits(), ""),
            labels("good", SOFTMAX),
            shows("task", "text-classification", "")),
        Case.of(
            "single label by name",
            three(logits(), "\"problem_type\": \"single_label_classification\","),
            labels("good", SOFTMAX)),
        Case.of(
            "`problem_type` null",
            three(logits(), "\"problem_type\": null,"),
            labels("good", SOFTMAX)),
        Case.of(
            "several labels at once",
            three(logits(), "\"problem_type\": \"multi_label_classification\","),
            labels("good", SIGMOID)),
        Case.of(
            "a regression",
            three(logits(), "\"problem_type\": \"regression\","),
            labels("good", 5)),
        Case.of(
            "no labels", classifier(logits(), "\"vocab_size\": 12"), labels("LABEL_1", SOFTMAX)),
        Case.of(
            "two labels for three logits",
            classifier(logits(), "\"id2label\": {\"0\": \"bad\", \"1\": \"good\"}"),
            fails("id2label", "2", "3")),
        Case.of(
            "logits under another name",
            three(Net.standard().pooled("output"), ""),
            labels("good", SOFTMAX)),
        Case.of(
            "logits in FP16",
            three(Net.standard().pooled("logits", Datatype.FP16, "batch", Words.SIZE), ""),
            labels("good", SOFTMAX)));
  }

  static Group activated() {
    return Group.of(
        "Classifiers whose graph outputs probabilities",
        Case.of(
            "the graph ends in Softmax",
            three(Net.standard().pooledThen("logits", "Softmax"), ""),
            labels("good", SOFTMAX)),
        Case.of(
            "the graph ends in Softmax and Identity",
            three(Net.standard().pooledThen("logits", "Softmax", "Identity"), ""),
            labels("good", SOFTMAX)),
        Case.of(
            "the graph ends in Softmax and Cast",
            three(Net.standard().pooledThen("logits", "Softmax", "Cast"), ""),
            labels("good", SOFTMAX)),
        Case.of(
            "the graph ends in Sigmoid",
            three(Net.standard().pooledThen("logits", "Sigmoid"), ""),
            labels("good", SIGMOID)),
        Case.of(
            "the graph has a Softmax that is not its end",
            three(Net.standard().pooledThen("logits", "Softmax", "Neg"), ""),
            labels("so", negatedSoftmax())),
        Case.of(
            "an output named `probabilities`",
            three(Net.standard().pooledThen("probabilities", "Softmax", "Abs"), ""),
            labels("good", SOFTMAX)));
  }

  static Group rerankers() {
    return Group.of(
        "Rerankers and other tasks (here: one logit, 0.5)",
        Case.of("one label", one(single(), ""), labels("relevant", HALF)),
        Case.of(
            "one label, and the graph ends in Sigmoid",
            one(Net.standard().single("logits", "Sigmoid"), ""),
            labels("relevant", HALF)),
        Case.of(
            "saved by sentence-transformers 5.4 as a CrossEncoder",
            one(single(), "")
                .file(Folder.MODULES, Modules.list(Modules.NEW_TRANSFORMER))
                .file(Folder.SENTENCE, "{\"transformer_task\": \"sequence-classification\"}")
                .file(Folder.PROMPTS, "{\"model_type\": \"CrossEncoder\"}"),
            labels("relevant", HALF)),
        Case.of(
            "`transformer_task` alone",
            one(single(), "")
                .file(Folder.MODULES, Modules.list(Modules.NEW_TRANSFORMER))
                .file(Folder.SENTENCE, "{\"transformer_task\": \"sequence-classification\"}"),
            labels("relevant", HALF)),
        Case.of(
            "modules.json next to `…ForSequenceClassification`",
            one(single(), "").file(Folder.MODULES, Modules.list(Modules.NEW_TRANSFORMER)),
            labels("relevant", HALF)),
        Case.of(
            "a CrossEncoder whose activation is the identity",
            one(
                single(),
                "\"sentence_transformers\": {\"activation_fn\": \"%s\"},".formatted(IDENTITY)),
            labels("relevant", 0.5)),
        Case.of(
            "the same in the form before 4.0",
            one(single(), "\"sbert_ce_default_activation_function\": \"%s\",".formatted(IDENTITY)),
            labels("relevant", 0.5)),
        Case.of(
            "one label of a regression",
            one(single(), "\"problem_type\": \"regression\","),
            labels("relevant", 0.5)),
        Case.of(
            "token classification gives each token its label",
            task("BertForTokenClassification", Net.standard().hidden("logits")),
            answers(Request.infer(Check.TEXT), "[\"LABEL_0\",\"LABEL_1\",\"LABEL_2\",\"LABEL_1\"]"),
            shows("task", "token-classification", "config.json")),
        Case.of(
            "a masked language model fills masks and embeds nothing",
            task("BertForMaskedLM", Net.standard().hidden("logits"))
                .file(Folder.TOKENIZER_CONFIG, "{\"mask_token\": \"[UNK]\"}"),
            takesNoText()),
        Case.of(
            "a masked language model without a mask",
            task("BertForMaskedLM", Net.standard().hidden("logits")),
            fails("mask_token")),
        Case.of(
            "a decoder's logits are not an embedding",
            task("Qwen2ForCausalLM", Net.standard().hidden("logits")),
            takesNoText()));
  }

  /// The softmax of the softmax with its signs changed.
  private static double negatedSoftmax() {
    double low = Math.exp(-SOFTMAX * Math.exp(-3));
    return low / (low + Math.exp(-SOFTMAX) + Math.exp(-SOFTMAX * Math.exp(-1)));
  }

  private static Check takesNoText() {
    return refuses(Request.embed(Check.TEXT), 400, "embeddings", "/v2/models/m/infer");
  }

  private static Folder task(String architecture, Net net) {
    return Folder.text(net.graph())
        .file(Folder.CONFIG, "{\"architectures\": [\"%s\"]}".formatted(architecture));
  }

  private static Net logits() {
    return Net.standard().pooled("logits");
  }

  private static Net single() {
    return Net.standard().single("logits");
  }

  private static Folder three(Net net, String fields) {
    return classifier(net, fields + THREE);
  }

  private static Folder one(Net net, String fields) {
    return classifier(net, fields + ONE);
  }

  private static Folder classifier(Net net, String fields) {
    return Folder.text(net.graph())
        .file(
            Folder.CONFIG,
            "{\"architectures\": [\"BertForSequenceClassification\"], %s}".formatted(fields));
  }
}
