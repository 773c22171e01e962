package dev.pilotlight.compatibility;

import static dev.pilotlight.compatibility.Check.embeds;
import static dev.pilotlight.compatibility.Check.embedsText;
import static dev.pilotlight.compatibility.Check.fails;
import static dev.pilotlight.compatibility.Check.refuses;

import dev.pilotlight.compatibility.Case.Group;
import dev.pilotlight.domain.Datatype;

/// Kinds of tokenizers, and files that are none.
final class TokenizerCases {
  private static final double[] MEAN = {1, 1.25, 0.5};

  private static final String BYTE_LEVEL =
      """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
       "normalizer": null,
       "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
         "use_regex": true},
       "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 3], "cls": ["<s>", 2],
         "trim_offsets": true, "add_prefix_space": false},
       "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true,
         "use_regex": true},
       "model": {"type": "BPE", "dropout": null, "unk_token": null,
         "continuing_subword_prefix": "", "end_of_word_suffix": "", "fuse_unk": false,
         "vocab": {"<pad>": 0, "<unk>": 1, "<s>": 2, "</s>": 3, "hi": 4, "\u0120yo": 5, "h": 6,
           "i": 7, "\u0120": 8, "y": 9, "o": 10, "yo": 11},
         "merges": ["h i", "y o", "\u0120 yo"]}}
      """;

  private static final String UNIGRAM =
      """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
       "normalizer": null,
       "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581",
         "prepend_scheme": "always", "split": true},
       "post_processor": {"type": "TemplateProcessing",
         "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
           {"Sequence": {"id": "A", "type_id": 0}},
           {"SpecialToken": {"id": "</s>", "type_id": 0}}],
         "pair": [{"Sequence": {"id": "A", "type_id": 0}},
           {"Sequence": {"id": "B", "type_id": 0}}],
         "special_tokens": {"<s>": {"id": "<s>", "ids": [2], "tokens": ["<s>"]},
           "</s>": {"id": "</s>", "ids": [3], "tokens": ["</s>"]}}},
       "decoder": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always",
         "split": true},
       "model": {"type": "Unigram", "unk_id": 1, "byte_fallback": false,
         "vocab": [["<pad>", 0.0], ["<unk>", 0.0], ["<s>", 0.0], ["</s>", 0.0],
           ["\u2581hello", -1.0], ["\u2581world", -1.5], ["\u2581", -3.0]]}}
      """;

  private TokenizerCases() {}

  static Group group() {
    return Group.of(
        "Tokenizers",
        Case.of("WordPiece, BERT's", mean(), embeds(MEAN)),
        Case.of("WordLevel without special tokens", tokenizer(Words.BARE), embeds(1.5, 2, 1)),
        Case.of("byte-level BPE, RoBERTa's", tokenizer(BYTE_LEVEL), embedsText("hi yo", MEAN)),
        Case.of("Unigram, XLM-RoBERTa's", tokenizer(UNIGRAM), embeds(MEAN)),
        Case.of(
            "a word that the vocabulary lacks", mean(), embedsText("hello moon", 2.25, 2.5, 1.25)),
        Case.of(
            "a text without a token",
            tokenizer(Words.BARE),
            refuses(Request.embed(" "), 400, "no tokens")),
        Case.of("an empty text", mean(), refuses(Request.embed(""), 400, "input")),
        Case.of(
            "not JSON",
            tokenizer("{\"version\": \"1.0\",\n \"truncation\": nul}"),
            fails("tokenizer.json", "line 2")),
        Case.of(
            "a kind that the library lacks",
            tokenizer("{\"version\": \"1.0\",\n \"model\": {\"type\": \"Telepathy\"}}"),
            fails("tokenizer.json")),
        Case.of("an empty file", tokenizer(" "), fails("tokenizer.json")),
        Case.of(
            "a Git-LFS pointer", tokenizer(ErrorCases.POINTER), fails("tokenizer.json", "Git LFS")),
        Case.of(
            "in the transformer's folder, as sentence-transformers before 0.4 saved it",
            Folder.of(Net.encoder())
                .file(
                    Folder.MODULES,
                    Modules.POOLED.replace("\"path\": \"\"", "\"path\": \"0_Transformer\""))
                .file(Folder.POOLING, "{\"pooling_mode_cls_token\": true}")
                .file("0_Transformer/tokenizer.json", Words.JSON)
                .file("0_Transformer/config.json", "{\"architectures\": [\"BertModel\"]}"),
            fails("tokenizer.json")),
        Case.of(
            "none, and a graph with TensorFlow's names",
            Folder.of(
                    Net.ids("input_word_ids", Datatype.INT32, "batch", "seq")
                        .mask("input_mask", Datatype.INT32, "batch", "seq")
                        .hidden("last_hidden_state")
                        .graph())
                .file(Folder.CONFIG, "{\"architectures\": [\"BertModel\"]}"),
            fails("tokenizer.json")),
        Case.of(
            "`vocab.txt` alone",
            without().file("vocab.txt", "[PAD]\n[UNK]\nhello\n"),
            fails("tokenizer.json", "vocab.txt", "save_pretrained")),
        Case.of(
            "`sentencepiece.bpe.model` alone",
            without().file("sentencepiece.bpe.model", "sentencepiece"),
            fails("tokenizer.json", "sentencepiece.bpe.model", "save_pretrained")));
  }

  private static Folder without() {
    return Folder.of(Net.encoder()).file(Folder.CONFIG, "{\"architectures\": [\"BertModel\"]}");
  }

  private static Folder tokenizer(String json) {
    return mean().file(Folder.TOKENIZER, json);
  }

  private static Folder mean() {
    return Folder.sentence(Net.encoder());
  }
}
