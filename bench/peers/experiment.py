"""The demo's experiment as a plain script: PyTorch, Transformers, sentence-transformers; the same models, data and settings.

    python bench/peers/experiment.py <demo folder> <rounds> <threads> <settings> [fp32 | bf16]

`settings` is the demo's experiment in JSON: queries, retrieval, tune, evaluation. Prints one JSON line: seconds by phase and SoftEM by strategy and target. Written as one would write it without thinking
of speed first: default data types, padded batches in the order of the data, greedy answers through `generate`.
"""

import gzip
import json
import math
import os
import random
import re
import string
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer, get_linear_schedule_with_warmup

folder, rounds, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
settings = json.loads(sys.argv[4])
HALF = sys.argv[5:] == ["bf16"]
QUERIES, BUDGET = settings["queries"], settings["retrieval"]["budget"]
EPOCHS, BATCH, RATE = (settings["tune"][name] for name in ("epochs", "batchSize", "learningRate"))
INPUT, OUTPUT = settings["tune"]["maxInputTokens"], settings["tune"]["maxOutputTokens"]
ANSWER = settings["evaluation"]["maxOutputTokens"]

seconds = {"embed": 0.0, "retrieve": 0.0, "tune": 0.0, "evaluate": 0.0}
started = time.perf_counter()


def timed(phase):
    class Timer:
        def __enter__(self):
            self.start = time.perf_counter()

        def __exit__(self, *_):
            seconds[phase] += time.perf_counter() - self.start

    return Timer()


def half():
    """Automatic mixed precision where it was asked for."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=HALF)


def read(path):
    with gzip.open(os.path.join(folder, path), "rt", encoding="utf8") as file:
        return json.load(file)


manifest = json.load(open(os.path.join(folder, "manifest.json"), encoding="utf8"))
upstream = read(manifest["upstream"])
texts = [row[0] for row in upstream]
model_folder = os.path.join(folder, manifest["model"]["folder"])
encoder_folder = os.path.join(folder, manifest["encoder"]["folder"])
tokenizer = AutoTokenizer.from_pretrained(model_folder)


def load():
    return AutoModelForSeq2SeqLM.from_pretrained(model_folder, dtype=torch.float32)


def normalise(text):
    text = "".join(c for c in text.lower() if c not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def soft_em(answer, references):
    a = normalise(answer)
    return any(a and b and (a in b or b in a) for b in map(normalise, references))


@torch.no_grad()
def embed_dense(model, rows):
    encoder, vectors = model.get_encoder(), []
    for at in range(0, len(rows), 64):
        batch = tokenizer(rows[at : at + 64], return_tensors="pt", padding=True, truncation=True, max_length=256)
        with half():
            hidden = encoder(batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state.float()
        mask = batch["attention_mask"].unsqueeze(-1)
        vectors.append(((hidden * mask).sum(1) / mask.sum(1)).numpy())
    return np.concatenate(vectors)


def nearest(queries, vectors):
    """Each query brings its own nearest that no earlier one has brought."""
    distances = (vectors**2).sum(1) - 2 * queries @ vectors.T
    taken = {}
    for row in distances:
        mine = 0
        for index in np.argsort(row):
            if texts[index] in taken:
                continue
            taken[texts[index]] = int(index)
            mine += 1
            if mine == math.ceil(BUDGET / QUERIES):
                break
    return list(taken.values())[:BUDGET]


def tune(indices, seed):
    torch.manual_seed(seed)
    model = load()
    model.train()
    rows = [upstream[i] for i in indices]
    decayed = [p for n, p in model.named_parameters() if "bias" not in n and "LayerNorm.weight" not in n]
    plain = [p for n, p in model.named_parameters() if "bias" in n or "LayerNorm.weight" in n]
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=RATE)
    steps = EPOCHS * math.ceil(len(rows) / BATCH)
    schedule = get_linear_schedule_with_warmup(optimizer, 0, steps)
    for _ in range(EPOCHS):
        order = torch.randperm(len(rows)).tolist()
        for at in range(0, len(rows), BATCH):
            batch = [rows[i] for i in order[at : at + BATCH]]
            inputs = tokenizer([r[0] for r in batch], return_tensors="pt", padding=True, truncation=True, max_length=INPUT)
            labels = tokenizer([r[1][0] for r in batch], return_tensors="pt", padding=True, truncation=True, max_length=OUTPUT).input_ids
            labels[labels == tokenizer.pad_token_id] = -100
            with half():
                loss = model(input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"], labels=labels).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
    return model


@torch.no_grad()
def evaluate(model, rows):
    model.eval()
    right = 0
    for at in range(0, len(rows), 32):
        part = rows[at : at + 32]
        inputs = tokenizer([r[0] for r in part], return_tensors="pt", padding=True, truncation=True, max_length=INPUT)
        with half():
            answers = model.generate(
                input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"], max_new_tokens=ANSWER, num_beams=1, do_sample=False
            )
        for row, text in zip(part, tokenizer.batch_decode(answers, skip_special_tokens=True)):
            right += soft_em(text, row[1])
    return 100 * right / len(rows)


targets = [(t["name"], read(t["test"]), read(t["queries"])[str(QUERIES)]) for t in manifest["targets"]]
scores = {}


def keep(strategy, target, value):
    scores.setdefault(strategy, {}).setdefault(target, []).append(value)


with timed("embed"):
    sentence = SentenceTransformer(encoder_folder, device="cpu", model_kwargs={"dtype": torch.float32})
    with half():
        semantic_vectors = sentence.encode(texts, normalize_embeddings=True, batch_size=64)
    base = load().eval()
    dense_vectors = embed_dense(base, texts)

with timed("evaluate"):
    for name, test, _ in targets:
        keep("zero-shot", name, evaluate(base, test))

for number in range(rounds):
    with timed("tune"):
        model = tune(random.Random(42 + number).sample(range(len(upstream)), BUDGET), 42 + number)
    with timed("evaluate"):
        for name, test, _ in targets:
            keep("random", name, evaluate(model, test))
    for name, test, sets in targets:
        queries = [row[0] for row in sets[f"round#{number}"]]
        for strategy in ("semantic", "dense"):
            with timed("retrieve"):
                if strategy == "semantic":
                    chosen = nearest(sentence.encode(queries, normalize_embeddings=True), semantic_vectors)
                else:
                    chosen = nearest(embed_dense(base, queries), dense_vectors)
            with timed("tune"):
                model = tune(chosen, 42 + number)
            with timed("evaluate"):
                keep(strategy, name, evaluate(model, test))

print(json.dumps({"seconds": {**seconds, "total": time.perf_counter() - started}, "scores": scores}))
