/**
 * Data sets of P3 (PromptSource's prompts of public data sets) with the groups that the T0 paper sorts them into.
 * Configurations on the hub are named `<data set>_<prompt>`.
 */
const groups: Record<string, readonly string[]> = {
  'natural language inference': ['anli', 'super_glue_cb', 'super_glue_rte'],
  coreference: [
    'super_glue_wsc.fixed',
    'winogrande_winogrande_debiased',
    'winogrande_winogrande_l',
    'winogrande_winogrande_m',
    'winogrande_winogrande_s',
    'winogrande_winogrande_xl',
    'winogrande_winogrande_xs'
  ],
  'sentence completion': ['super_glue_copa', 'hellaswag', 'story_cloze_2016'],
  'word sense': ['super_glue_wic'],
  paraphrase: ['glue_mrpc', 'glue_qqp', 'paws_labeled_final'],
  'closed-book QA': [
    'ai2_arc_ARC_Challenge',
    'ai2_arc_ARC_Easy',
    'kilt_tasks_hotpotqa',
    'trivia_qa_unfiltered',
    'web_questions',
    'wiki_qa'
  ],
  'extractive QA': [
    'adversarial_qa_adversarialQA',
    'adversarial_qa_dbert',
    'adversarial_qa_dbidaf',
    'adversarial_qa_droberta',
    'duorc_ParaphraseRC',
    'duorc_SelfRC',
    'quoref',
    'ropes',
    'squad_v2',
    'super_glue_record'
  ],
  'multiple-choice QA': [
    'commonsense_qa',
    'cos_e_v1.0',
    'cos_e_v1.11',
    'cosmos_qa',
    'dream',
    'openbookqa_main',
    'piqa',
    'qasc',
    'quail',
    'quarel',
    'quartz',
    'race_all',
    'race_high',
    'race_middle',
    'sciq',
    'social_i_qa',
    'super_glue_boolq',
    'super_glue_multirc',
    'wiki_hop_original',
    'wiqa'
  ],
  sentiment: ['amazon_polarity', 'app_reviews', 'imdb', 'rotten_tomatoes', 'yelp_review_full'],
  'structure to text': ['common_gen', 'wiki_bio'],
  summarisation: ['cnn_dailymail_3.0.0', 'gigaword', 'multi_news', 'samsum', 'xsum'],
  topic: ['ag_news', 'dbpedia_14', 'trec']
}
const known = Object.entries(groups)
  .flatMap(([group, names]) => names.map((name) => ({ name, group })))
  // The longest first: a name may begin with another.
  .sort((a, b) => b.name.length - a.name.length)

/** Task, prompt and group of a configuration such as `imdb_Negation_template_for_positive_and_negative`; null for others. */
export function p3Place(config: string): { task: string; template: string; group: string } | null {
  const found = known.find(({ name }) => config.startsWith(`${name}_`))
  return found ? { task: found.name, template: config.slice(found.name.length + 1), group: found.group } : null
}
