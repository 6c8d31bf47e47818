"""Makes folders/: tiny model folders, and what Transformers and sentence-transformers make of them when small files change.

Run: python folder_goldens.py. Each variant names a base folder, the files that are written over it (null: taken away), and what came
out: token ids, generated ids, or vectors. Versions: transformers 5.24, sentence-transformers 6.2, tokenizers 0.23.
"""

import json
import random
import shutil
import sys
import tempfile
from pathlib import Path

import sentencepiece
import torch
from sentence_transformers import SentenceTransformer
from tokenizers import ByteLevelBPETokenizer
from transformers import (
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    BartConfig,
    BartForConditionalGeneration,
    BertConfig,
    BertModel,
    T5Config,
    T5ForConditionalGeneration,
)

ROOT = Path(__file__).parent / "folders"
TEXTS = [
    "The harbour of Brisk is near the old mill, and the baker sells bread there in winter.",
    "When was the castle of Arlen built? Nobody knows; the mayor says 1200, the monks say 900.",
    "Is the stone bridge older than the tower? Yes, it isn't new, they've said so.",
    "Élan, naïve, Straße, 東京 and Ünal are names that the town's people can't spell.",
]
LINES = [
    "The harbour<question>mill",
    "the [Q] mill is OLD",
    "a <question> b",
    "<answer><question>",
    "Élan NAÏVE straße",
    "東京 town",
    "  two  blanks ",
    "Harbour",
    "x<mask>y <mask> z",
    "<pad> and </s> in a text",
    "{ brace } and {brace}",
    "New<new>York <NEW> new",
    "",
    "it isn't, they've said",
]


def write(folder, files):
    for name, content in files.items():
        path = folder / name
        if content is None:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))


def roughen(model):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() == 1:
                scale = "norm" in name.lower() and name.endswith("weight")
                parameter.copy_(torch.randn_like(parameter) * 0.2 + (1.0 if scale else 0.0))


