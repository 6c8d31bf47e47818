import type { Job } from '../../../main/contract/jobs.ts'
import type { PlaceSettings } from '../../../main/contract/places.ts'
import { count } from '../texts/format.ts'
import { texts } from '../texts/texts.ts'

/** What a place does now, as far as this lab knows of it: its own jobs there. `all`: whether every open job is in the list. */
export function doingNow(id: string, jobs: readonly Job[], all: boolean): string {
  const words = texts.settings.places.now
  const there = jobs.filter(({ place, status }) => place === id && status === 'running')
  const of = (state: string) => there.filter(({ where }) => (where?.state ?? 'waiting') === state)
  const running = of('running')
  const nodes = [...new Set(running.flatMap(({ where }) => where?.text ?? []))].sort()
  const queued = jobs.filter(({ place, status }) => place === id && status === 'queued').length
  const parts = [
    ...(running.length === 0 ? [] : [words.running(running.length, nodes.slice(0, 4), nodes.length > 4)]),
    ...(of('waiting').length === 0 ? [] : [words.waiting(of('waiting').length)]),
    ...(of('sending').length === 0 ? [] : [words.sending(of('sending').length)]),
    ...(queued === 0 ? [] : [words.queued(queued)])
  ]
  if (parts.length === 0) return words.nothing
  return `${all ? words.now : words.atLeast} ${parts.join(', ')}`
}

/** What jobs of a place ask for, in a line. */
export function askedFor({ kind, threads, atOnce, ...more }: PlaceSettings): string {
  const words = texts.settings.places.asks
  const slurm =
    kind === 'process'
      ? []
      : [
          ...(more.partition === null ? [] : [words.partition(more.partition)]),
          ...(more.account === null ? [] : [words.account(more.account)]),
          ...(more.minutes === 0 ? [] : [words.minutes(count(more.minutes))]),
          ...(more.memoryMegabytes === 0 ? [] : [words.memory(count(more.memoryMegabytes))]),
          ...(more.gpus === 0 ? [] : [words.gpus(count(more.gpus))]),
          ...more.extra
        ]
  const cores = threads === 0 ? words.allCores : words.cores(threads)
  return [cores, atOnce === 0 ? words.many : words.atOnce(atOnce), ...slurm].join('; ')
}
