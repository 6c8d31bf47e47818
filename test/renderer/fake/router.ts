import { implement, ORPCError } from '@orpc/server'
import { demoExperiment } from '../../../src/main/features/experiments/demo.ts'
import type { ErrorCode } from '../../../src/main/contract/error-codes.ts'
import type { Change } from '../../../src/main/contract/events.ts'
import type { Experiment } from '../../../src/main/contract/experiments.ts'
import { soughtTitle, type JobTitle } from '../../../src/main/contract/job-titles.ts'
import type { Job, Outcome } from '../../../src/main/contract/jobs.ts'
import { strategyNames, usualStrategy } from '../../../src/main/contract/strategies.ts'
import type { Place } from '../../../src/main/contract/places.ts'
import { contract } from '../../../src/main/contract/routes.ts'
import type { Binned } from '../../../src/main/contract/things.ts'
import * as atCluster from './cluster.ts'
import { chance, normal } from './chance.ts'
import { comparison, pickedComparison, exampleRows, heatShare, retrieved, taskMix } from './comparison.ts'
import * as records from './records.ts'
import { crowded } from './crowded.ts'
import { rateTest } from './rate-test.ts'
import { thingAnswers } from './things.ts'

/**
 * A fake of the backend: answers every route from made-up records, in designed states. Used for pictures of the
 * screens and for their component tests; never for a claim about the real backend.
 */
/** `failing`: the pages fail, the frame around them works; `broken`: everything fails; `offline`: the setting is on; `cluster`: its jobs are at a place; `crowded`: names and scores as no chart likes them. */
export const scenarios = [
  'usual',
  'empty',
  'slow',
  'failing',
  'broken',
  'huge',
  'offline',
  'cluster',
  'crowded'
] as const
export type Scenario = (typeof scenarios)[number]

