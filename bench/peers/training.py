"""Training steps with Transformers and PyTorch, one for each line of JSON on standard input, for a comparison in one run:
`training.py <threads> [cpu | cuda]`.

{"config": {...}, "batch": 4, "source": 128, "target": 128}  makes the model (random weights) and its batch; with "lora": {"rank",
                                                             "alpha", "targets"} as PEFT adapts it, or {"missing": true} without PEFT
{"batches": [[[100, 5], [30, 3]], ...]}                      other batches for it: tokens of the inputs and of the answers, padded
{"device": true}                                             which card it computes on, null for none
{"step": true, "number": 0, "precision": "bf16"}             one eager step on a batch: forward, backward, clip, AdamW; answers the seconds, and
                                                             the processor's
"""

import json
import sys
import time

import torch
from transformers import AutoConfig, AutoModelForSeq2SeqLM, AutoModelForSequenceClassification

torch.set_num_threads(int(sys.argv[1]))
device = "cuda" if sys.argv[2:] == ["cuda"] and torch.cuda.is_available() else "cpu"
model = optimizer = config = None
# Loss scaling, for fp16 alone.
scaler = torch.amp.GradScaler("cuda", enabled=device == "cuda")
made = []


def prepare(request):
    global model, optimizer, config, made
    fields = dict(request["config"])
    config = AutoConfig.for_model(fields.pop("model_type"), **fields)
    if config.is_encoder_decoder and getattr(config, "decoder_start_token_id", None) is None:
        config.decoder_start_token_id = config.pad_token_id
    seq2seq = config.is_encoder_decoder
    model = (AutoModelForSeq2SeqLM if seq2seq else AutoModelForSequenceClassification).from_config(config).to(device)
    # Without dropout, as ours is measured: the products are the same either way.
    model.eval()
    if "lora" in request:
        try:
            from peft import LoraConfig, get_peft_model
        except ImportError:
            return {"missing": True}
        lora = request["lora"]
        model = get_peft_model(model, LoraConfig(r=lora["rank"], lora_alpha=lora["alpha"], target_modules=lora["targets"]))
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-5)
    rows, length = request["batch"], request["source"]
    ids = torch.randint(5, config.vocab_size, (rows, length))
    batch = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    if seq2seq:
        batch["labels"] = torch.randint(5, config.vocab_size, (rows, request["target"]))
    else:
        batch["labels"] = torch.randint(0, 2, (rows,))
    made = [{name: values.to(device) for name, values in batch.items()}]
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
        made.append({"input_ids": ids.to(device), "attention_mask": mask.to(device), "labels": labels.to(device)})
    return {"batches": len(made)}


def card(_request):
    return {"device": torch.cuda.get_device_name() if device == "cuda" else None}


def wait():
    if device == "cuda":
        torch.cuda.synchronize()


halves = {"bf16": torch.bfloat16, "fp16": torch.float16}


def step(request):
    batch = made[request.get("number", 0)]
    precision = request.get("precision")
    wait()
    start, processor = time.perf_counter(), time.process_time()
    optimizer.zero_grad()
    with torch.autocast(device, dtype=halves.get(precision, torch.bfloat16), enabled=precision in halves):
        loss = model(**batch).loss
    if precision == "fp16":
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
    else:
        loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 0.1)
    if precision == "fp16":
        scaler.step(optimizer)
        scaler.update()
    else:
        optimizer.step()
    wait()
    return {"seconds": time.perf_counter() - start, "processor": time.process_time() - processor, "loss": float(loss.detach())}


for line in sys.stdin:
    request = json.loads(line)
    answer = step if request.get("step") else card if "device" in request else batches if "batches" in request else prepare
    print(json.dumps(answer(request)), flush=True)
