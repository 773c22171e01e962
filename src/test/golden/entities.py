"""Reference entities by transformers' own token-classification pipeline, without its models.

    pip install transformers==5.18.0 tokenizers==0.23.2 numpy==2.4.6
    python3 src/test/golden/entities.py models/all-minilm-l6-v2/1/tokenizer.json \\
        src/test/resources/golden/entities.json

The logits of a token follow from its id and the label's place, as TextGraphs.tokenClassifier()
computes them; all else is the code of transformers and of its tokenizers. EntitiesGoldenTest
compares the answers in Java with the recorded ones. The script trains the two small tokenizers and
records them with their answers.
"""

import json
import sys
from types import SimpleNamespace

import numpy as np
import tokenizers
import transformers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast
from transformers.pipelines.token_classification import AggregationStrategy, TokenClassificationPipeline

VOCABULARY = 64
CONLL = ["O", "B-MISC", "I-MISC", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"]
PLAIN = ["O", "PER", "LOC", "MISC-X", "I-"]
TOKENS_MAX = 24

TEXTS = [
    "My name is Sarah Jessica Parker but you can call me Jessica.",
    "Hugging Face Inc. is based in New York City, near the Manhattan Bridge.",
    "Enzo works at the UN",
    "Consuelo Ara\u00fajo Noguera, ministra de cultura (1998.2002) fue asesinada por las Farc",
    "Ramazzotti's unbelievably antidisestablishmentarian e-mail: it's 3.14, isn't it?",
    "Groenlinks praat over Schiphol.",
    "cafe\u0301 na\u00efve CAF\u00c9 \u00dcn\u00efc\u00f6d\u00e9 \u0130stanbul stra\u00dfe",
    "I \u2764\ufe0f \U0001f600 Paris \U0001f469\u200d\U0001f469\u200d\U0001f467 and \U0001f44d\U0001f3fd Rome",
    "\u6771\u4eac\u90fd and \u5317\u4eac are \u57ce\u5e02; \u3072\u3089\u304c\u306a \u30ab\u30bf\u30ab\u30ca",
    "\ud55c\uad6d\uc5b4 \u0939\u093f\u0928\u094d\u0926\u0940 \u05e2\u05b4\u05d1\u05b0\u05e8\u05b4\u05d9\u05ea \u0639\u064e\u0631\u064e\u0628\u0650\u064a\u0651",
    "  leading  and   many spaces\tand\ttabs\nand lines  ",
    "\U00020000\U00020001 rare \u2603\u2603 signs \u20ac100 x\u00b2 \ufb01ne",
    "a\u0000b \u200bzero\u200b width\u00a0space soft\u00adhyphen",
    "! ? . , ' n't 'm do not 's 've 're \" ( ) [ ]",
    "a <mask> and  <mask><mask> b",
    "[CLS] text [SEP] with [MASK] and [UNK] <unk> <s>",
    "one",
    ".",
    " ",
    "x" * 120,
    "This text is longer than the limit of tokens, so that it loses its last words: "
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho",
    "Berlin Berlin Berlin Berlin Berlin Berlin Berlin Berlin Berlin Berlin Berlin Berlin Berlin",
]


def logit(token, label):
    return (token % VOCABULARY * 7 + label * 13) % 17 / 2


def added(names):
    return [tokenizers.AddedToken(name, special=True, normalized=False) for name in names]


def unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    special = ["<s>", "</s>", "<unk>"]
    trainer = trainers.UnigramTrainer(vocab_size=220, special_tokens=added(special), unk_token="<unk>")
    tokenizer.train_from_iterator(TEXTS[:7] + TEXTS[-2:-1], trainer)
    return around(tokenizer, "<s>", "</s>")


def byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<s>", "</s>", "<unk>"]
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=added(special),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.add_special_tokens([tokenizers.AddedToken("<mask>", lstrip=True, special=True)])
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 1), ("<s>", 0), True, False)
    return tokenizer


def around(tokenizer, first, last):
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}",
        pair=f"{first} $A {last} $B {last}",
        special_tokens=[(name, tokenizer.token_to_id(name)) for name in (first, last)],
    )
    return tokenizer


def plain(entity):
    return {
        key: value.item() if isinstance(value, np.generic) else value for key, value in entity.items()
    }


def answers(tokenizer, labels, text):
    encoded = tokenizer(
        text,
        truncation=True,
        max_length=TOKENS_MAX,
        return_special_tokens_mask=True,
        return_offsets_mapping=True,
    )
    ids = encoded["input_ids"]
    logits = np.array([[logit(i, k) for k in range(len(labels))] for i in ids], dtype=np.float32)
    # as postprocess() does; it needs PyTorch
    shifted = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    scores = shifted / shifted.sum(axis=-1, keepdims=True)

    pipeline = object.__new__(TokenClassificationPipeline)
    pipeline.tokenizer = tokenizer
    pipeline.model = SimpleNamespace(config=SimpleNamespace(id2label=dict(enumerate(labels))))
    case = {
        "text": text,
        "ids": ids,
        "offsets": [list(pair) for pair in encoded["offset_mapping"]],
        "special": encoded["special_tokens_mask"],
    }
    for strategy in AggregationStrategy:
        gathered = pipeline.gather_pre_entities(
            text,
            np.array(ids),
            scores,
            encoded["offset_mapping"],
            np.array(encoded["special_tokens_mask"]),
            strategy,
        )
        found = pipeline.aggregate(gathered, strategy)
        case[strategy.value] = [plain(entity) for entity in found]
    return case


def record(name, tokenizer, unknown, labels, stored):
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token=unknown)
    return {
        "name": name,
        "labels": labels,
        "unknown": unknown,
        "tokenizer": json.loads(tokenizer.to_str()) if stored else None,
        "cases": [answers(fast, labels, text) for text in TEXTS],
    }


def main():
    wordpiece = Tokenizer.from_file(sys.argv[1])
    wordpiece.no_padding()
    record_all = {
        "made_with": f"transformers {transformers.__version__}, tokenizers {tokenizers.__version__},"
        f" numpy {np.__version__}",
        "tokens_max": TOKENS_MAX,
        "models": [
            record("wordpiece", wordpiece, "[UNK]", CONLL, False),
            record("unigram", unigram(), "<unk>", PLAIN, True),
            record("byte-level", byte_level(), "<unk>", CONLL, True),
        ],
    }
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(record_all, file, ensure_ascii=True, separators=(",", ":"))
        file.write("\n")


main()