export function fakeRouter(scenario: Scenario) {
  const world = makeWorld(scenario)
  const compared = (id: string, name: string) =>
    scenario === 'crowded' ? crowded(comparison(id, name)) : comparison(id, name)
  const places: Place[] = scenario === 'cluster' ? [...atCluster.places] : []
  const os = implement(contract)
  const all = os.use(async ({ next, path }, input: unknown) => {
    const stream = path.join('.') === 'lab.changes'
    const shell =
      stream || ['lab.settings', 'lab.home', 'lab.drafts', 'lab.keepDraft', 'jobs.list'].includes(path.join('.'))
    if (scenario === 'slow' && !shell) await new Promise((resolve) => setTimeout(resolve, 60_000))
    if ((scenario === 'failing' && !shell) || (scenario === 'broken' && !stream))
      throw failure(
        'database-unreadable',
        'The file lab.db could not be read: disk I/O error. Check the disk, then try again.'
      )
    // Where tuples are brought in, nobody may have named a model.
    const named = answersAnyway.has(path.join('.')) ? [] : idsIn(input).filter((id) => id !== '')
    const gone = named.find((id) => !world.knows(id, places))
    if (gone !== undefined)
      throw failure('not-found', `There is nothing with the id "${gone}". It may have been deleted.`)
    return next()
  })
  const empty = {}
  const things = thingAnswers(world)
  const drafts = new Map<string, string>()
  const job = (id: string): Job => find(world.jobs, id, 'job')
  const setJob = (id: string, change: Partial<Job>): Job => world.put({ ...job(id), ...change })
  const experiment = (id: string): Experiment => find(world.experiments, id, 'experiment')

  return all.router({
    lab: {
      home: all.lab.home.handler(() => records.home),
      requests: all.lab.requests.handler(() => ({
        all: 2,
        requests: [
          {
            ...{ time: '2026-11-20T10:00:00.000Z', host: 'huggingface.co', path: '/api/datasets/bigscience/P3' },
            ...{ token: true, status: 200 }
          },
          { time: '2026-11-20T09:59:00.000Z', host: 'huggingface.co', path: '/api/models', token: false, status: null }
        ]
      })),
      settings: all.lab.settings.handler(() => world.settings),
      saveSettings: all.lab.saveSettings.handler(
        ({ input }) => (world.settings = { ...world.settings, ...clean(input) })
      ),
      saveToken: all.lab.saveToken.handler(
        ({ input }) => (world.settings = { ...world.settings, hasToken: input.token !== null })
      ),
      usage: all.lab.usage.handler(() => records.usage),
      clean: all.lab.clean.handler(({ input: { dryRun } }) => {
        const items = world.cleaned ? [] : records.leftovers
        if (!dryRun) world.cleaned = true
        return { deleted: !dryRun, items, bytes: items.reduce((sum, item) => sum + item.bytes, 0) }
      }),
      verify: all.lab.verify.handler(() => records.verification),
      diagnostics: all.lab.diagnostics.handler(() => ({
        ...{ fileName: 'recross-lab-diagnostics.zip', mediaType: 'application/zip', text: 'UEsFBg==' },
        encoding: 'base64'
      })),
      doctor: all.lab.doctor.handler(() => ({
        healthy: true,
        checks: [
          { name: 'Node', state: 'ok', found: '24.21.0', advice: null },
          { name: 'Memory', state: 'ok', found: '32 GB, 21 GB free', advice: null },
          { name: 'Processor', state: 'ok', found: '8 cores; a test model runs at 171 GFLOP/s', advice: null },
          {
            name: 'WebGPU',
            state: 'optional',
            found: 'no graphics card found',
            advice: 'Nothing to do: the processor is used.'
          },
          {
            name: 'Electron',
            state: 'missing',
            found: 'binary not installed',
            advice: 'Run: node node_modules/electron/install.js, or keep using the browser.'
          }
        ]
      })),
      folders: all.lab.folders.handler(({ input }) => {
        const path = input.path ?? '/home/ada'
        if (path.includes('gone')) throw failure('file-missing', `There is no folder ${path}, or it cannot be opened.`)
        const names: Record<string, string[]> = {
          '/home/ada': ['Documents', 'models', '.cache'],
          '/home/ada/models': ['bart0', 'notes']
        }
        return {
          path,
          parent: path === '/' ? null : path.split('/').slice(0, -1).join('/') || '/',
          folders: (names[path] ?? []).map((name) => ({ name, path: `${path}/${name}`, model: name === 'bart0' })),
          more: false,
          model: path.endsWith('bart0')
        }
      }),
      lookForUpdate: all.lab.lookForUpdate.handler(() => ({
        current: records.home.version,
        newer: true,
        release: { version: '0.2.0', date: '2027-01-15', notes: 'Sweeps of any setting.', files: [] }
      })),
      installers: all.lab.installers.handler(({ input }) => [
        {
          path: `${input.folder}/recross-lab-0.2.0-linux-x64.AppImage`,
          version: '0.2.0',
          bytes: 184_000_000,
          newer: true,
          fits: true,
          checksum: 'agrees'
        }
      ]),
      recognise: all.lab.recognise.handler(({ input }) => ({ what: 'data', path: input.path })),
      drafts: all.lab.drafts.handler(() => [...drafts].map(([name, text]) => ({ name, text }))),
      keepDraft: all.lab.keepDraft.handler(({ input }) => {
        if (input.text === null) drafts.delete(input.name)
        else drafts.set(input.name, input.text)
        return empty
      }),
      changes: all.lab.changes.handler(async function* ({ signal }) {
        const queue: Change[] = []
        let wake = (): void => undefined
        const stop = world.listen((change) => {
          queue.push(change)
          wake()
        })
        signal?.addEventListener('abort', () => wake())
        try {
          while (!signal?.aborted) {
            for (let change = queue.shift(); change; change = queue.shift()) yield change
            await new Promise<void>((resolve) => (wake = resolve))
          }
        } finally {
          stop()
        }
      })
    },
    jobs: {
      list: all.jobs.list.handler(({ input }) => {
        const matching = world.jobs.filter(
          (entry) =>
            (input.status.length === 0 || input.status.includes(entry.status)) &&
            (input.kinds.length === 0 || input.kinds.includes(entry.kind)) &&
            (input.experimentId === null || entry.experimentId === input.experimentId) &&
            searched(entry).includes(input.text.toLowerCase())
        )
        const newest = matching.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
        return { total: matching.length, jobs: newest.slice(input.offset, input.offset + input.limit) }
      }),
      byExperiment: all.jobs.byExperiment.handler(({ input: { text, offset, limit } }) => {
        const own = Map.groupBy(
          world.jobs.filter(({ experimentId }) => experimentId !== null),
          ({ experimentId }) => experimentId!
        )
        const groups = [...own]
          .map(([experimentId, jobs]) => {
            const having = (...statuses: Job['status'][]) => jobs.filter((one) => statuses.includes(one.status)).length
            return {
              ...{ experimentId, jobs: jobs.length, finished: having('finished') },
              name: world.experiments.find(({ id }) => id === experimentId)?.spec.name ?? experimentId,
              open: having('running', 'queued', 'paused', 'interrupted'),
              troubled: having('failed', 'crashed', 'interrupted')
            }
          })
          .filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()))
        return { total: groups.length, groups: groups.slice(offset, offset + limit) }
      }),
      get: all.jobs.get.handler(({ input }) => job(input.id)),
      expected: all.jobs.expected.handler(({ input: { kind } }) =>
        kind === 'answer-file' ? { seconds: null, jobs: 0 } : { seconds: 42, jobs: 3 }
      ),
      expectedOf: all.jobs.expectedOf.handler(({ input }) => {
        job(input.id)
        return { seconds: null, jobs: 0 }
      }),
      log: all.jobs.log.handler(({ input }) => {
        const entry = job(input.id)
        return [
          { time: entry.createdAt, level: 'info' as const, text: `Started: ${entry.title}` },
          { time: entry.createdAt, level: 'info' as const, text: 'Provider cpu, 8 threads, AVX-512' },
          { time: entry.createdAt, level: 'info' as const, text: 'Retrieved 512 examples in 2.1 s' },
          { time: entry.createdAt, level: 'warn' as const, text: '3 inputs were longer than 512 tokens and were cut' },
          ...(entry.error
            ? [{ time: entry.createdAt, level: 'error' as const, text: entry.error.cause ?? entry.error.message }]
            : [])
        ]
      }),
      curve: all.jobs.curve.handler(({ input }) => {
        if (job(input.id).kind !== 'run-strategy') return []
        const random = chance(5)
        return Array.from({ length: 108 }, (_, step) => ({
          step: step + 1,
          loss: 1.15 + 1.3 * Math.exp(-step / 35) + normal(random) * 0.09,
          learningRate: 6e-6 * (1 - step / 256)
        }))
      }),
      pause: all.jobs.pause.handler(({ input }) => setJob(input.id, { status: 'paused' })),
      resume: all.jobs.resume.handler(({ input }) => setJob(input.id, { status: 'running' })),
      cancel: all.jobs.cancel.handler(({ input }) => setJob(input.id, { status: 'cancelled' })),
      retry: all.jobs.retry.handler(({ input }) => setJob(input.id, { status: 'queued', error: null })),
      setPriority: all.jobs.setPriority.handler(({ input }) => setJob(input.id, { priority: input.priority })),
      selfTest: all.jobs.selfTest.handler(() => world.run('self-test', { says: 'self-test', of: {} }, () => undefined)),
      remove: all.jobs.remove.handler(({ input }) => {
        world.jobs = world.jobs.filter((entry) => entry.id !== input.id)
        world.tell({ type: 'job-removed', id: input.id })
        return empty
      }),
      clear: all.jobs.clear.handler(() => ({ removed: 0 }))
    },
    data: {
      list: all.data.list.handler(() => world.datasets),
      get: all.data.get.handler(({ input }) => find(world.datasets, input.id, 'dataset')),
      tasks: all.data.tasks.handler(() => records.tasks),
      lengths: all.data.lengths.handler(({ input }) => {
        const size = input.field === 'input' ? 60 : 12
        const edges = Array.from({ length: 33 }, (_, n) => n * size)
        return { edges, counts: edges.slice(1).map((_, n) => Math.round(9000 * (n / 6) * Math.exp(-n / 6))) }
      }),
      search: all.data.search.handler(({ input }) => {
        const total = input.text ? 412 : 99_668
        return {
          total,
          examples: Array.from({ length: Math.min(input.limit, total - input.offset) }, (_, n) =>
            example(input.offset + n)
          )
        }
      }),
      example: all.data.example.handler(({ input }) => example(input.exampleId)),
      rejected: all.data.rejected.handler(() => [
        {
          file: 'reviews.jsonl',
          line: 88,
          field: 'output_text',
          expected: 'a text that is not empty',
          text: '{"input_text": "Is this …", "output_text": ""}'
        },
        {
          file: 'reviews.jsonl',
          line: 1204,
          field: '(line)',
          expected: 'valid JSON',
          text: '{"input_text": "cut off he'
        },
        {
          file: 'reviews.jsonl',
          line: 9911,
          field: 'input_text',
          expected: 'a text',
          text: '{"input_text": 17, "output_text": "no"}'
        }
      ]),
      preview: all.data.preview.handler(({ input }) => {
        if (input.file.includes('missing'))
          throw failure('file-missing', `There is no file ${input.file}. Check the path, or drop the file here.`)
        return {
          format: input.file.endsWith('.csv') ? ('csv' as const) : ('recross-jsonl' as const),
          reading: {},
          columns: ['question', 'answer', 'kind'],
          layout: null,
          findings: [],
          parts: [],
          mapping: { input: 'question', output: 'answer', task: 'kind' },
          rows: Array.from({ length: 10 }, (_, n) => example(n + 1)),
          problems: [
            {
              file: input.file,
              line: 7,
              field: 'answer',
              expected: 'a text that is not empty',
              text: 'Who wrote it?,,qa'
            }
          ],
          cells: [],
          bytes: 4_300_000,
          estimatedExamples: 18_400
        }
      }),
      import: all.data.import.handler(({ input }) =>
        world.run('import-dataset', { says: 'import', of: { name: input.name } }, () => {
          world.datasets = [...world.datasets, { ...record(records.datasets), ...input, id: 'ds-new' }]
          world.tell({ type: 'changed', what: 'datasets', id: null })
          return { what: 'dataset', id: 'ds-new', already: false }
        })
      ),
      upload: all.data.upload.handler(({ input }) => ({
        upload: input.upload ?? 'upload-1',
        path: `/home/ada/.local/share/recross-lab/downloads/${input.name}`,
        bytes: input.offset + input.chunk.size
      })),
      installDemo: all.data.installDemo.handler(() => {
        world.fill()
        return {
          datasetId: 'ds-upstream',
          models: { base: 'm-small', encoder: 'm-distil', reranker: null, retriever: null },
          targetIds: records.targets.map((target) => target.id)
        }
      })
    },
    targets: {
      list: all.targets.list.handler(() => world.targets),
      get: all.targets.get.handler(({ input }) => find(world.targets, input.id, 'target')),
      create: all.targets.create.handler(({ input }) => ({ ...record(records.targets), ...input, id: 't-new' })),
      update: all.targets.update.handler(({ input }) => ({
        ...find(world.targets, input.id, 'target'),
        ...clean(input)
      })),
      querySets: all.targets.querySets.handler(({ input }) =>
        records.querySets.filter((set) => set.targetId === input.id)
      ),
      sampleQueries: all.targets.sampleQueries.handler(({ input }) =>
        records.querySets.filter((set) => set.targetId === input.id)
      ),
      addQueries: all.targets.addQueries.handler(({ input }) =>
        records.querySets.filter((set) => set.targetId === input.id)
      ),
      checkLeaks: all.targets.checkLeaks.handler(() =>
        world.run('leak-check', { says: 'look-for-leaks', of: { target: 'CB', data: 'T0' } }, () => undefined)
      ),
      leaks: all.targets.leaks.handler(({ input }) => ({
        checked: input.id !== 't-arc',
        leaks:
          input.id === 't-cb' ? [{ exampleId: 812, targetExampleId: 14, kind: 'near' as const, similarity: 0.94 }] : []
      }))
    },
    models: {
      list: all.models.list.handler(() => world.models),
      get: all.models.get.handler(({ input }) => find(world.models, input.id, 'model')),
      answer: all.models.answer.handler(() =>
        world.run('answer-file', { says: 'answer', of: { file: 'questions.csv', by: 'BART' } }, () => undefined)
      ),
      findRate: all.models.findRate.handler(() =>
        world.run('find-rate', { says: 'find-rate', of: { model: 'BART', data: 'T0' } }, () => undefined)
      ),
      rateTest: all.models.rateTest.handler(({ input }) => rateTest(job(input.jobId))),
      keepRate: all.models.keepRate.handler(({ input: { id, found } }) => ({
        ...find(world.models, id, 'model'),
        foundRate: found
      })),
      look: all.models.look.handler(() => {
        const { role, architecture, parameters, hiddenSize, maxInputTokens, bytes } = record(records.models)
        return {
          role,
          architecture,
          parameters,
          hiddenSize,
          maxInputTokens,
          bytes,
          notes: ['generation_config.json sets 4 beams.'],
          seconds: 1.4
        }
      }),
      answers: all.models.answers.handler(({ input: { format } }) => ({
        answers: records.givenAnswers,
        file: { fileName: `questions-answers.${format}`, mediaType: 'text/plain', text: 'id,question,answer,certainty' }
      })),
      ask: all.models.ask.handler(async ({ input: { of, text } }) => {
        await new Promise((resolve) => setTimeout(resolve, 250))
        if (text.includes('fail'))
          throw failure(
            'worker-crashed',
            'The process that was to answer died. Try again; a smaller model needs less memory.'
          )
        const name = 'runId' in of ? of.runId : of.modelId
        const sure = name.includes('zero-shot') ? 0.41 : 0.93
        return {
          answer: name.includes('zero-shot') ? 'on Sunday, or so they say' : 'Sunday',
          certainty: sure,
          milliseconds: 412
        }
      }),
      exportFolder: all.models.exportFolder.handler(({ input }) => ({
        folder: `/home/ada/Downloads/the-papers-table-${input.format}`
      })),
      export: all.models.export.handler(({ input }) =>
        world.run('export-model', { says: 'export-model', of: { run: 'run' } }, () =>
          input.installAs === null ? undefined : { what: 'model', id: 'm-small', already: false }
        )
      ),
      install: all.models.install.handler(({ input }) =>
        world.run('install-model', { says: 'install', of: { name: input.name } }, () => {
          world.models = [...world.models, { ...record(records.models), name: input.name, id: 'm-new' }]
          world.tell({ type: 'changed', what: 'models', id: null })
          return { what: 'model', id: 'm-new', already: false }
        })
      )
    },
    catalog: {
      list: all.catalog.list.handler(() => records.catalog),
      look: all.catalog.look.handler(({ input }) => ({
        repo: input.repo,
        revision: 'main',
        parts: [
          { config: 'default', split: 'train', files: 2, bytes: 48_000_000 },
          { config: 'default', split: 'validation', files: 1, bytes: 2_100_000 },
          { config: 'hard', split: 'train', files: 1, bytes: 9_000_000 }
        ],
        card: {
          title: 'Harbour questions',
          licence: 'cc-by-4.0',
          languages: ['en'],
          text: 'Questions about harbours and the boats in them.'
        },
        config: input.config ?? 'default',
        split: input.split ?? (input.kind === 'upstream' ? 'train' : 'validation'),
        licence: 'cc-by-4.0',
        preview: {
          format: 'parquet' as const,
          reading: {},
          columns: ['question', 'answer'],
          layout: null,
          findings: [],
          parts: [],
          mapping: input.mapping ?? { input: 'question', output: 'answer' },
          rows: Array.from({ length: 10 }, (_, n) => example(n + 1)),
          problems: [],
          cells: [],
          bytes: 2_100_000,
          estimatedExamples: null
        }
      })),
      lookAtModel: all.catalog.lookAtModel.handler(({ input }) => {
        if (input.repo.includes('gone'))
          throw failure('offline', 'huggingface.co cannot be reached: this computer seems to be offline.')
        if (input.repo.includes('qwen'))
          throw failure('unknown-architecture', 'config.json: the architecture "qwen2" is not known.')
        const { role, architecture, parameters, hiddenSize, maxInputTokens, bytes } = record(records.models)
        const later = input.repo.includes('later')
        return {
          ...{ role, architecture, hiddenSize, maxInputTokens, bytes, seconds: 0.8 },
          ...{ repo: input.repo, revision: input.revision, files: 7, licence: 'apache-2.0' },
          parameters: later ? null : parameters,
          tensors: later ? null : 259,
          unseen: later ? ['pytorch_model.bin'] : [],
          notes: ['generation_config.json sets 4 beams.'],
          card: {
            title: 'Harbour BART',
            licence: 'apache-2.0',
            languages: ['en'],
            text: 'A small model that answers questions about harbours.'
          }
        }
      }),
      download: all.catalog.download.handler(({ input }) =>
        world.run(
          'download',
          {
            says: 'download',
            of: {
              name:
                input.by === 'entry' ? (records.catalog.find((entry) => entry.id === input.id)?.name ?? '') : input.repo
            }
          },
          () => undefined
        )
      )
    },
    indices: {
      list: all.indices.list.handler(() => world.indices),
      get: all.indices.get.handler(({ input }) => find(world.indices, input.id, 'index')),
      estimate: all.indices.estimate.handler(({ input }) => ({
        seconds: input.representation === 'dense' ? 5200 : 1700,
        bytesMemory: 2_400_000_000,
        bytesDisk: 412_000_000,
        exists:
          world.indices.find(
            (entry) => entry.modelId === input.modelId && entry.representation === input.representation
          ) ?? null
      })),
      build: all.indices.build.handler(({ input }) =>
        world.run(
          'build-index',
          {
            says: 'build-index',
            of: { representation: 'semantic', over: 'input', data: 'T0', model: 'MiniLM', part: null }
          },
          () => {
            const { datasetId, modelId, representation } = input
            world.indices = [
              ...world.indices,
              { ...record(records.indices), datasetId, modelId, representation, id: 'i-new' }
            ]
            world.tell({ type: 'changed', what: 'indices', id: null })
            return { what: 'index', id: 'i-new', already: false }
          }
        )
      ),
      shared: all.indices.shared.handler(() => [
        {
          ...{ fingerprint: 'ab'.repeat(16), data: 'P3 sample', contentHash: 'c', rows: 105_000, vectors: 105_000 },
          ...{
            encoder: 'MiniLM',
            encoderFingerprint: 'e',
            representation: 'semantic' as const,
            over: 'input' as const,
            dimension: 384
          },
          ...{
            maxTokens: 256,
            vectorPrecision: 'fp32' as const,
            modelPrecision: 'fp32' as const,
            search: 'exact' as const
          },
          ...{ hnsw: false, publishedAt: '2026-11-27 08:00' }
        }
      ]),
      publish: all.indices.publish.handler(() =>
        world.run(
          'publish-index',
          { says: 'publish', of: { representation: 'semantic', over: 'input', data: 'T0' } },
          () => undefined
        )
      ),
      fetchShared: all.indices.fetchShared.handler(() =>
        world.run('fetch-index', { says: 'fetch-vectors', of: {} }, () => undefined)
      ),
      removeShared: all.indices.removeShared.handler(() => []),
      searchShared: all.indices.searchShared.handler(() => ({ neighbours: [], milliseconds: 3 })),
      neighbours: all.indices.neighbours.handler(({ input }) => ({
        neighbours: retrieved(input.strategy, input.count),
        milliseconds: 3.8
      })),
      retrieve: all.indices.retrieve.handler(({ input }) => ({
        retrieved: retrieved(input.strategy, 512),
        seconds: 0.4
      })),
      quality: all.indices.quality.handler(({ input }) => {
        const figures = { recall: 0.62, mrr: 0.81, ndcg: 0.66, chance: 0.125 }
        const names = input.by === 'group' ? records.groups : records.tasks.map(({ task }) => task)
        const rows = names.map((name) => ({ ...figures, name, queries: input.perName }))
        return { ...{ by: input.by, k: input.k, rows, seconds: 12 }, mean: figures, sd: { ...figures, chance: 0.02 } }
      }),
      map: all.indices.map.handler(({ input }) => ({ points: mapPoints(input.sample, input.querySetId !== null) }))
    },
    places: {
      list: all.places.list.handler(() => places),
      add: all.places.add.handler(({ input }) => {
        const place = {
          id: `place-${places.length + 1}`,
          settings: input,
          check: null,
          createdAt: '2026-11-20T10:00:00.000Z'
        }
        places.push(place)
        world.tell({ type: 'changed', what: 'places', id: place.id })
        return place
      }),
      change: all.places.change.handler(({ input }) => Object.assign(find(places, input.id, 'place'), input)),
      check: all.places.check.handler(({ input }) => {
        const check = atCluster.passedCheck([['connection and programs', 'login1: 64 cores, 256.0 GiB of memory']])
        find(places, input.id, 'place').check = check
        world.tell({ type: 'changed', what: 'places', id: input.id })
        return check
      }),
      contents: all.places.contents.handler(() => atCluster.contents),
      clean: all.places.clean.handler(({ input }) => ({ freedBytes: input.everything ? 9e8 : 1.9e8 })),
      remove: all.places.remove.handler(({ input }) => {
        places.splice(places.indexOf(find(places, input.id, 'place')), 1)
        world.tell({ type: 'changed', what: 'places', id: input.id })
        return empty
      })
    },
    reranking: {
      minings: all.reranking.minings.handler(() => world.minings),
      mining: all.reranking.mining.handler(({ input }) => find(world.minings, input.id, 'mining')),
      estimateMining: all.reranking.estimateMining.handler(() => ({
        seconds: 900,
        bytesMemory: 6e8,
        bytesDisk: 2e6,
        trials: 30_000,
        exists: null
      })),
      mine: all.reranking.mine.handler(({ input }) =>
        world.run('mine-pairs', { says: 'mine', of: { name: input.name, part: null } }, () => {
          world.minings = [...world.minings, { ...record(records.minings), name: input.name, id: 'mining-new' }]
          world.tell({ type: 'changed', what: 'minings', id: null })
          return { what: 'mining', id: 'mining-new', already: false }
        })
      ),
      estimateTraining: all.reranking.estimateTraining.handler(() => ({
        seconds: 600,
        bytesMemory: 8e8,
        bytesDisk: 3e8,
        pairs: 28_800
      })),
      train: all.reranking.train.handler(({ input }) =>
        world.run('train-reranker', { says: 'train-reranker', of: { name: input.name } }, () => {
          world.models = [
            ...world.models,
            { ...record(records.models), name: input.name, role: 'pair-classifier', id: 'm-new' }
          ]
          world.tell({ type: 'changed', what: 'models', id: null })
          return { what: 'model', id: 'm-new', already: false }
        })
      ),
      estimateRetriever: all.reranking.estimateRetriever.handler(() => ({
        seconds: 600,
        bytesMemory: 8e8,
        bytesDisk: 3e8,
        pairs: 28_800
      })),
      trainRetriever: all.reranking.trainRetriever.handler(({ input }) =>
        world.run('train-retriever', { says: 'train-retriever', of: { name: input.name } }, () => {
          world.models = [
            ...world.models,
            { ...record(records.models), name: input.name, role: 'pair-classifier', id: 'm-new' }
          ]
          world.tell({ type: 'changed', what: 'models', id: null })
          return { what: 'model', id: 'm-new', already: false }
        })
      )
    },
    experiments: {
      preset: all.experiments.preset.handler(({ input }) => {
        const { name: _n, models: _m, datasetId: _d, targetIds: _t, ...rest } = record(records.experiments).spec
        return input.preset === 'quick'
          ? { ...rest, rounds: 2, evaluation: { ...rest.evaluation, testExamples: 100, beams: 1 } }
          : rest
      }),
      run: all.experiments.run.handler(({ input }) => record(records.runs.filter(({ id }) => id === input.id))),
      demoTime: all.experiments.demoTime.handler(() => ({ seconds: 200, measured: true })),
      demo: all.experiments.demo.handler(({ input }) => demoExperiment(input)),
      differences: all.experiments.differences.handler(() => ({
        columns: ['paper', 'paper-code', 'this experiment'],
        rows: [{ path: 'tune.epochs', label: 'Tuning: epochs', values: ['2', '1', '2'], differs: true }]
      })),
      plan: all.experiments.plan.handler(({ input }) => ({
        runs: records.runs
          .filter(
            (run) =>
              run.experimentId === 'e-paper' && input.strategies.includes(run.strategy) && run.round < input.rounds
          )
          .map((run) => ({
            key: run.id,
            strategy: run.strategy,
            round: run.round,
            targetIds: input.targetIds,
            ...{ ablatedGroup: null, variant: [], tunedByRunId: null },
            seed: run.seed,
            estimatedSeconds: run.strategy === 'zero-shot' ? 260 : 680,
            reusesRunId: run.strategy === 'zero-shot' ? run.id : null
          })),
        indices: [
          { representation: 'semantic' as const, exists: true, estimatedSeconds: 0 },
          { representation: 'dense' as const, exists: false, estimatedSeconds: 5200 }
        ],
        estimatedSeconds: 41_000,
        estimatedBytesMemory: 3.1e9,
        estimatedBytesDisk: 9.2e8,
        weights: { bytes: { none: 0, best: 4.9e9, all: 5.7e10 }, keep: 'best' as const, usual: 'best' as const },
        places: [],
        shared: [
          'Random is tuned once per round and tested on all 3 targets.',
          'Zero-shot was already run with these settings and is reused.'
        ],
        detectable: records.targets.map((target) => ({
          targetId: target.id,
          rows: target.testExamples,
          sourceItems: target.sourceItems,
          points: 140 / Math.sqrt(target.sourceItems),
          withOneMoreRound: 130 / Math.sqrt(target.sourceItems),
          withTenMoreItems: 140 / Math.sqrt(target.sourceItems + 10),
          roundDeviation: 2,
          measured: false
        })),
        forOtherQuerySets: input.rounds >= 3,
        wastedRounds: 0,
        warnings: [
          'CommitmentBank has only 58 independent items: differences below 18 points cannot be told from luck.'
        ]
      })),
      start: all.experiments.start.handler(({ input }) => {
        const started = { ...record(records.experiments), spec: input }
        world.experiments = [started, ...world.experiments.filter((entry) => entry.id !== started.id)]
        world.tell({ type: 'changed', what: 'experiments', id: started.id })
        return started
      }),
      // In the order of their start, as the real one; the records stand the newest first.
      list: all.experiments.list.handler(({ input: { ids } }) =>
        world.experiments.filter(({ id }) => ids === null || ids.includes(id)).toReversed()
      ),
      page: all.experiments.page.handler(({ input }) => {
        const archived = new Set(
          world.labels.filter((label) => label.what === 'experiment' && label.archived).map(({ id }) => id)
        )
        const listed = world.experiments.filter(
          ({ id, finishedRuns }) => (input.archived || !archived.has(id)) && (!input.comparable || finishedRuns > 0)
        )
        const found = listed.filter(
          ({ spec }) =>
            spec.name.toLowerCase().includes(input.text.toLowerCase()) ||
            input.strategies.some((strategy) => spec.strategies.includes(strategy))
        )
        const by = ({ createdAt, spec }: Experiment): string => (input.sort === 'name' ? spec.name : createdAt)
        const sorted = found.toSorted((a, b) => by(a).localeCompare(by(b)) * (input.down ? -1 : 1))
        return {
          total: found.length,
          all: world.experiments.length - archived.size,
          archived: archived.size,
          experiments: sorted.slice(input.offset, input.offset + input.limit)
        }
      }),
      get: all.experiments.get.handler(({ input }) => experiment(input.id)),
      runs: all.experiments.runs.handler(({ input }) => records.runs.filter((run) => run.experimentId === input.id)),
      scores: all.experiments.scores.handler(({ input }) => records.scoresOf(input.id)),
      pause: all.experiments.pause.handler(({ input }) => ({ ...experiment(input.id), status: 'paused' as const })),
      resume: all.experiments.resume.handler(({ input }) => experiment(input.id)),
      cancel: all.experiments.cancel.handler(({ input }) => ({
        ...experiment(input.id),
        status: 'cancelled' as const
      })),
      weights: all.experiments.weights.handler(({ input }) => keptWeights(input.id)),
      keepWeights: all.experiments.keepWeights.handler(({ input }) => ({ ...keptWeights(input.id), keep: input.keep })),
      repeatRun: all.experiments.repeatRun.handler(() =>
        world.run(
          'run-strategy',
          {
            says: 'run',
            of: { strategy: 'dense', without: null, variant: [], round: 1, targets: ['CB'], repeat: true }
          },
          () => undefined
        )
      ),
      importForeign: all.experiments.importForeign.handler(({ input }) => {
        const made: Experiment = {
          ...record(records.experiments),
          id: 'e-foreign',
          status: 'finished',
          runs: input.files.length,
          finishedRuns: input.files.length,
          best: null,
          spec: {
            ...record(records.experiments).spec,
            name: input.name,
            targetIds: [input.targetId],
            foreign: { model: input.model, files: input.files.map(({ path }) => path) }
          }
        }
        world.experiments = [...world.experiments, made]
        return made
      })
    },
    things: {
      labels: all.things.labels.handler(() => things.labels()),
      label: all.things.label.handler(({ input }) => things.label(input)),
      usedBy: all.things.usedBy.handler(({ input }) => things.usedBy(input)),
      loss: all.things.loss.handler(({ input }) => things.loss(input)),
      remove: all.things.remove.handler(({ input }) => things.remove(input)),
      bin: all.things.bin.handler(() => things.bin()),
      restore: all.things.restore.handler(({ input }) => things.restore(input)),
      emptyBin: all.things.emptyBin.handler(({ input }) => things.emptyBin(input))
    },
    studies: {
      schema: all.studies.schema.handler(() => ({ schema: {} })),
      write: all.studies.write.handler(({ input }) => ({ fileName: `study.${input.format}`, text: 'study: 1\n' })),
      read: all.studies.read.handler(({ input: { text, source } }) => {
        const line = text.split('\n').findIndex((one) => one.startsWith('rouds')) + 1
        if (line > 0) {
          const problems = [`line ${line}: there is no "rouds". Did you mean "rounds"?`]
          throw failure('bad-study', `${source} is no study that can be run. ${problems.join('; ')}.`, { problems })
        }
        return { specs: records.experiments.slice(0, 1).map(({ spec }) => spec) }
      }),
      sizes: all.studies.sizes.handler(({ input }) => {
        const items = [
          ...input.experimentIds.map((id) => ({ what: 'runs' as const, id, name: 'semantic', bytes: 5_200_000 })),
          ...input.modelIds.map((id) => ({ what: 'models' as const, id, name: 'BART0', bytes: 1_630_000_000 })),
          ...input.datasetIds.map((id) => ({ what: 'datasets' as const, id, name: 'P3 sample', bytes: 912_000_000 }))
        ]
        const size = items.reduce((sum, { bytes }) => sum + bytes, 0)
        return { items, bytes: size, missing: [], suggested: '/home/ada/Downloads/recross-study.zip' }
      }),
      export: all.studies.export.handler(() =>
        world.run('export-study', { says: 'pack', of: { name: 'recross-study.zip' } }, () => undefined)
      ),
      packed: all.studies.packed.handler(() => ({
        ...{ path: '/home/ada/Downloads/recross-study.zip', bytes: 1000, files: 3, missing: [] }
      })),
      look: all.studies.look.handler(({ input }) => {
        if (!input.path.endsWith('.zip'))
          throw failure('file-missing', `There is no file at ${input.path}.`, { path: input.path })
        return {
          ...{ path: input.path, madeAt: '2026-11-20T10:00:00.000Z', lab: '0.1.0', bytes: 1_700_000_000 },
          imported: {
            ...{ experiments: [{ id: 'e-paper', name: 'The paper’s table' }], runs: 21, datasets: ['P3 sample'] },
            ...{ targets: ['CB'], models: ['BART0'], indices: 2, there: 1 }
          },
          items: [
            { what: 'experiments' as const, id: 'e-paper', name: 'The paper’s table', bytes: 5_200_000, here: false },
            { what: 'datasets' as const, id: 'ds-upstream', name: 'P3 sample', bytes: 912_000_000, here: true },
            { what: 'targets' as const, id: 't-cb', name: 'CB', bytes: 0, here: false },
            { what: 'models' as const, id: 'm-bart0', name: 'BART0', bytes: 1_630_000_000, here: false }
          ]
        }
      }),
      import: all.studies.import.handler(() =>
        world.run('import-study', { says: 'open', of: { name: 'recross-study.zip' } }, () => undefined)
      ),
      imported: all.studies.imported.handler(() => ({
        ...{ experiments: [{ id: 'e-paper', name: 'The paper’s table' }], runs: 21, datasets: ['P3 sample'] },
        ...{ targets: ['CB'], models: ['BART0'], indices: 2, there: 1 }
      }))
    },
    compare: {
      breakdown: all.compare.breakdown.handler(() => records.breakdowns),
      quality: all.compare.quality.handler(({ input: { by, k } }) => {
        const mean = { recall: 0.61, mrr: 0.82, ndcg: 0.66, chance: 0.04 }
        const sd = { recall: 0.12, mrr: 0.09, ndcg: 0.11, chance: 0.01 }
        const rows = ['glue/mrpc', 'sciq', 'xsum'].map((name) => ({ name, queries: 10, ...mean }))
        const measured = { by, k, rows, mean, sd, seconds: 3 }
        return {
          ...{ by, k },
          columns: [
            { column: 'lexical', label: 'lexical', strategy: 'lexical', measured, problem: null },
            { column: 'dense', label: 'dense', strategy: 'dense', measured: null, problem: 'Its dense index is gone.' }
          ]
        }
      }),
      table: all.compare.table.handler(({ input }) => ({
        ...('picks' in input
          ? pickedComparison(
              input.picks.map(({ experimentId: id, runIds }) => ({ id, name: experiment(id).spec.name, runIds }))
            )
          : compared(input.experimentId, experiment(input.experimentId).spec.name)),
        metric: input.metric ?? 'soft-em'
      })),
      examples: all.compare.examples.handler(({ input }) => {
        const rows = world.exampleRows
        const right = (row: (typeof rows)[number], column: string): boolean => (row.answers[column]?.score ?? 0) === 100
        const matches: Record<string, (row: (typeof rows)[number]) => boolean> = {
          all: () => true,
          fixed: (row) => right(row, input.column) && !right(row, input.against),
          broken: (row) => !right(row, input.column) && right(row, input.against),
          'all-wrong': (row) => records.strategies.every((strategy) => !right(row, strategy)),
          'all-right': (row) => records.strategies.every((strategy) => right(row, strategy)),
          differ: (row) => right(row, input.column) !== right(row, input.against)
        }
        const text = input.text.toLowerCase()
        const found = rows.filter((row) => row.input.toLowerCase().includes(text))
        const shown = found.filter((row) => matches[input.filter]?.(row))
        return {
          total: shown.length,
          counts: Object.fromEntries(
            Object.entries(matches).map(([name, match]) => [name, found.filter(match).length])
          ),
          rows: shown.slice(input.offset, input.offset + input.limit)
        }
      }),
      lineage: all.compare.lineage.handler(({ input }) => {
        const strategy = records.runs.find((run) => run.id === input.runId)?.strategy ?? 'dense'
        const row = world.exampleRows[input.exampleId - 1] ?? record(world.exampleRows)
        return {
          prediction: {
            exampleId: row.exampleId,
            input: row.input,
            references: row.references,
            output: row.answers[strategy]?.output ?? '',
            scores: { 'soft-em': row.answers[strategy]?.score ?? 0 },
            sourceItem: row.sourceItem
          },
          strategy,
          retrieved: strategy === 'zero-shot' ? [] : retrieved(strategy, 60),
          tasks: taskMix(strategy)
        }
      }),
      retrieved: all.compare.retrieved.handler(() => {
        const columns = records.strategies.filter((strategy) => strategy !== 'zero-shot')
        return {
          columns: columns.map((strategy) => ({
            column: strategy,
            runId: `e-paper-${strategy}-0`,
            total: 512,
            tasks: taskMix(strategy),
            top: retrieved(strategy, 20)
          })),
          overlap: columns.flatMap((a, i) =>
            columns
              .slice(i + 1)
              .map((b, j) => ({ a, b, shared: 12 + 31 * i + 17 * j, jaccard: (12 + 31 * i + 17 * j) / 960 }))
          )
        }
      }),
      heatMap: all.compare.heatMap.handler(({ input }) => ({
        rows: records.groups,
        targets: records.targets.map(({ id, name }) => ({ id, name })),
        share: heatShare(strategyNames.find((name) => name === input.column) ?? usualStrategy)
      })),
      settings: all.compare.settings.handler(({ input }) => [
        row(
          'name',
          'Name',
          input.experimentIds.map((id) => experiment(id).spec.name)
        ),
        row(
          'tune.learningRate',
          'Learning rate',
          input.experimentIds.map((id) => String(experiment(id).spec.tune.learningRate))
        ),
        row(
          'tune.epochs',
          'Epochs',
          input.experimentIds.map(() => '2')
        ),
        row(
          'retrieval.budget',
          'Examples to retrieve',
          input.experimentIds.map(() => '512')
        ),
        row(
          'rounds',
          'Rounds',
          input.experimentIds.map(() => '5')
        ),
        row(
          'evaluation.beams',
          'Beams',
          input.experimentIds.map(() => '4')
        )
      ]),
      export: all.compare.export.handler(({ input }) => ({
        fileName: `comparison.${input.format === 'latex' ? 'tex' : input.format}`,
        mediaType: 'text/plain',
        text: 'task,zero-shot,random\n'
      }))
    }
  })
}

