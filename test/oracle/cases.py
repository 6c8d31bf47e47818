"""The tiny models whose numbers are golden: one per architecture, with every switch of a real checkpoint set somewhere.

Sizes are small and uneven on purpose (heads, widths and layer counts that differ), so that a mixed-up dimension shows.
"""

from transformers import (
    AlbertConfig,
    AlbertForSequenceClassification,
    AlbertModel,
    BartConfig,
    BartForConditionalGeneration,
    BertConfig,
    BertModel,
    DebertaV2Config,
    DebertaV2ForSequenceClassification,
    DebertaV2Model,
    DistilBertConfig,
    DistilBertModel,
    ElectraConfig,
    ElectraForSequenceClassification,
    ElectraModel,
    MBartConfig,
    MBartForConditionalGeneration,
    MT5Config,
    MT5ForConditionalGeneration,
    MPNetConfig,
    MPNetModel,
    ModernBertConfig,
    ModernBertForSequenceClassification,
    ModernBertModel,
    PegasusConfig,
    PegasusForConditionalGeneration,
    RobertaConfig,
    RobertaForSequenceClassification,
    RobertaModel,
    T5Config,
    T5EncoderModel,
    T5ForConditionalGeneration,
    UMT5Config,
    UMT5ForConditionalGeneration,
    XLMRobertaConfig,
    XLMRobertaModel,
)

QUIET = {"dropout": 0.0, "attention_dropout": 0.0, "activation_dropout": 0.0}
QUIET_BERT = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}


def bart(config=BartConfig, model=BartForConditionalGeneration, **changes):
    settings = dict(
        vocab_size=120,
        d_model=24,
        encoder_layers=2,
        decoder_layers=3,
        encoder_attention_heads=4,
        decoder_attention_heads=3,
        encoder_ffn_dim=40,
        decoder_ffn_dim=36,
        max_position_embeddings=40,
        init_std=0.2,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
        decoder_start_token_id=2,
        **QUIET,
    )
    settings.update(changes)
    return model(config(**settings))


def t5(config=T5Config, model=T5ForConditionalGeneration, **changes):
    settings = dict(
        vocab_size=112,
        d_model=24,
        d_kv=6,
        d_ff=40,
        num_layers=2,
        num_decoder_layers=2,
        num_heads=4,
        relative_attention_num_buckets=8,
        relative_attention_max_distance=20,
        dropout_rate=0.0,
        initializer_factor=1.0,
        feed_forward_proj="relu",
        pad_token_id=0,
        eos_token_id=1,
        decoder_start_token_id=0,
    )
    settings.update(changes)
    return model(config(**settings))


def bert_like(config_class, model_class, **changes):
    settings = dict(
        vocab_size=110,
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=3,
        intermediate_size=40,
        max_position_embeddings=40,
        initializer_range=0.2,
        **QUIET_BERT,
    )
    settings.update(changes)
    config = config_class(**settings)
    if model_class in (RobertaForSequenceClassification, ElectraForSequenceClassification, AlbertForSequenceClassification, ElectraModel):
        return model_class(config)
    return model_class(config, add_pooling_layer=False) if model_class is not MPNetModel else model_class(config)


def deberta(model, **changes):
    settings = dict(
        vocab_size=110,
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=3,
        intermediate_size=40,
        max_position_embeddings=40,
        initializer_range=0.2,
        # As the third version is published.
        relative_attention=True,
        max_relative_positions=-1,
        position_buckets=8,
        norm_rel_ebd="layer_norm",
        share_att_key=True,
        pos_att_type="p2c|c2p",
        position_biased_input=False,
        type_vocab_size=0,
        **QUIET_BERT,
    )
    settings.update(changes)
    return model(DebertaV2Config(**settings))


def modernbert(model, **changes):
    settings = dict(
        vocab_size=110,
        hidden_size=24,
        num_hidden_layers=4,
        num_attention_heads=3,
        intermediate_size=36,
        max_position_embeddings=64,
        initializer_range=0.2,
        local_attention=6,
        pad_token_id=1,
        bos_token_id=0,
        cls_token_id=0,
        eos_token_id=2,
        sep_token_id=2,
    )
    settings.update(changes)
    return model(ModernBertConfig(**settings))


ROBERTA = dict(vocab_size=116, pad_token_id=1, bos_token_id=0, eos_token_id=2, max_position_embeddings=42, type_vocab_size=1)

