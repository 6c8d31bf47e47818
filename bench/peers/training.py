"""Training steps with Transformers and PyTorch, one for each line of JSON on standard input, for a comparison in one run.

{"config": {...}, "batch": 4, "source": 128, "target": 128}  makes the model (random weights) and its batch
{"step": true}                                               one eager step: forward, backward, clip, AdamW; answers the seconds
"""

import json
import sys
import time

import torch
from transformers import AutoConfig, AutoModelForSeq2SeqLM, AutoModelForSequenceClassification

torch.set_num_threads(int(sys.argv[1]))
model = optimizer = batch = None


def prepare(request):
    global model, optimizer, batch
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
    return {"parameters": sum(p.numel() for p in model.parameters())}


def step():
    start = time.perf_counter()
    optimizer.zero_grad()
    loss = model(**batch).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 0.1)
    optimizer.step()
    return {"seconds": time.perf_counter() - start, "loss": float(loss.detach())}


for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps(step() if request.get("step") else prepare(request)), flush=True)
