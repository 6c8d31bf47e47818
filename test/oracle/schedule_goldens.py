"""Losses of tuning by every schedule of the learning rate: golden/schedules.json.

oracle/bin/python test/oracle/schedule_goldens.py

Eight steps on the same batch (two of the case's batches together), mean loss, AdamW with an epsilon of 1, in double precision. The rates
are those that Transformers' schedules give; the released code takes the constant one where the warm-up is zero or less.
"""

import json
from pathlib import Path

import torch
from transformers import AutoModelForSeq2SeqLM, get_constant_schedule_with_warmup, get_linear_schedule_with_warmup

from make_goldens import padded, seq2seq_inputs

GOLDEN = Path(__file__).parent / "golden"
CASE, LEARNING_RATE, EPSILON, STEPS = "bart", 0.05, 1.0, 8


def tuned(batch, schedule, warmup):
    model = AutoModelForSeq2SeqLM.from_pretrained(GOLDEN / CASE, dtype=torch.float64).eval()
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=LEARNING_RATE, eps=EPSILON, weight_decay=0.0)
    if schedule == "constant":
        rates_of = get_constant_schedule_with_warmup(optimizer, warmup)
    else:
        rates_of = get_linear_schedule_with_warmup(optimizer, warmup, STEPS)
    labels = padded(batch["target"], -100)
    losses, rates = [], []
    for _ in range(STEPS):
        logits = model(**seq2seq_inputs(model, batch), use_cache=False).logits
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=-100)
        optimizer.zero_grad()
        loss.backward()
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        rates_of.step()
        losses.append(float(loss.detach()))
    return {"schedule": schedule, "warmup": warmup, "losses": losses, "rates": rates}


batches = json.loads((GOLDEN / CASE / "golden.json").read_text())["batches"][:2]
batch = {side: batches[0][side] + batches[1][side] for side in ("source", "target")}
golden = {
    **{"model": CASE, "learningRate": LEARNING_RATE, "epsilon": EPSILON, "steps": STEPS},
    "trainings": [tuned(batch, schedule, warmup) for schedule in ("linear", "constant") for warmup in (0, 3)],
}
(GOLDEN / "schedules.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
