"""What encoders make of a padding id that stands in a text, as "<pad>" typed by someone does: RoBERTa and MPNet do not count it.

python test/oracle/pad_goldens.py > test/oracle/golden/pad-in-text.json    (torch, transformers 5)
"""

import json
import pathlib

import torch
from transformers import AutoModel

golden = pathlib.Path(__file__).parent / "golden"
found = {}
for name in ["roberta", "distilroberta", "xlm-roberta", "mpnet", "bert", "distilbert", "electra"]:
    model = AutoModel.from_pretrained(golden / name).eval()
    pad = model.config.pad_token_id
    rows = [[5, pad, 7, 8], [pad, 6], [9, 10, pad, pad, 11]]
    means = []
    for row in rows:
        ids = torch.tensor([row])
        with torch.no_grad():
            hidden = model(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
        means.append([round(float(value), 7) for value in hidden[0].mean(0)])
    found[name] = {"rows": rows, "means": means}
print(json.dumps(found))
