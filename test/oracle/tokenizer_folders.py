"""Makes test/models/tokenizers/golden/folders.json.gz: folders of tokenizers as they lie on hubs, and their ids by Transformers.

Run: python tokenizer_folders.py. Small SentencePiece models with byte fallback, user-defined and control symbols, other normalisations and
character maps of their own, alone and as the tokenizer.json that Transformers makes of them; WordPiece as vocab.txt alone with the switches that
BERTs have. Versions: transformers 5.24, tokenizers 0.23, sentencepiece 0.2.
"""

import base64
import gzip
import json
import tempfile
from pathlib import Path

import sentencepiece
from transformers import AutoTokenizer

OUT = Path(__file__).parent.parent / "models" / "tokenizers" / "golden" / "folders.json.gz"
TEXTS = [
    "The harbour of Brisk is near the old mill, and the baker sells bread there in winter.",
    "When was the castle of Arlen built? Nobody knows; the mayor says 1200, the monks say 900.",
    "Is the stone bridge older than the tower? Yes, it isn't new, they've said so.",
    "Élan, naïve, Straße, 東京 and Ünal are names that the town's people can't spell.",
]
LINES = TEXTS + [
    "", " ", "the [Q] mill", "[Q][Q]", "a<br>b", "x <sep> y", "harbour</s>mill", "<pad> and <unk>", "<s>two</s>", "<mask> the mill", "the<mask>mill",
    "  two  blanks ", "a\tb\nc", "Ünal ÉLAN straße", "e\u0301lan", "①②③ ﬁne ½", "東京 カタカナ ｶﾀｶﾅ 한국어", "🙂 emoji 👩‍👩‍👧", "\u200bzero\u200dwidth\u00a0nbsp",
    "\u0000nul\u0007bell", "mill’s “quoted” — dash…", "ABC abc AbC", "1,234.56", "x" * 130, "[CLS] a [SEP] b [MASK]", "a##b ##b", "can't won't", "¿Qué? ¡Sí!", "İstanbul ı", "Σίσυφος ΟΔΟΣ", "<extra_id_0> mill <extra_id_1>", "a<extra_id_0>b",
]


def spiece(name="spiece.model", **options):
    folder = Path(tempfile.mkdtemp())
    corpus = folder / "corpus.txt"
    corpus.write_text("\n".join(TEXTS * 30))
    usual = {"vocab_size": 110, "model_type": "unigram", "pad_id": 0, "eos_id": 1, "unk_id": 2, "bos_id": -1, "minloglevel": 2, "hard_vocab_limit": False}
    options = {**usual, **options}
    rules = options.pop("rules", None)
    if rules:
        (folder / "rules.tsv").write_text(rules)
        options["normalization_rule_tsv"] = str(folder / "rules.tsv")
    else:
        options.setdefault("normalization_rule_name", "identity")
    sentencepiece.SentencePieceTrainer.train(input=str(corpus), model_prefix=str(folder / "m"), **options)
    return {name: (folder / "m.model").read_bytes()}


def text(value):
    return (value if isinstance(value, str) else json.dumps(value)).encode()


def wordpiece(newline="\n", extra=(), upper=True):
    words = sorted({w for t in TEXTS for w in t.replace(",", "").replace(".", "").replace("?", "").replace(";", "").split()})
    letters = sorted({c for t in TEXTS for c in t + t.lower() if not c.isspace()})
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *extra] + letters + ["##" + c for c in letters] + (words if upper else []) + [w.lower() for w in words]
    return newline.join(dict.fromkeys(vocabulary)) + newline


RULES = "\n".join(["41\t61", "42\t62", "C9\t65", "E9\t65", "65 301\t65", "FB01\t66 69", "2019\t27", "200B\t", "DF\t73 73", "A0\t20", "3000\t20"]) + "\n"
XLMR = {"pad_id": -1, "bos_id": 1, "eos_id": 2, "unk_id": 0}


