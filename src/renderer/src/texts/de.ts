import { carry } from './de/carry.ts'
import { common } from './de/common.ts'
import { compare } from './de/compare.ts'
import { counts } from './de/counts.ts'
import { data } from './de/data.ts'
import { experiments } from './de/experiments.ts'
import { indices } from './de/indices.ts'
import { jobs } from './de/jobs.ts'
import { models } from './de/models.ts'
import { problems } from './de/problems.ts'
import { reranking } from './de/reranking.ts'
import { settingNames } from './de/setting-names.ts'
import { settings } from './de/settings.ts'
import { start } from './de/start.ts'
import { terms } from './de/terms.ts'
import { use } from './de/use.ts'
import { things } from './de/things.ts'
import { wizards } from './de/wizards.ts'

/** Every German text of the screens, by screen. */
export const de = {
  ...common,
  carry,
  compare,
  counts,
  data,
  experiments,
  indices,
  jobs,
  models,
  problems,
  reranking,
  settingNames,
  settings,
  start,
  terms,
  things,
  use,
  wizards
}
