"""The other side of bench/reranker.ts: a CrossEncoder of sentence-transformers scores pairs, and PyTorch trains on them.

    python bench/peers/pairs.py FOLDER PAIRS.json THREADS STEPS

PAIRS.json is a list of [first, second, label]. Prints one JSON line with processor seconds: they hardly depend on what else runs.
"""

import json
import os
import resource
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"

import torch
from sentence_transformers import CrossEncoder
from transformers import AutoModelForSequenceClassification, AutoTokenizer

folder, file, threads, steps = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(threads)
with open(file, encoding="utf8") as handle:
    rows = json.load(handle)
pairs = [(first, second) for first, second, _ in rows]

model = CrossEncoder(folder, max_length=128, device="cpu", num_labels=2)
model.predict(pairs[:32], show_progress_bar=False)
start = time.process_time()
scores = model.predict(pairs, batch_size=32, show_progress_bar=False, activation_fn=torch.nn.Identity())
scoring = time.process_time() - start

tokenizer = AutoTokenizer.from_pretrained(folder)
net = AutoModelForSequenceClassification.from_pretrained(folder).train()
optimizer = torch.optim.AdamW(net.parameters(), lr=1e-4, weight_decay=0.01)


def step(at):
    batch = [rows[(at * 32 + place) % len(rows)] for place in range(32)]
    inputs = tokenizer(
        [first for first, _, _ in batch],
        [second for _, second, _ in batch],
        truncation=True,
        max_length=128,
        padding=True,
        return_tensors="pt",
    )
    loss = torch.nn.functional.cross_entropy(net(**inputs).logits, torch.tensor([label for _, _, label in batch]))
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    optimizer.step()


step(0)
start = time.process_time()
for at in range(1, steps + 1):
    step(at)
training = time.process_time() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"scoring": scoring, "training": training, "peak": peak, "first": [float(x) for x in scores[0]]}))
