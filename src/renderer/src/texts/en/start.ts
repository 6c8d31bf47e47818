export const start = {
  hero: {
    title: 'Teach a model a new task, without a single label',
    lead: 'Give the lab a few unanswered questions of your task. It finds examples that resemble them among thousands of solved ones, tunes a model on those for a moment, and shows whether that helped.'
  },
  how: {
    label: 'How it works: queries find similar examples, the model is tuned on them, and the results are compared',
    retrieve: 'Retrieve',
    retrieveText: 'Your questions find their nearest relatives among solved examples.',
    tune: 'Tune',
    tuneText: 'The base model learns from just those.',
    compare: 'Compare',
    compareText: 'Every strategy answers the same test. Differences come with a verdict.',
    queries: 'your questions',
    upstream: 'solved examples',
    model: 'base model',
    scores: 'scores'
  },
  demo: {
    title: 'Try the demo',
    text: 'A small model, a small set of examples and four target tasks come with the lab. One click runs a real experiment with five strategies, offline.',
    strategies: {
      'zero-shot': 'does nothing: the line to beat',
      random: 'learns from examples picked by chance',
      semantic: 'learns from examples of like meaning',
      dense: 'learns from what the model itself finds alike',
      recross: 'learns from those of them that a reranker finds useful'
    },
    action: 'Run the demo',
    running: 'The demo is running',
    preparing: 'Unpacking the demo…',
    planning: 'Planning the experiment…',
    facts: (disk: string) => `Needs ${disk} of disk. Nothing is downloaded.`,
    time: (time: string) => `Takes about ${time} on this computer.`,
    roughTime: (time: string) => `Takes very roughly ${time}; another job computes, so it could not be measured.`,
    measuring: 'How long it takes on this computer is being measured…',
    unknownTime: 'How long it takes on this computer is shown after the first minute.',
    disk: 'under 100 MB',
    watch: 'Watch it run',
    seeResult: 'See the comparison'
  },
  own: {
    title: 'Set up your own',
    text: 'Four steps, each with a guide. You can stop after any of them and come back.',
    done: 'done',
    next: 'next',
    later: 'later',
    steps: {
      data: { title: 'Get data', text: 'Upstream examples to pick from, and a target task to test on.' },
      model: { title: 'Get a model', text: 'The base model that will be tuned, and a sentence encoder if you like.' },
      index: { title: 'Build the index', text: 'So that similar examples are found in milliseconds.' },
      experiment: { title: 'Run an experiment', text: 'Choose strategies, see what it costs, start.' }
    },
    have: {
      data: (upstream: number, targets: number) =>
        `${upstream} upstream data ${upstream === 1 ? 'set' : 'sets'}, ${targets} target ${targets === 1 ? 'task' : 'tasks'}`,
      dataNoTarget: 'Upstream data is here; a target task is still missing.',
      dataNoUpstream: 'A target task is here; upstream data is still missing.',
      model: (n: number) => `${n} ${n === 1 ? 'model' : 'models'}`,
      index: (n: number) => `${n} ${n === 1 ? 'index' : 'indices'}`,
      experiment: (n: number, more: boolean) =>
        `${n} ${n === 1 ? 'experiment' : 'experiments'}${more ? ' and more' : ''}`
    }
  },
  again: {
    title: 'Welcome back',
    latest: 'Latest experiments',
    running: 'Running now',
    nothingRunning: 'Nothing is running.',
    newExperiment: 'New experiment',
    showIntroduction: 'What is this?'
  },
  privacy: 'Everything stays on this computer. No account, no telemetry.'
}
