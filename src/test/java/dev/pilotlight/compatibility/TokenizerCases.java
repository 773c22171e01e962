package dev.pilotlight.compatibility;

import static dev.pilotlight.compatibility.Check.embeds;
import static dev.pilotlight.compatibility.Check.embedsText;
import static dev.pilotlight.compatibility.Check.fails;
import static dev.pilotlight.compatibility.Check.refuses;
import static dev.pilotlight.compatibility.Check.shows;

import dev.pilotlight.compatibility.Case.Group;
import dev.pilotlight.domain.tensor.Datatype;

/// Kinds of tokenizers, and files that are none.
final class TokenizerCases {
  private static final double[] MEAN = {1, 1.25, 0.5};
  private static final String CAPITAL = "Hello world";

  /// The embedding of [#CAPITAL] with its capital letter.
  private static final double[] KEPT = {0.25, 1, 1.5};

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

  static Group settings() {
    return Group.of(
        "Settings in tokenizer_config.json that transformers puts over tokenizer.json",
        Case.of(
            "BERT's `do_lower_case`, and a tokenizer that keeps case",
            set(Words.CASED, "\"tokenizer_class\": \"BertTokenizer\", \"do_lower_case\": true"),
            embedsText(CAPITAL, MEAN),
            shows(
                "normaliser",
                "lowercase true, strip_accents true, handle_chinese_chars true",
                Folder.TOKENIZER_CONFIG)),
        Case.of(
            "BERT's `do_lower_case: false`, and a tokenizer that lower-cases",
            set(Words.JSON, "\"tokenizer_class\": \"BertTokenizerFast\", \"do_lower_case\": false"),
            embedsText(CAPITAL, KEPT)),
        Case.of(
            "`strip_accents: false`, and a tokenizer that strips them",
            set(
                Words.JSON,
                "\"tokenizer_class\": \"DistilBertTokenizer\", \"strip_accents\": false"),
            embedsText("h\u00e9llo World", 1.5, 1.5, 1.75)),
        Case.of(
            "no `do_lower_case`, which is true for BERT's class, and a tokenizer that keeps case",
            set(Words.CASED, "\"model_max_length\": 128")
                .file(Folder.CONFIG, "{\"model_type\": \"bert\"}"),
            embedsText(CAPITAL, MEAN)),
        Case.of(
            "`do_lower_case` of a class that does not read it",
            set(
                Words.CASED,
                "\"tokenizer_class\": \"PreTrainedTokenizerFast\", \"do_lower_case\": true"),
            embedsText(CAPITAL, KEPT)),
        Case.of(
            "`do_lower_case` among the arguments in sentence_bert_config.json",
            set(Words.CASED, "\"tokenizer_class\": \"BertTokenizer\", \"do_lower_case\": false")
                .file(Folder.SENTENCE, "{\"tokenizer_args\": {\"do_lower_case\": true}}"),
            embedsText(CAPITAL, MEAN)));
  }

  static Group contradictions() {
    return Group.of(
        "Settings in tokenizer_config.json that contradict tokenizer.json",
        Case.of(
            "`do_lower_case`, and a normaliser that is not BERT's",
            set(Words.BARE, "\"tokenizer_class\": \"BertTokenizer\", \"do_lower_case\": true"),
            fails(Folder.TOKENIZER_CONFIG, "do_lower_case")),
        Case.of(
            "MPNet's `tokenize_chinese_chars`, which versions of transformers read differently",
            set(
                Words.JSON,
                "\"tokenizer_class\": \"MPNetTokenizer\", \"tokenize_chinese_chars\": false"),
            fails(Folder.TOKENIZER_CONFIG, "tokenize_chinese_chars")),
        Case.of(
            "Llama's `add_eos_token: false`, and a tokenizer that adds it",
            set(UNIGRAM, "\"tokenizer_class\": \"LlamaTokenizer\", \"add_eos_token\": false"),
            fails(Folder.TOKENIZER_CONFIG, "add_eos_token", Folder.TOKENIZER)),
        Case.of(
            "Gemma's `add_bos_token`, and a tokenizer that does not add it",
            set(
                Words.BARE,
                "\"tokenizer_class\": \"GemmaTokenizer\", \"add_bos_token\": true,"
                    + " \"bos_token\": \"[CLS]\""),
            fails(Folder.TOKENIZER_CONFIG, "add_bos_token", "[CLS]")),
        Case.of(
            "Llama's flags that agree",
            set(
                UNIGRAM,
                "\"tokenizer_class\": \"LlamaTokenizerFast\", \"add_bos_token\": true,"
                    + " \"bos_token\": \"<s>\", \"add_eos_token\": true"),
            embeds(MEAN)),
        Case.of(
            "`add_eos_token` of a class that does not read it",
            set(UNIGRAM, "\"tokenizer_class\": \"Qwen2Tokenizer\", \"add_eos_token\": false"),
            embeds(MEAN)));
  }

  private static Folder set(String tokenizer, String settings) {
    return tokenizer(tokenizer).file(Folder.TOKENIZER_CONFIG, "{" + settings + "}");
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
