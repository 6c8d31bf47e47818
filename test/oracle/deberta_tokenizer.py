"""A small tokenizer as DeBERTa's folders have it, and ids by Transformers 5: test/models/tokenizers/golden/deberta/ and modernbert/.

Run: python deberta_tokenizer.py [lines]. Each variant draws settings and added tokens anew; lines are drawn as in tokenizer_fuzz.py.
Folders: as published (spm.model alone), and as a fast tokenizer saves itself (tokenizer.json). ModernBERT's: byte-level BPE with NFC,
runs of blanks as added tokens. ids.json has [files, ids] of each variant; long files are shared between them.
"""

import base64
import json
import random
import shutil
import sys
import tempfile
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoTokenizer

GOLDEN = Path(__file__).parent.parent / "models" / "tokenizers" / "golden"
LINES = int(sys.argv[1]) if len(sys.argv) > 1 else 40
ADDED = ["<new>", "<q>", "NEW", "new word", "[X]", "{", "<a b>", "é"]
SPECIAL = ["[CLS]", "[SEP]", "[MASK]", "[PAD]", "[UNK]"]
RANGES = [(32, 127)] * 6 + [
    (0xA0, 0x24F), (0x370, 0x52F), (0x5D0, 0x6FF), (0x900, 0x97F), (0x3040, 0x30FF), (0x4E00, 0x4F00), (0xAC00, 0xAD00),
    (0x2000, 0x206F), (0x1F300, 0x1F6FF), (0, 32), (0x300, 0x36F), (0xFF00, 0xFFEF), (0xFB00, 0xFB06), (0x2150, 0x2190),
]
TEXTS = [text for text in json.loads((GOLDEN / "goldens.json").read_text())["texts"] if text.strip()]
WORDS = sorted({word for text in TEXTS for word in text.split()})
SYLLABLES = "ba co di fu gra he in jo ka lo mi ne or pla qui re sa to un ve wo ex ya ze ing tion er est ly ß é".split()


def sentences():
    """Of words that are made of syllables, the same at every run."""
    chance = random.Random(3)
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(250)] + "the a of it is answers doesn't".split()
    def one():
        text = " ".join(chance.choices(words, k=chance.randint(4, 12)))
        return text[0].upper() + text[1:] + chance.choice([".", "!", "?", ", 42.", " (x)"])
    return [one() for _ in range(1500)]


SENTENCES = sentences()
# What the tokenizers learn: western letters, a few of others.
PLAIN = [text for text in TEXTS if max(text) < "\u0450" and "\0" not in text]


def piece(generator):
    kind = generator.random()
    if kind < 0.4:
        return generator.choice(WORDS)
    if kind < 0.7:
        start, end = generator.choice(RANGES)
        return "".join(chr(generator.randrange(start, end)) for _ in range(generator.randint(1, 6)))
    if kind < 0.8:
        return generator.choice(ADDED)
    if kind < 0.86:
        return generator.choice(SPECIAL)
    return generator.choice([" ", "  ", "   ", "\n", "\t", "\r\n", "", "\u00a0", "\u3000", "\ufeff", "\u0085", ",.;", "e\u0301"])


def line(generator):
    return "".join(piece(generator) + (" " if generator.random() < 0.6 else "") for _ in range(generator.randint(1, 12)))


def save_json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False) + "\n", encoding="utf-8")


def spiece(folder):
    text = folder / "corpus.txt"
    text.write_text("\n".join(SENTENCES + PLAIN), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(text), model_prefix=str(folder / "spm"), vocab_size=400, model_type="unigram", normalization_rule_name="identity", character_coverage=0.98, minloglevel=2,
        pad_id=0, bos_id=1, eos_id=2, unk_id=3, pad_piece="[PAD]", bos_piece="[CLS]", eos_piece="[SEP]", unk_piece="[UNK]")
    text.unlink()
    (folder / "spm.vocab").unlink()


def charsmap():
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString((GOLDEN / "unigram/legacy/spiece.model").read_bytes())
    return model.normalizer_spec.precompiled_charsmap