/** Of the paper's table the best are kept but semantic's. */
function keptWeights(id: string) {
  const runs = records.runs
    .filter((run) => run.experimentId === id && run.status === 'finished')
    .filter(({ strategy, round }) => round === 2 && strategy !== 'zero-shot' && strategy !== 'semantic')
  return {
    keep: 'best' as const,
    bytes: runs.length * 1.62e9,
    runs: runs.map((run) => ({ runId: run.id, bytes: 1.62e9 }))
  }
}

/** What these are asked about may be gone: they filter, put together, or say that nothing uses it. */
const answersAnyway: ReadonlySet<string> = new Set([
  'jobs.list',
  'things.usedBy',
  'experiments.list',
  'experiments.demo'
])

/** Every id of a thing that a question names, at any depth. */
function idsIn(input: unknown): string[] {
  if (typeof input !== 'object' || input === null || input instanceof Blob) return []
  return Object.entries(input).flatMap(([key, value]: [string, unknown]) => {
    if (key === 'of' || key === 'picks' || key === 'models' || Array.isArray(input)) {
      const named = key === 'models' ? Object.values(value as object) : idsIn(value)
      return named.filter((id): id is string => typeof id === 'string')
    }
    if (!/^(id|runIds?|.*[a-z]Ids?)$/.test(key) || key === 'binId' || key === 'binIds') return []
    return (Array.isArray(value) ? value : [value]).filter((id): id is string => typeof id === 'string')
  })
}

