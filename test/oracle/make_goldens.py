"""Makes the goldens in golden/: what Transformers and PyTorch compute for tiny random models.

Run: python make_goldens.py [case ...]   (all cases without arguments). See README.md for the file layout.
"""

import copy
import json
import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch.nn.functional import cross_entropy
from transformers import get_linear_schedule_with_warmup
from transformers.optimization import Adafactor

from cases import ENCODERS, PAIR_CLASSIFIERS, SEQ2SEQ

GOLDEN = Path(__file__).parent / "golden"
STEPS = 20
UNTIED = ("t5-lm-adapted",)
SMOOTHING = 0.1
# The names ReCross keeps from weight decay, matched as substrings. (BART's norms do not contain "LayerNorm", so they decay.)
NO_DECAY = ("bias", "LayerNorm.weight")
ADAMW = {"lr": 2e-3, "weight_decay": 0.01, "eps": 1e-8, "clip": 0.1}
ADAFACTOR = {"lr": 2e-3, "clip": 0.1, "eps": [1e-30, 1e-3], "clip_threshold": 1.0, "decay_rate": -0.8, "weight_decay": 0.0}


def roughen(model):
    """Random biases, norms and logit bias, so that nothing is zero or one by accident."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() == 1:
                is_scale = "norm" in name.lower() and name.endswith("weight")
                parameter.copy_(torch.randn_like(parameter) * 0.2 + (1.0 if is_scale else 0.0))
        if hasattr(model, "final_logits_bias"):
            model.final_logits_bias.copy_(torch.randn_like(model.final_logits_bias) * 0.5)


def liven(model, factors):
    """Makes greedy answers vary and end now and then: an untrained tied model only repeats its start token."""
    blocks, end_bias, head_scale, end_scale = factors
    eos = model.config.eos_token_id
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith((".o.weight", ".wo.weight", "out_proj.weight", "fc2.weight")):
                parameter.mul_(blocks)
        if hasattr(model, "final_logits_bias"):
            model.final_logits_bias[0, eos] += end_bias
        else:
            head = model.lm_head.weight
            head.mul_(head_scale)
            head[eos] *= end_scale


def token_rows(generator, lengths, vocabulary, first_free, start=None, end=None):
    rows = []
    for length in lengths:
        row = torch.randint(first_free, vocabulary, (length,), generator=generator).tolist()
        if start is not None:
            row[0] = start
        if end is not None:
            row[-1] = end
        rows.append(row)
    return rows


def padded(rows, fill):
    width = max(len(row) for row in rows)
    return torch.tensor([row + [fill] * (width - len(row)) for row in rows])


def mask_of(rows):
    width = max(len(row) for row in rows)
    return torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])


def seq2seq_inputs(model, batch):
    pad = model.config.pad_token_id
    return {"input_ids": padded(batch["source"], pad), "attention_mask": mask_of(batch["source"]), "labels": padded(batch["target"], -100)}


def loss_of(model, batch, smoothing):
    output = model(**seq2seq_inputs(model, batch), use_cache=False)
    labels = padded(batch["target"], -100)
    loss = cross_entropy(output.logits.view(-1, output.logits.shape[-1]), labels.view(-1), ignore_index=-100, label_smoothing=smoothing)
    if smoothing == 0:
        assert torch.allclose(loss, output.loss, atol=1e-6)
    return loss, output


def train(model, batches, kind):
    """20 steps at batch size 1 x accumulation 1; returns the losses, the norms before clipping and the weights afterwards."""
    trainable = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    if kind == "adamw":
        groups = [
            {"params": [p for n, p in trainable if not any(part in n for part in NO_DECAY)], "weight_decay": ADAMW["weight_decay"]},
            {"params": [p for n, p in trainable if any(part in n for part in NO_DECAY)], "weight_decay": 0.0},
        ]
        optimizer, clip = torch.optim.AdamW(groups, lr=ADAMW["lr"], eps=ADAMW["eps"]), ADAMW["clip"]
    else:
        optimizer = Adafactor(
            [p for _, p in trainable], lr=ADAFACTOR["lr"], scale_parameter=False, relative_step=False, warmup_init=False
        )
        clip = ADAFACTOR["clip"]
    schedule = get_linear_schedule_with_warmup(optimizer, 0, STEPS)
    losses, norms = [], []
    for step in range(STEPS):
        loss, _ = loss_of(model, batches[step % len(batches)], 0.0)
        optimizer.zero_grad()
        loss.backward()
        norms.append(float(torch.nn.utils.clip_grad_norm_([p for _, p in trainable], clip)))
        optimizer.step()
        schedule.step()
        losses.append(float(loss.detach()))
    return losses, norms, {n: p.detach().clone() for n, p in trainable}


def write_config_as_of_old(folder):
    """Transformers 5 always writes tie_word_embeddings true for T5; published v1.1, T0 and Flan folders say false."""
    path = folder / "config.json"
    config = json.loads(path.read_text())
    config["tie_word_embeddings"] = False
    del config["scale_decoder_outputs"]
    path.write_text(json.dumps(config, indent=2) + "\n")
    assert "lm_head.weight" in load_file(folder / "model.safetensors")


def generate(model, batch, **settings):
    inputs = seq2seq_inputs(model, batch)
    with torch.no_grad():
        output = model.generate(
            input_ids=inputs["input_ids"],
            attention_mask=inputs["attention_mask"],
            do_sample=False,
            return_dict_in_generate=True,
            output_scores=True,
            use_cache=False,
            **settings,
        )
    scores = getattr(output, "sequences_scores", None)
    return {"ids": output.sequences.tolist(), "scores": None if scores is None else scores.tolist()}


def random_seq2seq(name, make, seed, factors):
    torch.manual_seed(seed)
    model = make().eval()
    roughen(model)
    if name in UNTIED:
        model.config.tie_word_embeddings = False
        model.lm_head.weight = torch.nn.Parameter(torch.randn_like(model.lm_head.weight))
    liven(model, factors)
    return model


def seq2seq_batches(model):
    random = torch.Generator().manual_seed(17)
    vocabulary, eos = model.config.vocab_size, model.config.eos_token_id
    start = 0 if model.config.model_type == "bart" else None
    return [
        {
            "source": token_rows(random, lengths[0], vocabulary, 3, start, eos),
            # mBART begins an answer with its last id, whatever that is.
            "target": token_rows(random, lengths[1], vocabulary, 3, start, None if model.config.model_type == "mbart" else eos),
        }
        for lengths in [([9, 5, 12], [4, 7, 3]), ([3, 25, 8], [6, 2, 5]), ([7, 7], [9, 1]), ([30], [12])]
    ]


def make_seq2seq(name, make, generation, seed, factors):
    model = random_seq2seq(name, make, seed, factors)
    model.generation_config.num_beams = 4  # Transformers refuses to save beam settings without it
    for key, value in generation.items():
        setattr(model.generation_config, key, value)
    folder = fresh_folder(name)
    model.save_pretrained(folder)
    if name in UNTIED:
        write_config_as_of_old(folder)

    batches = seq2seq_batches(model)
    tensors, golden = {}, {"kind": "seq2seq", "batches": batches, "smoothing": SMOOTHING, "adamw": {**ADAMW, "noDecay": NO_DECAY}, "adafactor": ADAFACTOR}
    for index, batch in enumerate(batches):
        with torch.no_grad():
            _, output = loss_of(model, batch, 0.0)
            tensors[f"logits:{index}"] = output.logits.contiguous()
            tensors[f"hidden:{index}"] = output.encoder_last_hidden_state.contiguous()
            mask = mask_of(batch["source"]).unsqueeze(-1)
            mean = (output.encoder_last_hidden_state * mask).sum(1) / mask.sum(1)
            tensors[f"mean:{index}"] = mean
    golden["losses"] = [float(loss_of(model, batch, 0.0)[0].detach()) for batch in batches]
    golden["smoothedLosses"] = [float(loss_of(model, batch, SMOOTHING)[0].detach()) for batch in batches]
    for label, smoothing in (("gradient", 0.0), ("smoothedGradient", SMOOTHING)):
        if label == "smoothedGradient" and name != "bart":
            continue
        model.zero_grad()
        loss_of(model, batches[0], smoothing)[0].backward()
        for parameter_name, parameter in model.named_parameters():
            if parameter.grad is not None:
                tensors[f"{label}:{parameter_name}"] = parameter.grad.detach().clone()
    model.zero_grad()
    golden["generated"] = [
        {"batch": index, "settings": settings, **generate(model, batch, **settings)}
        for index, batch in enumerate(batches)
        for settings in ({"num_beams": 1, "max_new_tokens": 14}, {"num_beams": 4, "max_new_tokens": 14}, {"num_beams": 3, "max_new_tokens": 6})
    ]
    for kind in ("adamw", "adafactor"):
        if name not in ("bart", "t5", "t5-lm-adapted"):
            continue
        golden[f"{kind}Losses"], golden[f"{kind}Norms"], after = train(copy.deepcopy(model), batches, kind)
        for parameter_name, value in after.items():
            tensors[f"{kind}:{parameter_name}"] = value
    save(folder, golden, tensors)
    for case in golden["generated"]:
        print(name, case["settings"], [len([t for t in row if t != model.config.pad_token_id]) for row in case["ids"]])


def make_encoder(name, make):
    torch.manual_seed(sum(name.encode()))
    model = make().eval()
    roughen(model)
    folder = fresh_folder(name)
    model.save_pretrained(folder)
    random = torch.Generator().manual_seed(23)
    rows = token_rows(random, [9, 4, 21, 1], model.config.vocab_size, 3, 0, 2)
    pad = model.config.pad_token_id or 0
    mask = mask_of(rows)
    hidden = model(input_ids=padded(rows, pad), attention_mask=mask).last_hidden_state
    mean = (hidden * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
    tensors = {
        "hidden": hidden,
        "mean": mean,
        "mean:normalized": torch.nn.functional.normalize(mean, dim=1),
        "cls": hidden[:, 0],
        "cls:normalized": torch.nn.functional.normalize(hidden[:, 0], dim=1),
    }
    # A loss that reaches every weight: the mean embeddings against fixed random directions.
    direction = torch.randn(mean.shape, generator=random)
    (mean * direction).sum().backward()
    for parameter_name, parameter in model.named_parameters():
        if parameter.grad is not None:
            tensors[f"gradient:{parameter_name}"] = parameter.grad
    tensors["direction"] = direction
    save(folder, {"kind": "encoder", "rows": rows}, {k: v.detach().clone().contiguous() for k, v in tensors.items()})


def make_pair_classifier(name, make):
    torch.manual_seed(sum(name.encode()))
    model = make().eval()
    roughen(model)
    folder = fresh_folder(name)
    model.save_pretrained(folder)
    random = torch.Generator().manual_seed(29)
    # <s> a </s></s> b </s>
    rows = [
        # Transformers gives the row of the padding id no gradient: it may not be a token.
        [4 if model.config.pad_token_id == 0 else 0, *a, 2, 2, *b, 2]
        for a, b in zip(
            token_rows(random, [4, 9, 1], model.config.vocab_size, 3), token_rows(random, [6, 3, 11], model.config.vocab_size, 3)
        )
    ]
    labels = torch.tensor([1, 0, 1])
    types = [[int(at > row.index(2)) for at in range(len(row))] for row in rows]
    more = {"token_type_ids": padded(types, 0)} if getattr(model.config, "type_vocab_size", 0) > 1 else {}
    logits = model(input_ids=padded(rows, model.config.pad_token_id), attention_mask=mask_of(rows), **more).logits
    if model.config.num_labels == 1:
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits[:, 0], labels.float())
        scores = torch.sigmoid(logits[:, 0])
    else:
        loss = cross_entropy(logits, labels)
        scores = torch.softmax(logits, dim=1)[:, 1]
    loss.backward()
    tensors = {"logits": logits, "scores": scores}
    for parameter_name, parameter in model.named_parameters():
        if parameter.grad is not None:
            tensors[f"gradient:{parameter_name}"] = parameter.grad
    golden = {"kind": "pair-classifier", "rows": rows, "types": types, "labels": labels.tolist(), "loss": float(loss.detach())}
    save(folder, golden, {k: v.detach().clone().contiguous() for k, v in tensors.items()})


def fresh_folder(name):
    folder = GOLDEN / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def save(folder, golden, tensors):
    save_file({name: tensor.detach().contiguous().float() for name, tensor in tensors.items()}, folder / "golden.safetensors")
    (folder / "golden.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")


def main(names):
    torch.set_num_threads(1)
    for name, case in SEQ2SEQ.items():
        if not names or name in names:
            make_seq2seq(name, *case)
    for table, maker in ((ENCODERS, make_encoder), (PAIR_CLASSIFIERS, make_pair_classifier)):
        for name, make in table.items():
            if not names or name in names:
                maker(name, make)


if __name__ == "__main__":
    main(sys.argv[1:])
