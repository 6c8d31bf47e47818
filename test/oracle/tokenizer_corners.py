"""Two corners of Hugging Face's tokenizers: white space that is stripped before a Metaspace that marks the first word only, and
accents of newer Unicode that StripAccents keeps. Small tokenizers, trained here, and the ids of lines that hit the corners.

python test/oracle/tokenizer_corners.py > test/models/tokenizers/golden/corners.json    (tokenizers 0.22 or newer)
"""

import json
import random

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

draw = random.Random(15)
words = ["the", "cat", "sat", "on", "a", "mat", "café", "naïve", "ÉTÉ", "zażółć", "пётр", "x1", "don't"]
lines = [" ".join(draw.choices(words, k=draw.randint(1, 6))) for _ in range(200)]
blanks = [" ", "  ", "\t", "\n", " \u00a0", "\u2003", ""]
marks = ["\u0301", "\u0308", "\u1ac2", "\u1ac3", "\u1ad0", "\u1ada", "\u1ae0", "\u1aff", "\u0898", "\u20f0", "\u0489", "\U0001e08f"]


def line():
    text = draw.choice(blanks) + draw.choice(lines)
    if draw.random() < 0.6:
        at = draw.randrange(len(text) + 1)
        text = text[:at] + draw.choice(marks) + text[at:]
    if draw.random() < 0.3:
        at = draw.randrange(len(text) + 1)
        text = text[:at] + "<sep>" + draw.choice(blanks) + text[at:]
    return text + draw.choice(blanks)


def bpe(normalizer, scheme):
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme=scheme)
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme=scheme)
    tokenizer.train_from_iterator(lines, trainers.BpeTrainer(vocab_size=120, special_tokens=["<unk>"], show_progress=False))
    tokenizer.add_special_tokens([AddedToken("<sep>", normalized=False)])
    return tokenizer


def wordpiece(normalizer):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.train_from_iterator(
        lines, trainers.WordPieceTrainer(vocab_size=120, special_tokens=["[UNK]"], show_progress=False)
    )
    tokenizer.add_special_tokens([AddedToken("<sep>", normalized=False)])
    return tokenizer


strip = normalizers.Strip(left=True, right=True)
accents = normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase()])
kinds = {
    "strip, then Metaspace at the first word": bpe(normalizers.Sequence([normalizers.NFKC(), strip]), "first"),
    "strip left only": bpe(normalizers.Strip(left=True, right=False), "first"),
    "strip, then Metaspace always": bpe(strip, "always"),
    "accents of newer Unicode, BPE": bpe(accents, "always"),
    "accents of newer Unicode, WordPiece": wordpiece(accents),
}
texts = [line() for _ in range(400)] + [" the cat", "the cat", "", " ", "\u1ac2", "a\u1ada b"]
print(
    json.dumps(
        {
            "texts": texts,
            "kinds": {
                name: {
                    "tokenizer": json.loads(tokenizer.to_str()),
                    "ids": [tokenizer.encode(text).ids for text in texts],
                }
                for name, tokenizer in kinds.items()
            },
        }
    )
)