def base_bart():
    folder = fresh("bart")
    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(TEXTS, vocab_size=330, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    trained.save_model(str(folder))
    torch.manual_seed(5)
    config = BartConfig(
        vocab_size=340, d_model=16, encoder_layers=1, decoder_layers=2, encoder_attention_heads=2, decoder_attention_heads=2,
        encoder_ffn_dim=24, decoder_ffn_dim=24, max_position_embeddings=48, init_std=0.5, dropout=0.0,
    )
    model = BartForConditionalGeneration(config).eval()
    roughen(model)
    model.final_logits_bias.copy_(torch.randn_like(model.final_logits_bias))
    save(model, folder)


def base_t5():
    folder = fresh("t5")
    corpus = folder / "corpus.txt"
    corpus.write_text("\n".join(TEXTS * 30))
    sentencepiece.SentencePieceTrainer.train(
        input=str(corpus), model_prefix=str(folder / "spiece"), vocab_size=92, model_type="unigram", pad_id=0, eos_id=1, unk_id=2, bos_id=-1,
        user_defined_symbols=["[Q]", "<br>"], control_symbols=["<sep>"], minloglevel=2,
    )
    corpus.unlink()
    (folder / "spiece.vocab").unlink()
    torch.manual_seed(6)
    config = T5Config(vocab_size=200, d_model=16, d_kv=4, d_ff=24, num_layers=1, num_heads=2, dropout_rate=0.0, decoder_start_token_id=0)
    model = T5ForConditionalGeneration(config).eval()
    roughen(model)
    save(model, folder)


def base_bert():
    folder = fresh("bert")
    words = sorted({w for t in TEXTS for w in t.replace(",", "").replace(".", "").replace("?", "").replace(";", "").split()})
    letters = sorted({c for t in TEXTS for c in t + t.lower() if not c.isspace()})
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + letters + ["##" + c for c in letters] + words + [w.lower() for w in words]
    (folder / "vocab.txt").write_text("\n".join(dict.fromkeys(vocabulary)) + "\n")
    size = len(dict.fromkeys(vocabulary))
    torch.manual_seed(7)
    model = BertModel(BertConfig(
        vocab_size=size + 6, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=24, max_position_embeddings=48, initializer_range=0.5,
    )).eval()
    roughen(model)
    save(model, folder)


def fresh(name):
    folder = ROOT / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def save(model, folder):
    kept = {path.name for path in folder.iterdir()}
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    return kept


def at(base, files):
    folder = Path(tempfile.mkdtemp())
    shutil.copytree(ROOT / base, folder, dirs_exist_ok=True)
    write(folder, files)
    return folder


def token_variants(generator):
    """Tokenizer settings wherever they may stand, drawn at random."""
    tokens = ["<question>", "<answer>", "{", "<new>"]
    for base in ("bart", "t5", "bert"):
        plain = at(base, {})
        AutoTokenizer.from_pretrained(plain).save_pretrained(plain / "saved")
        whole = json.loads((plain / "saved" / "tokenizer.json").read_text())
        size = len(AutoTokenizer.from_pretrained(plain))
        for number in range(16):
            config, files = {}, {}
            if base == "bert":
                for key in ("do_lower_case", "strip_accents", "tokenize_chinese_chars"):
                    if generator.random() < 0.5:
                        config[key] = generator.random() < 0.5
            if base == "bart" and generator.random() < 0.5:
                config["add_prefix_space"] = generator.random() < 0.5
            if generator.random() < 0.4:
                files["tokenizer.json"] = whole
                config["tokenizer_class"] = {"bart": "BartTokenizer", "t5": "T5TokenizerFast", "bert": "BertTokenizerFast"}[base]
                if generator.random() < 0.4:
                    config["tokenizer_class"] = "PreTrainedTokenizerFast"
            chosen = generator.sample(tokens, generator.randint(0, 3))
            way = generator.choice(["added_tokens.json", "decoder", "special_map", "additional"])
            if chosen and way == "added_tokens.json":
                files["added_tokens.json"] = {token: size + index for index, token in enumerate(chosen)}
                if generator.random() < 0.5:
                    files["special_tokens_map.json"] = {"additional_special_tokens": chosen[:1]}
            elif chosen and way == "decoder":
                config["added_tokens_decoder"] = {
                    str(size + index): {
                        "content": token, "lstrip": generator.random() < 0.3, "rstrip": generator.random() < 0.3,
                        "single_word": False, "normalized": generator.random() < 0.5, "special": generator.random() < 0.5,
                    }
                    for index, token in enumerate(chosen)
                }
            elif chosen and way == "special_map" and base != "t5":
                files["special_tokens_map.json"] = {"additional_special_tokens": chosen}
            elif chosen and base != "t5":
                config["additional_special_tokens"] = chosen
            files["tokenizer_config.json"] = config
            yield base, f"{base} {number}", files


def generation_variants():
    greedy = {"eos_token_id": 2, "pad_token_id": 1, "decoder_start_token_id": 2, "bos_token_id": 0}
    for name, extra in {
        "repetition penalty": {"repetition_penalty": 3.0},
        "repetition penalty with beams": {"repetition_penalty": 1.4, "num_beams": 3},
        "bad words": {"bad_words_ids": [[9], [300, 12], [2]]},
        "bad words with beams": {"bad_words_ids": [[40], [41, 42]], "num_beams": 4},
        "suppressed ids": {"suppress_tokens": [10, 11, 300], "begin_suppress_tokens": [5, 6, 7]},
        "suppressed first behind a forced start": {"begin_suppress_tokens": [5, 6, 7], "forced_bos_token_id": 0},
        "fewest new tokens": {"min_new_tokens": 9, "num_beams": 2},
        "n-grams of the input": {"encoder_no_repeat_ngram_size": 1},
        "n-grams of the input with beams": {"encoder_no_repeat_ngram_size": 2, "no_repeat_ngram_size": 2, "num_beams": 3},
        "forced ends": {"forced_bos_token_id": 0, "forced_eos_token_id": 2, "max_length": 9},
        "nothing but ids": {},
        "sampling that is off": {"do_sample": False, "temperature": 0.3, "top_k": 3},
    }.items():
        yield "bart", name, {"generation_config.json": {**greedy, **extra}}
    config = json.loads((ROOT / "bart" / "config.json").read_text())
    yield "bart", "the old flag for a forced start", {"config.json": {**config, "force_bos_token_to_be_generated": True}}
    yield "bart", "settings in config.json", {"config.json": {**config, "num_beams": 3, "repetition_penalty": 1.3, "max_length": 14}}
    # Transformers 5 takes the head for untied when both tables are there and differ.
    yield "bart-untied", "a head of its own", {}


def sentence_variants():
    modules = [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}]
    pooling = {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}
    normalize = {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}
    dense = {"idx": 2, "name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"}
    base = {"modules.json": [*modules, pooling], "tokenizer_config.json": {"do_lower_case": False, "tokenizer_class": "BertTokenizer"}}

    def pooled(*modes, **more):
        names = ("cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken")
        return {"word_embedding_dimension": 16, **{f"pooling_mode_{n}": n in modes for n in names}, **more}

    for mode in ("cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken"):
        yield f"pooling by {mode}", {**base, "1_Pooling/config.json": pooled(mode)}
    yield "two poolings side by side", {**base, "1_Pooling/config.json": pooled("cls_token", "max_tokens")}
    mean = {**base, "1_Pooling/config.json": pooled("mean_tokens")}
    yield "length one", {**mean, "modules.json": [*modules, pooling, normalize]}
    yield "lower case", {**mean, "sentence_bert_config.json": {"max_seq_length": 40, "do_lower_case": True}}
    yield "eight tokens", {**mean, "sentence_bert_config.json": {"max_seq_length": 8}}
    yield "eight tokens of the tokenizer", {**mean, "tokenizer_config.json": {"do_lower_case": False, "model_max_length": 8}}
    yield "both limits", {**mean, "sentence_bert_config.json": {"max_seq_length": 12}, "tokenizer_config.json": {"do_lower_case": False, "model_max_length": 8}}
    prompts = {"query": "query: ", "passage": "passage: "}
    yield "a default prompt", {**mean, "config_sentence_transformers.json": {"prompts": prompts, "default_prompt_name": "query"}}
    yield "prompts without a default", {**mean, "config_sentence_transformers.json": {"prompts": prompts, "default_prompt_name": None}}
    yield "a prompt that is not pooled", {
        **mean, "1_Pooling/config.json": pooled("mean_tokens", include_prompt=False),
        "config_sentence_transformers.json": {"prompts": prompts, "default_prompt_name": "passage"},
    }
    for activation in ("Tanh", "ReLU", "GELU"):
        yield f"dense with {activation}", {
            **mean, "modules.json": [*modules, pooling, dense],
            "2_Dense/config.json": {"in_features": 16, "out_features": 5, "bias": True, "activation_function": f"torch.nn.modules.activation.{activation}"},
        }
    yield "dense without bias, length one", {
        **mean, "modules.json": [*modules, pooling, dense, {**normalize, "idx": 3, "name": "3", "path": "3_Normalize"}],
        "2_Dense/config.json": {"in_features": 16, "out_features": 5, "bias": False, "activation_function": "torch.nn.modules.linear.Identity"},
    }


