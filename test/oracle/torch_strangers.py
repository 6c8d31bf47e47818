"""Makes test/models/weights/golden/strangers/: files of torch.save as trainers and people leave them.

    python test/oracle/torch_strangers.py

Each holds the same four tensors in another wrapping, layout or company; index.json says under which names and with which values. What holds
no plain weights at all is listed without values: it must be refused. torch 2.x.
"""

import argparse
import collections
import datetime
import json
import pathlib
import shutil
from collections import OrderedDict, defaultdict

import numpy
import torch

OUT = pathlib.Path(__file__).parent.parent / "models" / "weights" / "golden" / "strangers"
torch.manual_seed(11)
BASE = torch.randn(6, 8)
PLAIN = OrderedDict(
    table=BASE,
    rows=BASE[1:5:2, ::2],  # strides of 16 and 2, from the ninth element on
    turned=BASE.t(),
    bias=torch.randn(5),
)


class Linear(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = torch.nn.Linear(3, 2)
        self.register_buffer("steps", torch.tensor(7))


def adam():
    model = torch.nn.Linear(3, 2)
    optimizer = torch.optim.AdamW(model.parameters())
    model(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    return optimizer


def old(value):
    return {"_use_new_zipfile_serialization": False}, value


def cases():
    optimizer = adam()
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1.0)
    yield "plain", PLAIN, PLAIN, {}
    yield "plain-legacy", PLAIN, PLAIN, {"_use_new_zipfile_serialization": False}
    yield "dict", dict(PLAIN), PLAIN, {}
    for key in ["state_dict", "model", "module", "model_state_dict", "net", "weights"]:
        yield f"under-{key}", {key: PLAIN, "epoch": 3}, PLAIN, {}
    yield "default-dict", defaultdict(dict, PLAIN), PLAIN, {}
    yield "trainer", {"epoch": 3, "model": PLAIN, "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict(), "loss": 0.5}, PLAIN, {}
    yield "namespace", {"model": PLAIN, "args": argparse.Namespace(lr=0.1, arch="bart"), "extra_state": None}, PLAIN, {}
    yield "numpy-scalar", {"state_dict": PLAIN, "best": numpy.float64(0.5), "at": numpy.array([1, 2])}, PLAIN, {}
    yield "path-and-date", {"model": PLAIN, "saved": datetime.datetime(2024, 1, 2), "home": pathlib.PurePosixPath("/x")}, PLAIN, {}
    yield "counter", {"model": PLAIN, "words": collections.Counter("aab")}, PLAIN, {}
    yield "lightning", {"pytorch-lightning_version": "2.0", "state_dict": OrderedDict((f"model.{k}", v) for k, v in PLAIN.items()), "callbacks": {}, "hparams": {"lr": 1e-3}}, {f"model.{k}": v for k, v in PLAIN.items()}, {}
    module = Linear().state_dict()
    yield "module", module, module, {}
    yield "module-legacy", module, module, {"_use_new_zipfile_serialization": False}
    parameters = {k: torch.nn.Parameter(v.clone()) for k, v in PLAIN.items()}
    yield "parameters", parameters, parameters, {}
    yield "parameters-legacy", parameters, parameters, {"_use_new_zipfile_serialization": False}
    kinds = {
        "half": BASE.half(), "brain": BASE.bfloat16(), "double": BASE.double(), "bytes": torch.arange(5, dtype=torch.uint8),
        "signed": torch.arange(-3, 3, dtype=torch.int8), "short": torch.arange(4, dtype=torch.int16), "int": torch.arange(4, dtype=torch.int32),
        "yes": torch.tensor([True, False]), "long": torch.tensor(2**40),
    }
    yield "kinds", kinds, kinds, {}
    yield "kinds-legacy", kinds, kinds, {"_use_new_zipfile_serialization": False}
    yield "protocol-4", PLAIN, PLAIN, {"pickle_protocol": 4}
    yield "protocol-4-legacy", PLAIN, PLAIN, {"pickle_protocol": 4, "_use_new_zipfile_serialization": False}
    conjugate = {"table": BASE, "gradient": BASE.clone().requires_grad_()}
    yield "gradient", conjugate, conjugate, {}
    yield "subclass-size", {"table": BASE, "size": BASE.size(), "device": torch.device("cpu"), "dtype": torch.float16}, {"table": BASE}, {}
    # No plain weights, or nobody knows which.
    yield "two-of-own", {"student": PLAIN, "teacher": PLAIN}, None, {}
    yield "expanded", {"wide": torch.ones(1, 4).expand(3, 4)}, None, {}
    yield "whole-module", torch.nn.Linear(3, 2), None, {}
    yield "list", [BASE], None, {}
    yield "one-tensor", BASE, None, {}
    yield "sparse", {"table": BASE.to_sparse()}, None, {}
    yield "quantized", {"table": torch.quantize_per_tensor(BASE, 0.1, 0, torch.qint8)}, None, {}
    yield "complex", {"table": torch.complex(BASE, BASE)}, None, {}
    yield "nothing", {"epoch": 1}, None, {}
    yield "optimizer-alone", optimizer.state_dict(), None, {}


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    index = {}
    for name, saved, expected, how in cases():
        try:
            torch.save(saved, OUT / f"{name}.bin", **how)
        except Exception as error:  # noqa: BLE001
            print(name, error)
            continue
        index[name] = None if expected is None else {
            key: {"shape": list(value.shape), "values": value.detach().double().flatten().tolist()} for key, value in expected.items()
        }
    (OUT / "index.json").write_text(json.dumps(index, separators=(",", ":")) + "\n")
    print(len(index), sum(path.stat().st_size for path in OUT.iterdir()))


main()
