"""What PEFT computes with the adapters that the lab exports.

First the lab writes them, then PEFT loads them beside the base models of the other goldens:

    WRITE_PEFT=1 npx vitest run --project node test/engine/peft-golden.test.ts
    oracle/bin/pip install peft && oracle/bin/python test/oracle/peft_goldens.py

golden/peft/<case>/golden.json holds the hashes of the files that were loaded and, for each batch of the case, the logits of the
target's tokens one behind the other (base64 of little-endian fp32).
"""

import base64
import hashlib
import json
from pathlib import Path

import torch
from peft import PeftModel
from transformers import AutoModelForSeq2SeqLM

here = Path(__file__).parent / "golden"


def padded(rows, value):
    longest = max(len(row) for row in rows)
    return torch.tensor([row + [value] * (longest - len(row)) for row in rows])


for folder in sorted(path for path in (here / "peft").iterdir() if path.is_dir()):
    case = here / folder.name
    base = AutoModelForSeq2SeqLM.from_pretrained(case, dtype=torch.float32).eval()
    batches = json.loads((case / "golden.json").read_text())["batches"]
    start, pad = base.config.decoder_start_token_id, base.config.pad_token_id
    model = PeftModel.from_pretrained(base, folder).eval()
    logits = []
    for batch in batches:
        source, target = batch["source"], batch["target"]
        mask = padded([[1] * len(row) for row in source], 0)
        shifted = padded([[start] + row[:-1] for row in target], pad)
        with torch.no_grad():
            scores = model(input_ids=padded(source, pad), attention_mask=mask, decoder_input_ids=shifted).logits
        rows = [len(row) for row in target]
        values = torch.cat([scores[index, :length] for index, length in enumerate(rows)]).numpy().astype("<f4")
        logits.append({"rows": rows, "values": base64.b64encode(values.tobytes()).decode()})
    hashes = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in ("adapter_config.json", "adapter_model.safetensors")
    }
    (folder / "golden.json").write_text(json.dumps({"sha256": hashes, "logits": logits}, indent=1) + "\n")
    print(folder.name, len(logits))
