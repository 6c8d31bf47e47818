/** Fields of config.json that any architecture may have and that change no number here. */
import { only, type Refusal } from './closed.ts'

const harmless = [
  ...['transformers_version', 'torch_dtype', 'dtype', 'torchscript', 'use_bfloat16', 'model_type', 'architectures'],
  ...['is_encoder_decoder', 'is_composition', 'use_cache', 'return_dict', 'return_dict_in_generate', 'output_past'],
  ...[
    'output_attentions',
    'output_hidden_states',
    'output_scores',
    'gradient_checkpointing',
    'chunk_size_feed_forward'
  ],
  ...[
    'id2label',
    'label2id',
    'num_labels',
    'num_hidden_layers',
    'problem_type',
    'finetuning_task',
    'task_specific_params'
  ],
  ...['name_or_path', 'tokenizer_class', 'prefix', 'n_positions', 'n_special', 'summary_type', 'summary_use_proj'],
  ...['summary_activation', 'summary_first_dropout', 'summary_last_dropout', 'attn_implementation', 'language'],
  ...['initializer_range', 'initializer_factor', 'init_std', 'classifier_dropout', 'classif_dropout', 'xla_device'],
  ...['directionality', 'pooler_fc_size', 'pooler_num_attention_heads', 'pooler_num_fc_layers', 'pooler_size_per_head'],
  ...['pooler_type', 'vocab_size', 'max_position_embeddings', 'type_vocab_size', 'sinusoidal_pos_embds', 'adapters'],
  ...['extra_pos_embeddings', 'static_position_embeddings', 'classif_pdrop', 'replacing_rate', 'training_args'],
  ...['sentence_transformers', 'sbert_ce_default_activation_function', 'tie_encoder_decoder', 'model_max_length'],
  ...['bos_token_id', 'eos_token_id', 'sep_token_id', 'cls_token_id', 'unk_token_id', 'mask_token_id'],
  ...['cross_attention_hidden_size', 'add_cross_attention', 'is_decoder', 'pretrained_dataset', 'auto_class'],
  ...[
    'dense_act_fn',
    'is_gated_act',
    'feed_forward_proj',
    'layer_norm_eps',
    'embedding_size',
    'position_embedding_type'
  ],
  ...['encoder_layerdrop', 'decoder_layerdrop', 'vocab', 'gradient_checkpointing_kwargs', 'use_return_dict', 'is_split']
]

/** Sampling and search settings, which are read with the generation settings. */
const generation = [
  ...['max_length', 'max_new_tokens', 'min_length', 'min_new_tokens', 'num_beams', 'early_stopping', 'length_penalty'],
  ...['repetition_penalty', 'no_repeat_ngram_size', 'encoder_no_repeat_ngram_size', 'bad_words_ids', 'suppress_tokens'],
  ...['begin_suppress_tokens', 'forced_bos_token_id', 'forced_eos_token_id', 'decoder_start_token_id', 'pad_token_id'],
  ...['force_bos_token_to_be_generated', 'do_sample', 'temperature', 'top_k', 'top_p', 'typical_p', 'num_beam_groups'],
  ...['diversity_penalty', 'num_return_sequences', 'remove_invalid_values', 'exponential_decay_length_penalty'],
  ...['penalty_alpha', 'sequence_bias', 'forced_decoder_ids', 'encoder_repetition_penalty', 'renormalize_logits']
]

const refused: readonly Refusal[] = [
  { field: 'quantization_config', neutral: only(), asks: 'weights that are stored quantised' },
  { field: 'compression_config', neutral: only(), asks: 'weights that are stored compressed' },
  { field: 'pruned_heads', neutral: only(), asks: 'heads that are taken out' },
  { field: 'auto_map', neutral: only(), asks: 'code that comes with the model' }
]

export const configFields = { harmless: [...harmless, ...generation], refused }