function row(path: string, label: string, values: string[]) {
  return { path, label, values, differs: new Set(values).size > 1 }
}

function failure(code: ErrorCode, message: string, details: Record<string, unknown> = {}): Error {
  return new ORPCError('LAB_ERROR', { defined: true, message, data: { code, details, cause: null } })
}

function find<T extends { id: string }>(list: T[], id: string, kind: string): T {
  const found = list.find((entry) => entry.id === id)
  if (!found) throw failure('not-found', `There is no ${kind} with the id ${id}. It may have been deleted.`)
  return found
}

function record<T>(list: T[]): T {
  const first = list[0]
  if (first === undefined) throw new Error('the fake has no records')
  return first
}

/** Drops keys whose value is undefined, so that a partial update changes only what it names. */
function clean<T extends object>(input: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}

function example(id: number) {
  const task = records.tasks[id % records.tasks.length] ?? record(records.tasks)
  return {
    id: Math.max(1, id),
    input: `Read the following and answer. The river festival was moved to Sunday because the bridge is being painted (${id}). When is the festival?`,
    outputs: ['on Sunday', 'Sunday'],
    task: task.task,
    template: `template ${id % 4}`,
    group: task.group,
    sourceId: `${task.task}|train|t${id % 4}|#${id}`,
    sourceItem: id,
    choices: null
  }
}

