"""Two steps of tuning by every loss that can be set: golden/paper-loss.json.

oracle/bin/python test/oracle/loss_goldens.py

The loss is written out: (1 - e) * nll + e / V * sum(-log p), summed or averaged over the labels of the whole batch (two of the
case's batches together, so that rows are padded), in double precision. An AdamW with an epsilon of 1 moves a weight by
lr * g / (|g| + 1): the size of every gradient shows, which the usual epsilon divides away. Per weight there are two numbers: the
length of its change after the first step, and the change times cos(0), cos(1), cos(2), …
"""

import json
from pathlib import Path

import torch
from transformers import AutoModelForSeq2SeqLM, get_linear_schedule_with_warmup

from make_goldens import padded, seq2seq_inputs

GOLDEN = Path(__file__).parent / "golden"
CASES = ("bart", "t5")
# Label smoothing, reduction, and the norm that gradients are clipped at. The last is the released code.
SETTINGS = ((0.0, "mean", None), (0.1, "mean", None), (0.1, "sum", None), (0.1, "sum", 0.1))
LEARNING_RATE, EPSILON, STEPS = 0.02, 1.0, 2


def loss_of(model, batch, smoothing, reduction):
    logits = model(**seq2seq_inputs(model, batch), use_cache=False).logits
    labels = padded(batch["target"], -100)
    log_p = torch.log_softmax(logits, -1)
    nll = -log_p.gather(-1, labels.clamp(min=0).unsqueeze(-1)).squeeze(-1)
    uniform = -log_p.sum(-1) / log_p.shape[-1]
    each = ((1 - smoothing) * nll + smoothing * uniform)[labels != -100]
    loss = each.sum() if reduction == "sum" else each.mean()
    torch.testing.assert_close(
        loss,
        torch.nn.functional.cross_entropy(
            logits.flatten(0, 1), labels.flatten(), ignore_index=-100, label_smoothing=smoothing, reduction=reduction
        ),
    )
    return loss


def tuned(name, batch, smoothing, reduction, clip):
    model = AutoModelForSeq2SeqLM.from_pretrained(GOLDEN / name, dtype=torch.float64).eval()
    named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    before = {n: p.detach().clone() for n, p in named}
    optimizer = torch.optim.AdamW([p for _, p in named], lr=LEARNING_RATE, eps=EPSILON, weight_decay=0.0)
    schedule = get_linear_schedule_with_warmup(optimizer, 0, STEPS)
    losses, norms, changes = [], [], {}
    for step in range(STEPS):
        loss = loss_of(model, batch, smoothing, reduction)
        optimizer.zero_grad()
        loss.backward()
        norms.append(float(torch.nn.utils.clip_grad_norm_([p for _, p in named], clip or float("inf"))))
        optimizer.step()
        schedule.step()
        losses.append(float(loss.detach()))
        if step == 0:
            for n, p in named:
                change = (p.detach() - before[n]).flatten()
                along = change @ torch.cos(torch.arange(len(change), dtype=torch.float64))
                changes[n] = [float(f"{x:.7g}") for x in (change.norm(), along)]
    return {
        **{"smoothing": smoothing, "reduction": reduction, "clip": clip},
        **{"losses": losses, "norms": norms, "changes": changes},
    }


golden = {"learningRate": LEARNING_RATE, "epsilon": EPSILON, "models": {}}
for name in CASES:
    batches = json.loads((GOLDEN / name / "golden.json").read_text())["batches"][:2]
    batch = {side: batches[0][side] + batches[1][side] for side in ("source", "target")}
    golden["models"][name] = {
        "labels": sum(len(row) for row in batch["target"]),
        "trainings": [tuned(name, batch, *one) for one in SETTINGS],
    }
(GOLDEN / "paper-loss.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