def folders():
    t5 = text({"model_type": "t5", "vocab_size": 400, "d_model": 8})
    for name, options in {
        "t5": {},
        "t5 with byte fallback": {"byte_fallback": True, "vocab_size": 380},
        "t5 with symbols of its own": {"user_defined_symbols": ["[Q]", "<br>"], "control_symbols": ["<sep>"]},
        "t5 with a character map": {"rules": RULES},
        "t5 with a character map and byte fallback": {"rules": RULES, "byte_fallback": True, "vocab_size": 380, "user_defined_symbols": ["[Q]"]},
        "t5 that keeps blanks": {"remove_extra_whitespaces": False},
        "t5 without a blank before": {"add_dummy_prefix": False},
        "t5 of bpe": {"model_type": "bpe"},
    }.items():
        yield name, {"config.json": t5, **spiece(**options)}
    yield "t5 without extra ids", {"config.json": t5, **spiece(), "tokenizer_config.json": text({"tokenizer_class": "T5Tokenizer", "extra_ids": 0})}
    yield "t5 with ten extra ids", {"config.json": t5, **spiece(), "tokenizer_config.json": text({"tokenizer_class": "T5Tokenizer", "extra_ids": 10})}
    xlmr = text({"model_type": "xlm-roberta", "vocab_size": 400, "hidden_size": 8})
    for name, options in {
        "xlm-r": {}, "xlm-r with a character map": {"rules": RULES}, "xlm-r with symbols of its own": {"user_defined_symbols": ["[Q]", "<br>"]},
    }.items():
        yield name, {"config.json": xlmr, **spiece("sentencepiece.bpe.model", **{**XLMR, **options})}
    bert = text({"model_type": "bert", "vocab_size": 400, "hidden_size": 8})
    for name, settings in {
        "bert, vocab.txt alone": None,
        "bert with case": {"do_lower_case": False},
        "bert with case, accents stripped": {"do_lower_case": False, "strip_accents": True},
        "bert without case, accents kept": {"do_lower_case": True, "strip_accents": False},
        "bert, chinese characters together": {"tokenize_chinese_chars": False},
        "bert of an old class": {"tokenizer_class": "BertTokenizer", "do_lower_case": False, "model_max_length": 512},
        "bert that never splits": {"never_split": ["[Q]"], "do_lower_case": True},
    }.items():
        files = {"config.json": bert, "vocab.txt": text(wordpiece())}
        yield name, files if settings is None else {**files, "tokenizer_config.json": text(settings)}
    yield "bert with windows' line ends", {"config.json": bert, "vocab.txt": text(wordpiece("\r\n"))}
    yield "bert with unused tokens", {"config.json": bert, "vocab.txt": text(wordpiece(extra=["[unused1]", "[unused2]"]))}
    yield "electra, vocab.txt alone", {"config.json": text({"model_type": "electra"}), "vocab.txt": text(wordpiece(upper=False))}
    yield "distilbert with case", {"config.json": text({"model_type": "distilbert"}), "vocab.txt": text(wordpiece()), "tokenizer_config.json": text({"do_lower_case": False})}
    yield "mpnet, vocab.txt alone", {"config.json": text({"model_type": "mpnet"}), "vocab.txt": text(wordpiece().replace("[PAD]", "<pad>").replace("[UNK]", "[UNK]").replace("[CLS]", "<s>").replace("[SEP]", "</s>").replace("[MASK]", "<mask>"))}


def ids_of(files, converted=False):
    folder = Path(tempfile.mkdtemp())
    for name, content in files.items():
        (folder / name).write_bytes(content)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    if converted:
        tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
        return {**{name: content for name, content in files.items() if name.endswith("config.json")}, "tokenizer.json": (folder / "tokenizer.json").read_bytes()}
    return [tokenizer(line).input_ids for line in LINES]


def main():
    cases = []
    for name, files in folders():
        try:
            ids = ids_of(files)
        except Exception as error:  # noqa: BLE001
            print(name, type(error).__name__, str(error)[:200])
            ids = None
        pack = lambda all: {path: base64.b64encode(content).decode() for path, content in all.items()}  # noqa: E731
        cases.append({"name": name, "files": pack(files), "ids": ids})
        if "spiece.model" in files or "sentencepiece.bpe.model" in files:
            made = ids_of(files, converted=True)
            cases.append({"name": f"{name}, as tokenizer.json", "files": pack(made), "ids": ids_of(made)})
    with gzip.GzipFile(OUT, "wb", mtime=0) as out:
        out.write(json.dumps({"lines": LINES, "cases": cases}, separators=(",", ":")).encode())
    print(len(cases), OUT.stat().st_size)


main()
