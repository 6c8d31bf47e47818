import { placeSettingsSchema, type PlaceSettings } from '../../../main/contract/places.ts'
import { readOption } from '../../../main/contract/sbatch-options.ts'
import { texts } from '../texts/texts.ts'

/** A place's settings as fields hold them: texts in place of what may be missing, a line for each option of sbatch. */
export type PlaceForm = Omit<PlaceSettings, 'ssh' | 'sshConfig' | 'partition' | 'account' | 'extra'> & {
  ssh: string
  sshConfig: string
  partition: string
  account: string
  extra: string
}
export type PlaceProblems = Partial<Record<keyof PlaceForm, string>>

export function formOf(settings: PlaceSettings | null): PlaceForm {
  const { ssh, sshConfig, partition, account, extra, ...rest } = settings ?? {
    ...placeSettingsSchema.parse({ name: 'x', kind: 'slurm' }),
    name: ''
  }
  return {
    ...rest,
    ssh: ssh ?? '',
    sshConfig: sshConfig ?? '',
    partition: partition ?? '',
    account: account ?? '',
    extra: extra.join('\n')
  }
}

/** What the fields say; or what is wrong with them, field by field. */
export function readForm(form: PlaceForm): { settings: PlaceSettings } | { problems: PlaceProblems } {
  const { wrong } = texts.settings.places
  const given = (text: string) => (text.trim() === '' ? null : text.trim())
  const lines = form.extra.split('\n').filter((line) => line.trim() !== '')
  const read = placeSettingsSchema.safeParse({
    ...form,
    ...{ ssh: given(form.ssh), sshConfig: given(form.sshConfig), folder: form.folder.trim() },
    ...{ partition: form.partition.trim(), account: form.account.trim(), extra: lines }
  })
  const problems: PlaceProblems = {}
  for (const { path } of read.error?.issues ?? []) {
    const field = path[0] as keyof PlaceForm
    problems[field] = wrong[field as keyof typeof wrong] ?? wrong.number
  }
  const refused = lines.map(readOption).find((line) => typeof line !== 'string')
  if (typeof refused === 'object')
    problems.extra = texts.settings.places.refused[refused.why](refused.option ?? refused.written)
  return read.success && problems.extra === undefined ? { settings: read.data } : { problems }
}
