import type { GateCheck, Usefulness } from '../../../../main/contract/minings.ts'
import { inLanguage } from '../names/in-language.ts'
import { sourceNames } from '../names/strategies.ts'

const usefulness: Record<Usefulness, { title: string; text: string }> = {
  influence: {
    title: 'By gradients (influence)',
    text: 'Every candidate alone: does a small step of training on it lower the loss of the task? Cheap, and it agrees best with itself.'
  },
  'group-loss': {
    title: 'By tuning on groups (as in the paper)',
    text: 'Candidates are tuned on in groups, and all of a group get the loss that comes out. Dear, and noisy with few draws.'
  }
}

const checks: Record<GateCheck['name'], string> = {
  'head-room': 'Something to learn',
  reliability: 'Agrees with itself',
  'best-group': 'The best help in a real tuning',
  'same-group': 'Own group more useful'
}

export const reranking = {
  title: 'Rerankers',
  lead: 'A reranker reads a query and an upstream example together and says how useful the example is. It learns that from pairs mined on upstream tasks.',
  none: 'No pairs were mined yet. Mine pairs to train a reranker, which the ReCross strategy needs.',
  gone: '(deleted)',
  columns: { name: 'Mining', sets: 'Query sets', reliability: 'Reliability', gate: 'Gate', added: 'Mined' },
  gate: { open: 'open', closed: 'closed' },
  sources: inLanguage('en', sourceNames),
  usefulness,
  checks,
  page: {
    back: 'Models',
    lead: (model: string, data: string, when: string) => `Mined with ${model} on ${data}, ${when}.`,
    opened: 'The gate is open: a reranker can be trained on this.',
    closed: 'The gate is closed: this is not fit to train on.',
    passed: 'holds',
    failed: 'does not hold',
    skipped: 'cannot be told',
    facts: {
      sets: 'Query sets',
      pairs: 'Useful / other candidates',
      reliability: 'Reliability',
      best: 'Best group helps',
      headRoom: 'To be gained',
      rate: 'Learning rate',
      took: 'Processor time',
      cost: 'Processor time a trial'
    },
    nats: (value: string) => `${value} nats`,
    ofSets: 'of the sets',
    tasks: 'By task',
    task: 'Task',
    group: 'Group',
    taskSets: 'Sets',
    baseLoss: 'Loss before',
    ownRows: 'Own rows',
    sameGroup: 'Own group',
    others: 'Others',
    tasksText:
      'Loss before any tuning; how tuning on the task’s own rows changes it; usefulness of candidates of its own group and of others (negative helps).',
    hurt: {
      title: 'Can it be told before whether tuning helps?',
      tells: 'Whether tuning helps can be told before.',
      doesNot: 'Whether tuning helps cannot be told before.',
      scores: (brier: string, always: string, baseRate: string) =>
        `Brier score ${brier} against ${always} for tuning always and ${baseRate} for knowing only how often it helps elsewhere.`,
      how: 'It is told from the inputs, and each task, or group, by the others alone. Of Brier scores 0 is perfect; lower is better.',
      newKind: {
        tells: 'Of a target of a new kind, with nothing of its group upstream, it can be told as well.',
        doesNot: 'Of a target of a new kind, with nothing of its group upstream, it cannot be told.'
      },
      cases: (share: string, cases: string, tasks: string) =>
        `Tuning on what one group brings to a query set lowers the loss in ${share} of the cases (cases: ${cases}, tasks: ${tasks}).`,
      unknown: {
        'too-few': 'Not known: there are too few cases or tasks to judge it.',
        'one-sided': 'Not known: the outcome is always the same, so that there is nothing to tell apart.'
      },
      notAsked: 'Not known: it was mined before the lab asked this, or its labels came in from elsewhere.'
    }
  },
  card: {
    title: 'How good it is',
    lead: (tasks: string) => `On ${tasks} that it was not trained on. Chance is an AUC of 0.5.`,
    auc: 'AUC',
    accuracy: 'Accuracy',
    ndcg: 'NDCG',
    otherQueries: 'AUC with other queries',
    otherQueriesText:
      'With the queries of another group: near or below 0.5 it reads both texts; as high as the AUC it only knows which examples are good for everything.',
    ignoresQueries:
      'So it hardly looks at the query, and brings much the same for every target. Mine candidates of more groups for each query set (candidates: random), and train again.',
    nearness: (pairs: string, auc: string, teacher: string) =>
      `Before it saw a label it learnt to tell near from far by ${pairs} pairs: AUC ${auc} then, ${teacher} for the vectors that taught it.`,
    sets: 'Query sets',
    trained: 'What it was trained on',
    data: 'Data',
    from: 'Began as',
    pairs: 'Pairs',
    iteration: 'Iteration',
    mined: 'Mined by',
    distilled: 'Learnt from',
    ofIndex: 'Vectors of',
    before: 'Without it',
    after: 'With it',
    teacher: 'Its reranker',
    recall: 'Recall',
    retrieverTitle: 'How good the vectors are',
    vectors: 'Vectors',
    ofIndexIs: (kind: string, model: string) => `${kind}, ${model}`,
    minedBy: (model: string, how: string, sets: string) => `${model}, ${how.toLowerCase()}, ${sets}`,
    overridden: 'The gate was closed, and it was trained all the same.',
    control: 'A control: its labels were shuffled. It is not meant to be used.',
    agreement: (tau: string, before: string) =>
      `Its order agrees with the reranker before by τ = ${tau}; AUC before: ${before}.`,
    verdicts: {
      'go-on': 'Another iteration may bring more.',
      settled: 'The order no longer changes; another iteration would bring the same.',
      worse: 'It is worse than the one before; keep that one.'
    },
    again: 'Mine again with it'
  },
  mineWizard: {
    title: 'Mine pairs for a reranker',
    lead: 'Measure which upstream examples help which upstream tasks. A reranker learns from that, after a look at whether it can be trusted.',
    finish: 'Mine',
    steps: {
      origin: { title: 'Where from', text: 'Mine them here, or take those that the original program has labelled?' },
      tuples: {
        title: 'Files',
        text: 'The tuples that the original program has written: their labels are taken as they are.'
      },
      data: { title: 'Data', text: 'On which upstream data?' },
      model: {
        title: 'Base model',
        text: 'Its loss is the measure. It must have something left to learn on these tasks: one that has not seen them, or an earlier checkpoint. One that knows them already teaches the opposite, and the gate will say so.'
      },
      source: { title: 'Candidates', text: 'Where do the candidates come from?' },
      usefulness: { title: 'Measure', text: 'How is it measured whether a candidate helps?' },
      options: { title: 'Options', text: 'More sets and rows make it surer and slower.' },
      review: { title: 'Start', text: 'A last look before it begins.' }
    },
    origins: {
      here: { title: 'Mine them here', text: 'A base model measures on your data which examples help.' },
      tuples: {
        title: 'From files of the original program',
        text: 'better_tuple.json and the like, with the labels that they have. Their rows must be in your data.'
      }
    },
    tuplesFile: 'File of tuples',
    tuplesHint: 'On the computer that the lab runs on; a file that you choose is sent there.',
    addTuples: 'Add',
    takeOut: 'Take out',
    labelledBy: 'What labelled them (optional)',
    labelledByHint: 'In words; empty: the original’s base model.',
    whatTuples: (files: number) =>
      `${files === 1 ? 'The file is' : `The ${files} files are`} read, and the pairs brought in with the labels that they have. Nothing is measured.`,
    name: 'Name',
    sets: 'Query sets',
    setsHint: 'Each is some rows of one task. The paper used 300.',
    keep: 'Candidates judged in each set',
    labelledRows: 'Labelled rows that judge',
    draws: 'Draws',
    drawsHint: 'How often candidates are grouped anew, or into how many parts the labelled rows are divided.',
    positives: 'Useful ones to learn from, and as many others',
    otherTasks: 'Share of candidates from the other mined tasks',
    otherTasksHint:
      '0 to 1. What is useful for one task then stands among the candidates of others, so that a reranker learns what fits a query. 0: as in the paper.',
    negatives: 'Which others to learn from',
    negativesHint: 'Of the less useful half of each set.',
    negativesAre: {
      'least-useful': 'the least useful, as in the paper',
      balanced: 'rows of tasks that are useful elsewhere as often'
    },
    seed: 'Seed',
    reranker: 'Reranker that chooses candidates',
    noReranker: 'none: the first iteration',
    noIndex: 'This data has no such index yet.',
    buildIndex: 'Build one',
    exists: 'This was mined already.',
    existsText: 'The same data, model and settings: nothing needs to be mined.',
    openIt: 'Open it',
    what: (sets: string, trials: string) =>
      `${sets} are mined in ${trials} trials. It can be paused, and goes on after an interruption where it was.`
  },
  trainWizard: {
    title: 'Train a reranker or a retriever',
    retriever: 'Trained retriever',
    lead: 'A model learns from mined pairs to tell which example helps a query. Tasks that it does not see judge it.',
    finish: 'Train',
    whatLabel: 'What shall be trained?',
    kinds: {
      reranker: {
        title: 'A reranker',
        text: 'Reads query and example together: the better judge, and slow. For the ReCross strategy.'
      },
      retriever: {
        title: 'A retriever',
        text: 'Turns the vectors of an index, so that useful examples come near. Trained in minutes, and a search costs no more than before. For the trained strategy.'
      }
    },
    steps: {
      minings: { title: 'Pairs', text: 'What shall it learn from?' },
      base: { title: 'Begin with', text: 'A sentence encoder, or a reranker that is trained on.' },
      options: {
        title: 'Options',
        text: 'The usual settings go by the size of the base. It ends by itself when it gets no better.'
      },
      review: { title: 'Start', text: 'A last look before it begins.' }
    },
    index: 'Index whose vectors are trained on',
    noIndex: 'The data of these pairs have no index yet.',
    buildIndex: 'Build an index',
    distil: 'Learns from',
    labels: 'the labels of the pairs',
    distilHint:
      'A reranker’s scores are passed on to the vectors, so that later searches get near its order and cost nothing more.',
    headEpochs: 'Epochs at most',
    headRate: 'Learning rate',
    headTemperature: 'Temperature',
    headWhat: (pairs: string, model: string) =>
      `A head on the vectors of ${model} learns from ${pairs}. The best epoch’s stays. Its own index is made in seconds when it is first needed.`,
    override: 'Train all the same. I know that the gate is closed; this is kept with the reranker.',
    noMinings: 'There are no mined pairs in the lab yet.',
    noBase: 'There is no sentence encoder in the lab yet.',
    name: 'Name',
    epochs: 'Epochs at most',
    epochsHint: 'Empty: five, or as many as come to 2,000 steps.',
    batchSize: 'Batch size',
    learningRate: 'Learning rate',
    learningRateHint: 'Empty: by the size of the base, 1e-5 for RoBERTa-base.',
    maxTokens: 'Tokens to read of a pair',
    pairsPerSet: 'Pairs of a query set at most',
    pairsPerSetHint: 'Empty: all of them.',
    patience: 'Checks without gain before it ends',
    nearnessPairs: 'Pairs to learn nearness from first',
    nearnessPairsHint:
      'A small encoder learns how two texts relate from very many pairs only. Its own vectors say which rows are near, so that these need no labels: try 100,000. 0: none, as in the paper.',
    shuffled: 'A control: shuffle the labels. It must then come out near chance.',
    what: (pairs: string, base: string) =>
      `${base} learns from ${pairs}. The best check’s weights stay; it can be paused, and goes on after an interruption.`,
    choose: 'Choose pairs whose gate is open, or say that you train all the same.'
  }
}