# name -> (maker, generation settings for generation_config.json, seed, liven factors: residual blocks, end-token bias, head
# scale, end-token scale). Seeds and factors were found by trying: answers should end at different lengths.
SEQ2SEQ = {
    "bart": (
        lambda: bart(),
        dict(forced_bos_token_id=0, forced_eos_token_id=2, early_stopping=True, no_repeat_ngram_size=3),
        44,
        (1.0, 3.0, 0.4, 4.0),
    ),
    "bart-scaled": (
        lambda: bart(scale_embedding=True, activation_function="relu", encoder_layers=1, decoder_layers=2),
        dict(forced_eos_token_id=2, early_stopping=False, length_penalty=2.0, min_length=4),
        51,
        (2.0, 3.0, 0.2, 4.0),
    ),
    "t5": (lambda: t5(), dict(early_stopping=False), 17, (2.0, 0.0, 0.2, 3.0)),
    "t5-lm-adapted": (
        lambda: t5(feed_forward_proj="gated-gelu", tie_word_embeddings=False),
        dict(early_stopping="never", length_penalty=0.5),
        99,
        (1.0, 0.0, 0.7, 4.0),
    ),
    "flan-t5": (
        lambda: t5(feed_forward_proj="gated-gelu", tie_word_embeddings=False, num_heads=3, num_decoder_layers=3, d_model=20),
        dict(early_stopping=True),
        45,
        (8.0, 0.0, 0.7, 3.0),
    ),
    "mbart": (
        lambda: bart(MBartConfig, MBartForConditionalGeneration, scale_embedding=True, decoder_start_token_id=7),
        dict(forced_eos_token_id=2, early_stopping=True),
        61,
        (1.0, 3.0, 0.4, 4.0),
    ),
    "pegasus": (
        lambda: bart(
            PegasusConfig, PegasusForConditionalGeneration, scale_embedding=True, activation_function="relu",
            # Not the padding id, whose row has no gradient there.
            pad_token_id=0, eos_token_id=1, decoder_start_token_id=3, bos_token_id=None,
        ),
        dict(forced_eos_token_id=1, length_penalty=0.8),
        62,
        (1.0, 3.0, 0.4, 4.0),
    ),
    # What Transformers 5 writes; "mt5-v4" is made with version 4.57, where "tied" means that the output is scaled.
    "mt5": (lambda: t5(MT5Config, MT5ForConditionalGeneration, feed_forward_proj="gated-gelu"), dict(early_stopping=True), 63, (2.0, 0.0, 0.3, 3.0)),
    "mt5-v4": (
        lambda: t5(MT5Config, MT5ForConditionalGeneration, feed_forward_proj="gated-gelu", tie_word_embeddings=True),
        dict(early_stopping=True),
        63,
        (2.0, 0.0, 0.3, 3.0),
    ),
    "umt5": (lambda: t5(UMT5Config, UMT5ForConditionalGeneration, feed_forward_proj="gated-gelu"), dict(early_stopping=True), 64, (2.0, 0.0, 0.3, 3.0)),
}

ENCODERS = {
    "bert": lambda: bert_like(BertConfig, BertModel, layer_norm_eps=1e-12),
    "roberta": lambda: bert_like(RobertaConfig, RobertaModel, **ROBERTA),
    "distilroberta": lambda: bert_like(RobertaConfig, RobertaModel, **{**ROBERTA, "num_hidden_layers": 1, "layer_norm_eps": 1e-5}),
    "mpnet": lambda: bert_like(
        MPNetConfig, MPNetModel, vocab_size=116, pad_token_id=1, max_position_embeddings=42
    ),
    "distilbert": lambda: DistilBertModel(
        DistilBertConfig(
            vocab_size=110,
            dim=24,
            n_layers=2,
            n_heads=3,
            hidden_dim=40,
            max_position_embeddings=40,
            dropout=0.0,
            attention_dropout=0.0,
            initializer_range=0.2,
        )
    ),
    "xlm-roberta": lambda: bert_like(XLMRobertaConfig, XLMRobertaModel, **ROBERTA),
    "electra": lambda: bert_like(ElectraConfig, ElectraModel, embedding_size=12),
    "albert": lambda: bert_like(AlbertConfig, AlbertModel, embedding_size=12, num_hidden_layers=3),
    "deberta-v3": lambda: deberta(DebertaV2Model),
    # What the largest of the second version have: a convolution, distances with layers of their own, one direction only.
    "deberta-v2": lambda: deberta(
        DebertaV2Model, conv_kernel_size=3, conv_act="gelu", share_att_key=False, position_buckets=-1, max_relative_positions=7,
        norm_rel_ebd="none", position_biased_input=True, type_vocab_size=1, embedding_size=12,
    ),
    "deberta-v2-c2p": lambda: deberta(DebertaV2Model, share_att_key=False, pos_att_type=["c2p"], position_buckets=6, max_relative_positions=20),
    "deberta-v2-plain": lambda: deberta(DebertaV2Model, relative_attention=False, position_biased_input=True, norm_rel_ebd="none", type_vocab_size=2),
    "modernbert": lambda: modernbert(ModernBertModel),
    "modernbert-biased": lambda: modernbert(
        ModernBertModel, norm_bias=True, attention_bias=True, mlp_bias=True, hidden_activation="silu", num_hidden_layers=2,
        layer_types=["sliding_attention", "full_attention"],
        rope_parameters={"full_attention": {"rope_type": "default", "rope_theta": 500.0}, "sliding_attention": {"rope_type": "default", "rope_theta": 20.0}},
    ),
    "t5-encoder": lambda: t5(model=T5EncoderModel, feed_forward_proj="gated-gelu"),
}

PAIR_CLASSIFIERS = {
    "roberta-pair": lambda: bert_like(RobertaConfig, RobertaForSequenceClassification, **ROBERTA, num_labels=2),
    "electra-pair": lambda: bert_like(ElectraConfig, ElectraForSequenceClassification, num_labels=2),
    "deberta-pair": lambda: deberta(DebertaV2ForSequenceClassification, num_labels=3, type_vocab_size=2),
    "modernbert-pair": lambda: modernbert(ModernBertForSequenceClassification, num_labels=2),
    "modernbert-pair-mean": lambda: modernbert(
        ModernBertForSequenceClassification, num_labels=1, classifier_pooling="mean", classifier_bias=True, classifier_activation="relu"
    ),
    "albert-pair": lambda: bert_like(AlbertConfig, AlbertForSequenceClassification, embedding_size=12, num_labels=3, classifier_dropout_prob=0.0),
    "roberta-pair-one": lambda: bert_like(RobertaConfig, RobertaForSequenceClassification, **ROBERTA, num_labels=1),
}