def passage_prompt(files):
    """Of the document, else of the passage. sentence-transformers 6.2 overlooks the second, for it has an empty first by default."""
    prompts = files.get("config_sentence_transformers.json", {}).get("prompts", {})
    return prompts.get("document", prompts.get("passage", ""))


def add_dense(folder):
    from safetensors.torch import save_file

    config = folder / "2_Dense" / "config.json"
    if not config.exists():
        return
    torch.manual_seed(8)
    weights = {"linear.weight": torch.randn(5, 16)}
    if json.loads(config.read_text())["bias"]:
        weights["linear.bias"] = torch.randn(5)
    save_file(weights, folder / "2_Dense" / "model.safetensors")
    return {name: tensor.flatten().tolist() for name, tensor in weights.items()}


def main():
    base_bart(), base_t5(), base_bert()
    untied = fresh("bart-untied")
    shutil.copytree(ROOT / "bart", untied, dirs_exist_ok=True)
    model = BartForConditionalGeneration.from_pretrained(ROOT / "bart")
    torch.manual_seed(9)
    model.config.tie_word_embeddings = False
    # Transformers 5 draws the stacks' own tables anew where the file lacks them, so that they must be in it.
    for owner in (model.lm_head, model.model.encoder.embed_tokens, model.model.decoder.embed_tokens):
        owner.weight = torch.nn.Parameter(torch.randn_like(owner.weight))
    model.save_pretrained(untied)
    (untied / "generation_config.json").unlink(missing_ok=True)

    generator = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
    tokens = []
    for base, name, files in token_variants(generator):
        folder = at(base, files)
        tokenizer = AutoTokenizer.from_pretrained(folder)
        tokens.append({"base": base, "name": name, "files": files, "ids": [tokenizer(line).input_ids for line in LINES]})
    generated = []
    for base, name, files in generation_variants():
        folder = at(base, files)
        tokenizer = AutoTokenizer.from_pretrained(folder)
        model = AutoModelForSeq2SeqLM.from_pretrained(folder).eval()
        answers = []
        for text in TEXTS:
            with torch.no_grad():
                answers.append(model.generate(**tokenizer(text, return_tensors="pt", truncation=True, max_length=40), **({} if "max_length" in str(files) else {"max_new_tokens": 12}))[0, 1:].tolist())
        generated.append({"base": base, "name": name, "files": files, "answers": answers})
    vectors = []
    for name, files in sentence_variants():
        folder = at("bert", files)
        dense = add_dense(folder)
        model = SentenceTransformer(str(folder), device="cpu")
        vectors.append({
            "base": "bert", "name": name, "files": files, "dense": dense,
            "usual": model.encode(TEXTS).tolist(), "query": model.encode_query(TEXTS).tolist(), "passage": model.encode(TEXTS, prompt=passage_prompt(files)).tolist(),
        })
    result = {"texts": TEXTS, "lines": LINES, "tokens": tokens, "generated": generated, "vectors": vectors}
    whole = {base: next(v["files"]["tokenizer.json"] for v in tokens if v["base"] == base and "tokenizer.json" in v["files"]) for base in ("bart", "t5", "bert")}
    for variant in tokens:
        if "tokenizer.json" in variant["files"]:
            variant["files"]["tokenizer.json"] = "whole"
    for base, content in whole.items():
        (ROOT / f"{base}-tokenizer.json").write_text(json.dumps(content))
    (ROOT / "variants.json").write_text(json.dumps(result) + "\n")


main()
