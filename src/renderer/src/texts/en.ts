import { carry } from './en/carry.ts'
import { common } from './en/common.ts'
import { compare } from './en/compare.ts'
import { counts } from './en/counts.ts'
import { data } from './en/data.ts'
import { experiments } from './en/experiments.ts'
import { indices } from './en/indices.ts'
import { jobs } from './en/jobs.ts'
import { models } from './en/models.ts'
import { problems } from './en/problems.ts'
import { reranking } from './en/reranking.ts'
import { settingNames } from './en/setting-names.ts'
import { settings } from './en/settings.ts'
import { start } from './en/start.ts'
import { terms } from './en/terms.ts'
import { use } from './en/use.ts'
import { things } from './en/things.ts'
import { wizards } from './en/wizards.ts'

/** Every English text of the screens, by screen. */
export const en = {
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
