"""The other side of bench/inference.ts: Sentence-Transformers and Transformers on the same models, told what to do in JSON lines.

Requests: {"embed": {"folder", "texts"}} and {"generate": {"folder", "rows", "tokens", "beams"}}; the answer to each is
{"seconds", "processor", ...}: by the clock, and of all processors together. Models stay loaded between requests.
"""

import json
import sys
import time

import torch
from transformers import AutoModelForSeq2SeqLM

torch.set_num_threads(int(sys.argv[1]))
loaded = {}


def sentence_model(folder):
    from sentence_transformers import SentenceTransformer, models

    transformer = models.Transformer(folder)
    return SentenceTransformer(modules=[transformer, models.Pooling(transformer.get_word_embedding_dimension())], device="cpu")


def embed(folder, texts):
    model = loaded.setdefault(folder, None) or sentence_model(folder)
    loaded[folder] = model
    start = (time.perf_counter(), time.process_time())
    vectors = model.encode(texts, batch_size=32, show_progress_bar=False)
    return {**since(start), "first": vectors[0].tolist()}


def since(start):
    return {"seconds": time.perf_counter() - start[0], "processor": time.process_time() - start[1]}


def generate(folder, rows, tokens, beams):
    model = loaded.setdefault(folder, None) or AutoModelForSeq2SeqLM.from_pretrained(folder).eval()
    loaded[folder] = model
    model.generation_config.decoder_start_token_id = 2
    model.generation_config.pad_token_id = 1
    model.generation_config.eos_token_id = None  # random weights: every answer is to have the full length
    model.generation_config.forced_eos_token_id = None
    ids = torch.tensor(rows)
    start = (time.perf_counter(), time.process_time())
    with torch.inference_mode():
        output = model.generate(
            input_ids=ids, attention_mask=torch.ones_like(ids), num_beams=beams, do_sample=False, max_new_tokens=tokens
        )
    return {**since(start), "ids": output.tolist()}


for line in sys.stdin:
    [(name, request)] = json.loads(line).items()
    answer = {"embed": embed, "generate": generate}[name](**request)
    print(json.dumps(answer), flush=True)
