"""Training steps with Transformers and PyTorch, one for each line of JSON on standard input, for a comparison in one run.

{"config": {...}, "batch": 4, "source": 128, "target": 128}  makes the model (random weights) and its batch
{"batches": [[[100, 5], [30, 3]], ...]}                      other batches for it: tokens of the inputs and of the answers, padded
{"step": true, "number": 0, "precision": "bf16"}             one eager step on a batch: forward, backward, clip, AdamW; answers the seconds
"""

import json
import sys
import time

import torch
from transformers import AutoConfig, AutoModelForSeq2SeqLM, AutoModelForSequenceClassification

torch.set_num_threads(int(sys.argv[1]))
model = optimizer = config = None
made = []


def prepare(request):
    global model, optimizer, config, made
    fields = dict(request["config"])
    config = AutoConfig.for_model(fields.pop("model_type"), **fields)
    if config.is_encoder_decoder and getattr(config, "decoder_start_token_id", None) is None:
        config.decoder_start_token_id = config.pad_token_id
    seq2seq = config.is_encoder_decoder
    model = (AutoModelForSeq2SeqLM if seq2seq else AutoModelForSequenceClassification).from_config(config)
    # Without dropout, as ours is measured: the products are the same either way.
    model.eval()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5)
    rows, length = request["batch"], request["source"]
    ids = torch.randint(5, config.vocab_size, (rows, length))
    batch = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    if seq2seq:
        batch["labels"] = torch.randint(5, config.vocab_size, (rows, request["target"]))
    else:
        batch["labels"] = torch.randint(0, 2, (rows,))
    made = [batch]
    return {"parameters": sum(p.numel() for p in model.parameters())}


def batches(request):
    global made
    made = []
    for rows in request["batches"]:
        count, source, target = len(rows), max(row[0] for row in rows), max(row[1] for row in rows)
        ids = torch.full((count, source), config.pad_token_id)
        mask = torch.zeros_like(ids)
        labels = torch.full((count, target), -100) if config.is_encoder_decoder else torch.randint(0, 2, (count,))
        for row, (inputs, outputs) in enumerate(rows):
            ids[row, :inputs] = torch.randint(5, config.vocab_size, (inputs,))
            mask[row, :inputs] = 1
            if config.is_encoder_decoder:
                labels[row, :outputs] = torch.randint(5, config.vocab_size, (outputs,))
        made.append({"input_ids": ids, "attention_mask": mask, "labels": labels})
    return {"batches": len(made)}


def step(request):
    batch = made[request.get("number", 0)]
    start = time.perf_counter()
    optimizer.zero_grad()
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=request.get("precision") == "bf16"):
        loss = model(**batch).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 0.1)
    optimizer.step()
    return {"seconds": time.perf_counter() - start, "loss": float(loss.detach())}


for line in sys.stdin:
    request = json.loads(line)
    answer = step if request.get("step") else batches if "batches" in request else prepare
    print(json.dumps(answer(request)), flush=True)
