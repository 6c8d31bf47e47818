"""Lines drawn at random, and their ids by Hugging Face's tokenizers (0.23), for every kind of tokenizer with random added tokens.

Run: python tokenizer_fuzz.py [lines]. With 30 lines a variant it makes test/models/tokenizers/golden/fuzz.json; docs/decisions/tokenizers.md
has the figures of 5,000 lines a variant.
"""

import base64
import json
import random
import sys
from pathlib import Path

from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Tokenizer

GOLDEN = Path(__file__).parent.parent / "models" / "tokenizers" / "golden"
LINES = int(sys.argv[1]) if len(sys.argv) > 1 else 30
ADDED = ["<new>", "<q>", "NEW", "new word", "[X]", "{", "<a b>", "é"]
SPECIAL = ["<s>", "</s>", "<pad>", "<mask>", "[CLS]", "[SEP]", "[MASK]", "<unk>", "<extra_id_0>"]
RANGES = [(32, 127)] * 6 + [
    (0xA0, 0x24F), (0x370, 0x52F), (0x5D0, 0x6FF), (0x900, 0x97F), (0x3040, 0x30FF), (0x4E00, 0x4F00), (0xAC00, 0xAD00),
    (0x2000, 0x206F), (0x1F300, 0x1F6FF), (0, 32), (0x300, 0x36F), (0xFF00, 0xFFEF),
]


def piece(generator, words):
    kind = generator.random()
    if kind < 0.45:
        return generator.choice(words)
    if kind < 0.75:
        start, end = generator.choice(RANGES)
        return "".join(chr(generator.randrange(start, end)) for _ in range(generator.randint(1, 6)))
    if kind < 0.85:
        return generator.choice(ADDED)
    if kind < 0.9:
        return generator.choice(SPECIAL)
    return generator.choice([" ", "  ", "\n", "\t", "", "\u00a0", "\u3000"])


def line(generator, words):
    return "".join(piece(generator, words) + (" " if generator.random() < 0.6 else "") for _ in range(generator.randint(1, 12)))


def charsmap():
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString((GOLDEN / "unigram/legacy/spiece.model").read_bytes())
    return base64.b64encode(model.normalizer_spec.precompiled_charsmap).decode()


def main():
    generator = random.Random(11)
    words = sorted({word for text in json.loads((GOLDEN / "goldens.json").read_text())["texts"] for word in text.split()})
    variants = []
    for kind in sorted(path.name for path in GOLDEN.iterdir() if path.is_dir()):
        source = (GOLDEN / kind / "tokenizer.json").read_text().replace("in spiece.model", charsmap())
        for number in range(4):
            tokenizer = Tokenizer.from_str(source)
            for content in generator.sample(ADDED, generator.randint(0, 4) if number else 0):
                flags = {flag: generator.random() < 0.3 for flag in ("lstrip", "rstrip", "single_word")}
                tokenizer.add_tokens([AddedToken(content, normalized=generator.random() < 0.5, **flags)])
            lines = [line(generator, words).encode("utf-8", "ignore").decode() for _ in range(LINES)]
            variants.append({
                "kind": kind, "added": json.loads(tokenizer.to_str())["added_tokens"],
                "lines": lines, "ids": [encoding.ids for encoding in tokenizer.encode_batch(lines)],
            })
    (GOLDEN / "fuzz.json").write_text(json.dumps(variants, separators=(",", ":")) + "\n")


main()
