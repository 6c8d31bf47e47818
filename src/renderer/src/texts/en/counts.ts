type Noun = readonly [one: string, many: string]

/** What is counted: one, and many. */
export const counts = {
  examples: ['example', 'examples'] as Noun,
  tasks: ['task', 'tasks'] as Noun,
  groups: ['group', 'groups'] as Noun,
  duplicates: ['duplicate', 'duplicates'] as Noun,
  lines: ['line', 'lines'] as Noun,
  vectors: ['vector', 'vectors'] as Noun,
  sets: ['set', 'sets'] as Noun,
  querySets: ['query set', 'query sets'] as Noun,
  usefulCandidates: ['useful candidate', 'useful candidates'] as Noun,
  pairs: ['pair', 'pairs'] as Noun,
  runs: ['run', 'runs'] as Noun
}
