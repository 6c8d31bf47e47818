"""Makes folders/generation-fields.json: every field that Transformers' GenerationConfig has, set to something that is not its default.

Run: python generation_fields.py. The model is folders/bart. Each case has the file, and the ids that `generate` gives with it; null where it
refuses the setting or draws at random. Version: transformers 5.24.
"""

import json
import shutil
import tempfile
from pathlib import Path

import torch
from transformers import AutoTokenizer, BartForConditionalGeneration, GenerationConfig

ROOT = Path(__file__).parent / "folders"
TEXTS = json.loads((ROOT / "variants.json").read_text())["texts"]
USUAL = {"decoder_start_token_id": 2, "eos_token_id": 2, "pad_token_id": 1, "bos_token_id": 0}
BEAMS = {"num_beams": 3}

# These stand for ids that the model gives without any setting, found by main().
FIRST, OFTEN = "first", "often"

# Field: something that is not its default, and what stands beside it.
VALUES = {
    "_from_model_config": (True, {}),
    "assistant_confidence_threshold": (0.9, {}),
    "assistant_early_exit": (1, {}),
    "assistant_ensemble_weight": (0.5, {}),
    "assistant_lookbehind": (4, {}),
    "bad_words_ids": ([[5, 6], FIRST], {}),
    "begin_suppress_tokens": (FIRST, {}),
    "bos_token_id": (3, {}),
    "cache_config": ({"batch_size": 1}, {}),
    "cache_implementation": ("dynamic", {}),
    "compile_config": ({}, {}),
    "constraints": (["x"], BEAMS),
    "continuous_batching_config": ({}, {}),
    "decoder_start_token_id": (0, {}),
    "disable_compile": (True, {}),
    "diversity_penalty": (0.5, {"num_beams": 4, "num_beam_groups": 2}),
    "do_sample": (True, {}),
    "dola_layers": ("low", {}),
    "early_stopping": (True, BEAMS),
    "encoder_no_repeat_ngram_size": (2, {}),
    "encoder_repetition_penalty": (3.0, {}),
    "eos_token_id": ([2, OFTEN], {}),
    "epsilon_cutoff": (0.01, {}),
    "eta_cutoff": (0.01, {}),
    "exponential_decay_length_penalty": ([2, 3.0], {}),
    "force_words_ids": ([[5]], BEAMS),
    "forced_bos_token_id": (42, {}),
    "forced_eos_token_id": (2, {}),
    "guidance_scale": (2.0, {}),
    "is_assistant": (True, {}),
    "length_penalty": (-3.0, BEAMS),
    "low_memory": (True, {}),
    "max_cache_len": (64, {}),
    "max_length": (6, {}),
    "max_matching_ngram_size": (3, {}),
    "max_new_tokens": (5, {}),
    "max_time": (0.5, {}),
    "min_length": (9, {"eos_token_id": [2, OFTEN]}),
    "min_new_tokens": (7, {"eos_token_id": [2, OFTEN]}),
    "min_p": (0.3, {}),
    "no_repeat_ngram_size": (2, {}),
    "num_assistant_tokens": (3, {}),
    "num_assistant_tokens_schedule": ("heuristic", {}),
    "num_beam_groups": (2, {"num_beams": 4, "diversity_penalty": 0.5}),
    "num_beams": (4, {}),
    "num_return_sequences": (1, {}),
    "output_attentions": (True, {}),
    "output_hidden_states": (True, {}),
    "output_logits": (True, {}),
    "output_scores": (True, {}),
    "pad_token_id": (3, {}),
    "penalty_alpha": (0.6, {"top_k": 4}),
    "prefill_chunk_size": (8, {}),
    "prompt_lookup_num_tokens": (3, {}),
    "remove_invalid_values": (True, {}),
    "renormalize_logits": (True, BEAMS),
    "repetition_penalty": (1.8, {}),
    "return_dict_in_generate": (False, {}),
    "sequence_bias": ([[[5], 60.0]], {}),
    "speculation_type": ("dflash", {}),
    "stop_strings": (["mill"], {}),
    "suppress_tokens": (OFTEN, {}),
    "target_lookbehind": (4, {}),
    "temperature": (0.3, {}),
    "token_healing": (True, {}),
    "top_h": (0.4, {}),
    "top_k": (3, {}),
    "top_p": (0.4, {}),
    "transformers_version": ("4.30.0", {}),
    "typical_p": (0.4, {}),
    "use_cache": (False, {}),
    "use_mtp": (True, {}),
    "watermarking_config": ({"greenlist_ratio": 0.5}, {}),
}


def answers(files):
    folder = Path(tempfile.mkdtemp())
    shutil.copytree(ROOT / "bart", folder, dirs_exist_ok=True)
    (folder / "generation_config.json").write_text(json.dumps(files))
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = BartForConditionalGeneration.from_pretrained(folder).eval()
    found = []
    limits = {} if {"max_length", "max_new_tokens"} & files.keys() else {"max_new_tokens": 12}
    for text in TEXTS:
        inputs = tokenizer(text, return_tensors="pt", truncation=True, max_length=40)
        with torch.no_grad():
            out = model.generate(input_ids=inputs.input_ids, attention_mask=inputs.attention_mask, **limits)
        out = out if torch.is_tensor(out) else out.sequences
        # The decoder's start is no answer.
        found.append(out[0].tolist()[1:])
    shutil.rmtree(folder)
    return found


def filled(value, words):
    if isinstance(value, list):
        out = []
        for entry in value:
            found = filled(entry, words)
            # A list of single ids takes them in; a list of lists takes each as a list.
            if entry in (FIRST, OFTEN):
                out += [[one] for one in found] if any(isinstance(other, list) for other in value) else found
            else:
                out.append(found)
        return out
    return words[value] if isinstance(value, str) and value in words else value


def attempt(files):
    try:
        return answers(files)
    except Exception as error:  # noqa: BLE001 what Transformers refuses is a finding
        print(f"{type(error).__name__}: {str(error)[:120]}")
        return None


def main():
    fields = sorted(GenerationConfig().__dict__)
    lacking = set(fields) ^ VALUES.keys()
    assert not lacking, f"no value for {sorted(lacking)}"
    usual = answers(USUAL)
    ids = [one for row in usual for one in row[1:] if one > 2]
    words = {FIRST: sorted({row[0] for row in usual}), OFTEN: sorted(set(ids), key=lambda one: -ids.count(one))[:2]}
    plain = {}
    cases = []
    for field, (value, beside) in VALUES.items():
        beside = {name: filled(one, words) for name, one in beside.items()}
        without = {**USUAL, **beside}
        files = {**without, field: filled(value, words)}
        key = json.dumps(without)
        if key not in plain:
            plain[key] = attempt(without)
        found = None if field == "do_sample" else attempt(files)
        cases.append({"field": field, "files": files, "answers": found, "plain": plain[key]})
        print(field, "none" if found is None else "same" if found == plain[key] else "other")
    (ROOT / "generation-fields.json").write_text(json.dumps({"fields": fields, "cases": cases}, separators=(",", ":")) + "\n")

main()
