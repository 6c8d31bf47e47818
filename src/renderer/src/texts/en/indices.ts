export const indices = {
  representations: {
    semantic: { title: 'Semantic', text: 'By meaning, as a sentence encoder sees it.' },
    dense: { title: 'Dense', text: 'By what the base model itself finds alike.' },
    trained: { title: 'Trained', text: 'By what a trained retriever has learnt to be useful.' }
  },
  over: { input: 'Inputs alone', both: 'Inputs and answers' },
  withOver: (kind: string) => `${kind}, over inputs and answers`,
  lead: 'Where strategies look up similar examples: each upstream example as an embedding, the nearest found in milliseconds.',
  empty: 'No index yet',
  emptyText: 'The semantic and dense strategies look up similar examples in an index. Random and lexical need none.',
  columns: {
    index: 'Index',
    data: 'Data',
    model: 'Encoder',
    vectors: 'Examples',
    recall: 'Recall',
    size: 'Size',
    added: 'Built'
  },
  gone: '(deleted)',
  shared: {
    title: 'Shared with others',
    text: 'A group can keep its indices in one PostgreSQL database with pgvector: whoever fetches one embeds nothing. Texts do not go there, only vectors with the names of their tasks and groups.',
    server: 'Address of the database',
    serverHint: 'Without a password: it comes from ~/.pgpass or PGPASSWORD, and the lab keeps none.',
    serverExample: 'postgres://me@vectors.example.org:5432/lab',
    look: 'See what is there',
    none: 'Nothing is shared there yet.',
    columns: {
      data: 'Data',
      kind: 'Kind',
      encoder: 'Encoder',
      vectors: 'Examples',
      published: 'Published',
      actions: 'What you can do'
    },
    unfinished: (rows: string) => `being published, ${rows} so far`,
    here: 'is here',
    fetch: 'Fetch',
    publishWhich: 'An index of this lab',
    publish: 'Publish it there',
    started: 'It has begun.',
    job: 'See the job'
  },
  page: {
    back: 'Indices',
    title: (kind: string, data: string) => `${kind} index of ${data}`,
    lead: (model: string, built: string) =>
      `Embeddings made by ${model} on ${built}. Similar examples are looked up here.`,
    precisions: { fp32: '32 bits for each number', fp16: '16 bits for each number' },
    tabs: { try: 'Try it', mix: 'What queries bring', map: 'Map', quality: 'How good' },
    vectors: 'Examples',
    dimension: 'Embedding length',
    recall: 'Recall',
    search: 'Search',
    searches: { exact: 'exact: compares with every example', hnsw: 'fast: follows a graph of neighbours' },
    size: 'Size on disk',
    took: 'Built in',
    precision: 'Precision',
    fingerprint: 'Fingerprint',
    fingerprintText:
      'Changes with the data, the model or the settings, so that an index never serves data that it was not built from.',
    overBoth:
      'Its vectors are made of inputs and answers together, for experiments that learn from labelled queries. A typed text has no answer, so it cannot be looked up here.',
    tryLead: 'Type any text and see which upstream examples are nearest.',
    pickSet: 'Pick a query of',
    pickNone: 'no task: type a text',
    pickQuery: 'Query',
    pickFirst: 'Choose one',
    tryLabel: 'Text',
    tryAction: 'Find the nearest',
    tryExample: 'Is the following review positive or negative? “I wanted to like it, but the soup was cold.”',
    found: (n: string, ms: string) => `${n} nearest in ${ms} ms`,
    similarity: 'Likeness',
    qualityLead:
      'Examples of every task ask for their nearest, without themselves and their other wordings. What comes from the same task, or group, counts as right.',
    qualityAction: 'Measure',
    qualityBy: 'The same',
    qualityNames: { task: 'Task', group: 'Group' },
    qualityQueries: 'Queries',
    qualityColumns: (k: number) => ({ recall: `Recall@${k}`, mrr: 'MRR', ndcg: `NDCG@${k}`, chance: 'By chance' }),
    qualityNotes: (k: number) =>
      `Recall: right ones among the first ${k}, of the most possible; by chance: the recall of a random order. MRR: one over the place of the first right one. NDCG: earlier places count more; 1 is the best order.`,
    qualityMean: (n: string) => `Mean ± standard deviation of ${n}`,
    qualityTook: (time: string) => `Measured in ${time}`,
    mapLead: 'Each point is an upstream example. Points that lie close are alike.',
    mapQueries: 'Show the queries of',
    mapNoQueries: 'no task',
    mapSample: 'Points',
    mapLoading:
      'A quick picture comes first: the two directions in which the examples differ most. The map, in which neighbours stay neighbours, takes its place when it is ready.',
    mapLabel: (points: string, groups: number) => `Map of ${points} examples in ${groups} groups`,
    mapHelp:
      'Drag to move, scroll to zoom. With the keyboard: arrow keys move, + and − zoom, 0 shows all, N and P step through the points in view.',
    mapReset: 'Show all',
    mapZoomIn: 'Zoom in',
    mapZoomOut: 'Zoom out',
    mapLegend: 'Groups',
    queries: 'Queries',
    mapNothing: 'Point at a dot to read its example.'
  },
  mix: {
    lead: 'Choose a query set to see which groups and tasks its neighbours come from, before any model is tuned on them.',
    set: 'Query set',
    choose: 'Choose one',
    setOf: (target: string, size: number, round: number) => `${target}, round ${round} (${size} queries)`,
    by: 'Likeness',
    noSets: 'No target task has query sets yet. Import or sample some on the page of the target task.',
    found: (n: string, took: string) => `${n} examples, retrieved in ${took}.`,
    unchecked: "Not yet checked for leaks: some of them may be the target's own data.",
    titles: { group: 'By group', task: 'By task' },
    first: 'The first of them',
    brought: (rank: number, query: string) => `no. ${rank} for: ${query}`
  },
  wizard: {
    title: 'Build the index',
    lead: 'Let a model read every upstream example once, so that similar ones are found in milliseconds later.',
    finish: 'Build',
    steps: {
      data: { title: 'Data', text: 'Which upstream data shall be indexed?' },
      kind: { title: 'Likeness', text: 'What shall count as alike?' },
      model: { title: 'Model', text: 'The model that reads the examples.' },
      options: { title: 'Options', text: 'The usual settings are good. Change them only if you know why.' },
      review: { title: 'Start', text: 'A last look before it begins.' }
    },
    noModel: 'There is no fitting model in the lab yet.',
    getModel: 'Get one',
    noData: 'There is no upstream data in the lab yet.',
    getData: 'Get some',
    exists: 'This index already exists.',
    existsText: 'The same data, the same model: nothing needs to be built.',
    openIt: 'Open it',
    maxTokens: 'Tokens to read of each example',
    maxTokensHint: 'Longer examples are cut. 256 is enough for most.',
    over: 'Vectors are made of',
    overHint: {
      semantic:
        'With answers, each example is read as “input Answer: answer.” Only for experiments with labelled queries.',
      dense:
        'With answers, the decoder’s first state comes behind the mean of the encoder: twice the numbers. As in the paper’s code it sees the input and where an answer begins, none of its words. For BART models, and experiments with labelled queries.',
      trained: 'A trained retriever has learnt on inputs alone.'
    },
    vectorPrecision: 'Precision of the stored embeddings',
    precisions: { fp32: 'Full (32 bits)', fp16: 'Half (16 bits): half the disk' },
    modelPrecision: 'Precision while reading',
    modelPrecisions: {
      fp32: 'Full',
      fast: 'Fast (8-bit products): two to three times as quick, nearly the same neighbours'
    },
    shards: 'Processes that read at once',
    shardsHint:
      'More than one helps on computers with many cores or several graphics cards. Each holds the model once.',
    hnsw: { m: 'Links of an example', efConstruction: 'Care while building', ef: 'Care while searching' },
    hnswHints: {
      m: 'M in the literature. More links find more, and take more memory. 8 to 48 is sensible.',
      efConstruction: 'How many candidates are looked at for each new example. More makes a better, slower build.',
      ef: 'How many candidates a search looks at. It is raised by itself until 95 % of the true nearest are found.'
    },
    hnswRows: 'Numbers in the graph',
    hnswRowsOf: {
      auto: 'Choose by size',
      fp32: 'Full (32 bits)',
      int8: '8 bits: a third of the memory'
    },
    hnswRowsHint: 'What 8 bits find is ranked by the full embeddings, so the nearest stay the nearest.',
    search: 'Search',
    searches: {
      auto: 'Choose by size',
      exact: 'Exact: compares with every example',
      hnsw: 'Fast: follows a graph, misses very little'
    },
    what: (examples: string, model: string) =>
      `${model} reads ${examples} and stores one embedding for each. It can be paused, and goes on after an interruption.`,
    estimating: 'Estimating…'
  }
}