function mapPoints(sample: number, withQueries: boolean) {
  const random = chance(11)
  const centres = records.groups.map(() => [normal(random) * 6, normal(random) * 6] as const)
  const points = Array.from({ length: sample }, (_, n) => {
    const task = records.tasks[n % records.tasks.length] ?? record(records.tasks)
    const [x, y] = centres[records.groups.indexOf(task.group)] ?? [0, 0]
    return {
      exampleId: n + 1,
      query: null,
      x: x + normal(random) * 1.3,
      y: y + normal(random) * 1.3,
      group: task.group,
      task: task.task,
      text: example(n + 1).input
    }
  })
  if (!withQueries) return points
  const [x, y] = centres[4] ?? [0, 0]
  const queries = Array.from({ length: 16 }, (_, n) => ({
    exampleId: null,
    query: n,
    x: x + 1.5 + normal(random) * 0.8,
    y: y + normal(random) * 0.8,
    group: null,
    task: null,
    text: `Query ${n + 1}: can we infer that the committee met?`
  }))
  return [...points, ...queries]
}

/** What a search among jobs looks at: their titles in all languages. */
function searched({ title, called }: Job): string {
  return (called == null ? title : soughtTitle(called as JobTitle)).toLowerCase()
}

export type World = ReturnType<typeof makeWorld>