def fast(folder):
    """What Transformers 4 saves of it: tokenizer.json with the table of characters of the SentencePiece model."""
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString((folder / "spm.model").read_bytes())
    vocab = [(p.piece, p.score if p.type == 1 else 0.0) for p in proto.pieces] + [("[MASK]", 0.0)]
    tokenizer = Tokenizer(models.Unigram(vocab, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Strip(), normalizers.Precompiled(charsmap()), normalizers.Replace(" {2,}", " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")])
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1", special_tokens=[("[CLS]", 1), ("[SEP]", 2)])
    tokenizer.add_special_tokens([AddedToken(name, normalized=False) for name in SPECIAL])
    parsed = json.loads(tokenizer.to_str())
    for step in parsed["normalizer"]["normalizers"]:
        if step["type"] == "Replace":
            step["pattern"] = {"Regex": " {2,}"}
    (folder / "spm.model").unlink()
    save_json(folder / "tokenizer.json", parsed)


def modern(folder):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=True, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel(add_prefix_space=False, trim_offsets=True, use_regex=True)
    trainer = trainers.BpeTrainer(vocab_size=600, special_tokens=[], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(SENTENCES + PLAIN, trainer)
    tokenizer.add_tokens([AddedToken(text, normalized=True) for text in ["|||IP_ADDRESS|||", *(" " * n for n in range(24, 1, -1))]])
    tokenizer.add_special_tokens([
        AddedToken(name, lstrip=name == "[MASK]", normalized=False) for name in ["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]", "[unused0]"]])
    ids = {name: tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]")}
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:0 [SEP]:0", special_tokens=list(ids.items()))
    save_json(folder / "tokenizer.json", json.loads(tokenizer.to_str()))


def variants(kind, folder, settings, number, generator):
    for at in range(number):
        config = {name: generator.choice(values) for name, values in settings.items()}
        config = {name: value for name, value in config.items() if value is not None}
        added = {}
        with tempfile.TemporaryDirectory() as temporary:
            copy = Path(temporary)
            shutil.copytree(folder, copy, dirs_exist_ok=True)
            save_json(copy / "config.json", {"model_type": kind})
            save_json(copy / "tokenizer_config.json", config)
            if at:
                tokenizer = AutoTokenizer.from_pretrained(copy)
                names = [name for name in generator.sample(ADDED, generator.randint(0, 4)) if name not in tokenizer.get_vocab()]
                added = {name: len(tokenizer) + index for index, name in enumerate(names)}
                if added:
                    save_json(copy / "added_tokens.json", added)
            tokenizer = AutoTokenizer.from_pretrained(copy)
            lines = [line(generator).encode("utf-8", "ignore").decode() for _ in range(LINES)]
            yield {"config": config, "added": added, "lines": lines, "ids": [tokenizer(text)["input_ids"] for text in lines],
                   "pairs": [tokenizer(a, b)["input_ids"] for a, b in zip(lines[:4], lines[4:8])]}


def main():
    generator = random.Random(31)
    deberta = {
        "do_lower_case": [False, False, True], "split_by_punct": [False, True, None], "vocab_type": ["spm"],
        "tokenizer_class": ["DebertaV2Tokenizer", None, "DebertaV2TokenizerFast"], "add_prefix_space": [None, None, False],
    }
    modernbert = {"tokenizer_class": ["PreTrainedTokenizerFast"], "clean_up_tokenization_spaces": [True], "model_max_length": [8192]}
    kinds = [("deberta-spm", "deberta-v2", spiece, deberta), ("deberta-fast", "deberta-v2", fast, deberta), ("modernbert", "modernbert", modern, modernbert)]
    results = []
    base = GOLDEN / "later"
    shutil.rmtree(base, ignore_errors=True)
    for name, kind, make, settings in kinds:
        folder = base / name
        folder.mkdir(parents=True)
        if make is fast:
            shutil.copy(base / "deberta-spm" / "spm.model", folder)
        make(folder)
        results.extend({"kind": name, "type": kind, **variant} for variant in variants(kind, folder, settings, 6, generator))
    # The table is kept once, in spiece.model; the test puts it back.
    path = base / "deberta-fast" / "tokenizer.json"
    path.write_text(path.read_text().replace(base64.b64encode(charsmap()).decode(), "in spiece.model"))
    (base / "ids.json").write_text(json.dumps(results, separators=(",", ":")) + "\n")


main()
