"""Makes src/main/models/tokenizers/bert-characters.ts: which characters Hugging Face's BERT tokenizer takes for accents,
punctuation and controls. It uses Unicode tables of 2015 that were never renewed, so the JavaScript runtime's own classes
(\\p{Mn}, \\p{P}) would disagree for some 700 newer characters, and differently in each release. The tables are read off
the library's behaviour, one character after the other.

    python test/oracle/unicode_tables.py
"""

from pathlib import Path

from tokenizers import normalizers, pre_tokenizers

OUT = Path(__file__).parent.parent.parent / "src" / "main" / "models" / "tokenizers" / "bert-characters.ts"


def ranges(codes):
    found = []
    for code in codes:
        if found and code == found[-1][1] + 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return " ".join(f"{low:x}" if low == high else f"{low:x}-{high:x}" for low, high in found)


def wrapped(text):
    lines, line = [], ""
    for word in text.split(" "):
        if len(line) + len(word) > 108:
            lines.append(line)
            line = ""
        line += word + " "
    lines.append(line.rstrip())
    return " +\n".join(f"  '{line}'" for line in lines)


plain = normalizers.BertNormalizer(lowercase=False, strip_accents=False, handle_chinese_chars=False)
stripping = normalizers.BertNormalizer(lowercase=False, strip_accents=True, handle_chinese_chars=False)
splitter = pre_tokenizers.BertPreTokenizer()
codes = [code for code in range(0x110000) if not 0xD800 <= code < 0xE000]
controls = [code for code in codes if plain.normalize_str(f"a{chr(code)}b") == "ab"]
dropped = set(controls)
# StripAccents by itself knows more marks than BERT's normaliser: spacing and enclosing ones, of its own Unicode version.
alone = normalizers.StripAccents()
marks = [code for code in codes if alone.normalize_str(f"a{chr(code)}b") == "ab"]
accents = [code for code in codes if code not in dropped and stripping.normalize_str(f"a{chr(code)}b") == "ab"]
punctuation = [code for code in codes if len(splitter.pre_tokenize_str(f"a{chr(code)}{chr(code)}")) == 3]

OUT.write_text(f"""// Made by test/oracle/unicode_tables.py; do not edit.

/** Removed by BERT's cleaning: controls, formats, private use, U+FFFD. */
export const controlRanges =
{wrapped(ranges(controls))}

/** Removed after decomposition where accents are stripped. */
export const accentRanges =
{wrapped(ranges(accents))}

/** Removed by the step StripAccents, which is not BERT's: spacing and enclosing marks too. */
export const markRanges =
{wrapped(ranges(marks))}

/** Words of their own, each. */
export const punctuationRanges =
{wrapped(ranges(punctuation))}
""", encoding="utf-8")
