/** Fields of generation_config.json besides those that the lab follows. */
import { only, type Refusal } from './closed.ts'

/** How answers are drawn at random; without do_sample they change nothing, and with it one note says all. */
const sampling = [
  'temperature',
  'top_k',
  'top_p',
  'top_h',
  'min_p',
  'typical_p',
  'epsilon_cutoff',
  'eta_cutoff',
  'remove_invalid_values'
]

/** How fast, in what memory, and what else is returned: never which answer. */
const running = [
  'transformers_version',
  'use_cache',
  'cache_implementation',
  'cache_config',
  'max_cache_len',
  'continuous_batching_config',
  'return_dict_in_generate',
  'return_legacy_cache',
  'output_attentions',
  'output_hidden_states',
  'output_scores',
  'output_logits',
  'num_return_sequences',
  'low_memory',
  'disable_compile',
  'compile_config',
  'prefill_chunk_size',
  'is_assistant',
  'num_assistant_tokens',
  'num_assistant_tokens_schedule',
  'assistant_confidence_threshold',
  'assistant_early_exit',
  // Only with an assistant, which a folder does not hold.
  'assistant_ensemble_weight',
  'speculation_type',
  'use_mtp',
  'assistant_lookbehind',
  'target_lookbehind',
  'prompt_lookup_num_tokens',
  'max_matching_ngram_size',
  'generation_kwargs',
  'do_sample'
]

const refused: readonly Refusal[] = [
  { field: 'num_beam_groups', neutral: only(1), asks: 'beams in groups' },
  { field: 'diversity_penalty', neutral: only(0), asks: 'beams in groups' },
  { field: 'penalty_alpha', neutral: only(0), asks: 'contrastive search' },
  { field: 'dola_layers', neutral: only(), asks: 'decoding by contrasting layers' },
  { field: 'constraints', neutral: only(), asks: 'constrained beam search' },
  { field: 'force_words_ids', neutral: only(), asks: 'words that must occur' },
  { field: 'forced_decoder_ids', neutral: only(), asks: 'ids that are given at fixed places' },
  { field: 'sequence_bias', neutral: only(), asks: 'a bias on some words' },
  { field: 'exponential_decay_length_penalty', neutral: only(), asks: 'a penalty that grows with the length' },
  { field: 'encoder_repetition_penalty', neutral: only(1), asks: 'a penalty on what is not in the input' },
  { field: 'guidance_scale', neutral: only(1), asks: 'guidance by a second run without the prompt' },
  { field: 'renormalize_logits', neutral: only(false), asks: 'probabilities that are renormalised after bans' },
  { field: 'token_healing', neutral: only(false), asks: 'healing of the last token' },
  { field: 'watermarking_config', neutral: only(), asks: 'a watermark' },
  { field: 'max_time', neutral: only(), asks: 'a stop by the clock' },
  { field: 'stop_strings', neutral: only(), asks: 'a stop at given texts' }
]

export const generationFields = { harmless: [...sampling, ...running], refused }
