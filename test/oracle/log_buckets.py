"""The rows that DeBERTa's distances have in its table, by Transformers' own function: golden/log-buckets.json.

Run: python log_buckets.py. Each case: [buckets, furthest distance, rows of distances 0 to 639, rows of 0 to -639].
"""

import json
from pathlib import Path

import torch
from transformers.models.deberta_v2.modeling_deberta_v2 import make_log_bucket_position

SCHEMES = [(256, 512), (128, 512), (256, 1024), (32, 128), (8, 40), (6, 20), (64, 4096), (48, 300), (10, 512)]


def main():
    distances = torch.arange(640)
    cases = []
    for buckets, furthest in SCHEMES:
        rows = [make_log_bucket_position(sign * distances, buckets, furthest).long() for sign in (1, -1)]
        cases.append([buckets, furthest, *(torch.clamp(some + buckets, 0, 2 * buckets - 1).tolist() for some in rows)])
    path = Path(__file__).parent / "golden" / "log-buckets.json"
    path.write_text(json.dumps(cases, separators=(",", ":")) + "\n")


main()
