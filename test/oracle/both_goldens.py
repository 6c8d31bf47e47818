"""Vectors over inputs and answers, as the paper's code makes them for few-shot retrieval: golden/both.json.

Run: python both_goldens.py. A BART: mean of the encoder's states, and behind it the decoder's state at position 0 of the answer; the
decoder reads the answer's tokens as they are, not shifted, each text and answer with "<s> " in front where that is asked for. A
sentence encoder: "<input> Answer: <answer>.". Masks hide padding: the released code hands the decoder its mask the wrong way round,
so that its vectors hang on what else is in the batch. Versions: transformers 5.24, sentence-transformers 6.2.
"""

import json
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

ROOT = Path(__file__).parent
ROWS = [
    ["When was the castle of Arlen built?", "Nobody knows"],
    ["Is the stone bridge older than the tower?", "Yes"],
    ["The harbour of Brisk is near the old mill, and the baker sells bread there in winter.", "the baker sells bread in winter, they say"],
    ["mill", ""],
    ["Straße, 東京 and Ünal", "東京"],
    ["Is the stone bridge older than the tower?", "no"],
]


def bart(name, prefix, limit):
    folder = ROOT / "folders" / name
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=torch.float64).eval()

    def read(texts, most):
        options = {"truncation": True, "max_length": most}
        return tokenizer([prefix + text for text in texts], padding=True, return_tensors="pt", **options)

    inputs = read([row[0] for row in ROWS], limit)
    answers = read([row[1] for row in ROWS], 64 if limit > 8 else limit)
    with torch.no_grad():
        states = model.model.encoder(inputs.input_ids, inputs.attention_mask).last_hidden_state
        mask = inputs.attention_mask.unsqueeze(-1)
        mean = (states * mask).sum(1) / mask.sum(1)
        decoded = model.model.decoder(
            input_ids=answers.input_ids,
            attention_mask=answers.attention_mask,
            encoder_hidden_states=states,
            encoder_attention_mask=inputs.attention_mask,
            use_cache=False,
        ).last_hidden_state[:, 0]
    return {
        **{"folder": name, "prefix": prefix, "maxTokens": limit, "answerIds": [row[: int(m.sum())] for row, m in zip(answers.input_ids.tolist(), answers.attention_mask)]},
        **{"inputs": rounded(mean), "answers": rounded(decoded)},
    }


def sentences():
    model = SentenceTransformer(str(ROOT / "folders" / "bert"), device="cpu")
    texts = [f"{question} Answer: {answer}." for question, answer in ROWS]
    return {"folder": "bert", "vectors": rounded(model.encode(texts, normalize_embeddings=True, convert_to_tensor=True))}


def rounded(values):
    return [[float(f"{x:.8g}") for x in row] for row in values.tolist()]


golden = {
    "rows": ROWS,
    "bart": [bart(name, *one) for name in ("bart", "bart-untied") for one in (("", 48), ("<s> ", 48), ("<s> ", 8))],
    "sentences": sentences(),
}
(ROOT / "golden" / "both.json").write_text(json.dumps(golden, separators=(",", ":"), ensure_ascii=False) + "\n")