function makeWorld(scenario: Scenario) {
  const listeners = new Set<(change: Change) => void>()
  const bare = scenario === 'empty'
  const many = Array.from({ length: 10_000 }, (_, n): Job => ({
    ...record(records.jobs.filter((job) => job.status === 'queued')),
    id: `j-many-${n}`,
    called: null,
    title: `Run ${n + 1}: ${['Semantic', 'Dense', 'Random'][n % 3] ?? ''}, round ${(n % 5) + 1}`,
    status: n % 9 === 0 ? 'finished' : 'queued',
    createdAt: new Date(Date.UTC(2026, 10, 20, 14, 0, n % 3600)).toISOString()
  }))
  const world = {
    cleaned: false,
    settings: { ...records.settings, welcomed: !bare, offline: scenario === 'offline' },
    labels: bare ? [] : [...records.labels],
    bin: [] as (Binned & { undo: () => void })[],
    datasets: bare ? [] : records.datasets,
    targets: bare ? [] : records.targets,
    models: bare ? [] : records.models,
    indices: bare ? [] : records.indices,
    minings: bare ? [] : records.minings,
    experiments: bare ? [] : records.experiments,
    jobs: bare
      ? []
      : scenario === 'huge'
        ? [...records.jobs, ...many]
        : scenario === 'cluster'
          ? atCluster.jobs
          : records.jobs,
    /** Whether there is anything with this id; runs, query sets and the catalog are always there. */
    knows(id: string, places: readonly Place[]): boolean {
      const { datasets, targets, models, indices, minings, experiments, jobs } = world
      const always = [...records.runs, ...records.querySets, ...records.catalog]
      const here = [datasets, targets, models, indices, minings, experiments, jobs, places, always]
      return here.some((list: readonly { id: string }[]) => list.some((one) => one.id === id))
    },
    exampleRows: exampleRows(scenario === 'huge' ? 20_000 : 280),
    tell(change: Change): void {
      for (const listener of listeners) listener(change)
    },
    listen(listener: (change: Change) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    put(job: Job): Job {
      world.jobs = world.jobs.some((entry) => entry.id === job.id)
        ? world.jobs.map((entry) => (entry.id === job.id ? job : entry))
        : [job, ...world.jobs]
      world.tell({ type: 'job', job })
      return job
    },
    fill(): void {
      Object.assign(world, {
        datasets: records.datasets,
        targets: records.targets,
        models: records.models,
        indices: records.indices
      })
      for (const what of ['datasets', 'targets', 'models', 'indices'] as const)
        world.tell({ type: 'changed', what, id: null })
    },
    /** A job that runs for two seconds and then is done. */
    run(kind: Job['kind'], title: JobTitle, done: () => Outcome | void): Job {
      const now = new Date().toISOString()
      const job: Job = {
        id: `j-${Math.random().toString(36).slice(2)}`,
        kind,
        ...records.titled(title),
        status: 'running',
        priority: 0,
        dependsOn: [],
        experimentId: null,
        progress: {
          fraction: 0,
          phase: 'Starting',
          done: 0,
          total: 100,
          unit: 'examples',
          rate: null,
          secondsLeft: null,
          figures: {}
        },
        error: null,
        outcome: null,
        attempts: 1,
        createdAt: now,
        startedAt: now,
        finishedAt: null
      }
      world.put(job)
      let done100 = 0
      const timer = setInterval(() => {
        done100 += 10
        if (done100 >= 100) {
          clearInterval(timer)
          const outcome = done() ?? null
          world.put({ ...job, status: 'finished', outcome, finishedAt: new Date().toISOString() })
        } else
          world.put({
            ...job,
            progress: {
              fraction: done100 / 100,
              phase: 'Working',
              done: done100,
              total: 100,
              unit: 'examples',
              rate: 50,
              secondsLeft: (100 - done100) / 50,
              figures: {}
            }
          })
      }, 200)
      return job
    }
  }
  return world
}
