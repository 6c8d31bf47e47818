import { z } from 'zod'
import { contract } from '../../contract/routes.ts'
import { scoringRuleSchema } from '../../contract/scoring-rule.ts'
import { strategySchema } from '../../contract/experiments.ts'
import { binnedSchema } from '../../contract/things.ts'

/**
 * What every command prints with --json, put together from what the contract's routes answer. `schema <command>` prints it as JSON
 * Schema. A new field may come at any time; one that goes or means something else raises the version.
 */
export const shapesVersion = 1

/** What a route answers. */
const of = (route: { '~orpc': { outputSchema?: unknown } }): z.ZodType => route['~orpc'].outputSchema as z.ZodType
const some = (...shapes: [z.ZodType, z.ZodType, ...z.ZodType[]]) => z.union(shapes)
const list = (shape: z.ZodType) => z.array(shape)

const { compare, data, experiments, indices, jobs, models, reranking, studies, targets, things } = contract
const job = of(jobs.get)
const model = of(models.get)
const experiment = of(experiments.get)
const comparison = of(compare.table)
const run = of(experiments.run)
const settings = of(contract.lab.settings)
const place = contract.places.add['~orpc'].outputSchema!
const written = z.object({ path: z.string() })
const steered = list(job)
const ran = z.object({
  experiment,
  comparison,
  runs: list(run),
  report: z.string().nullable()
})
const planned = z.object({ spec: of(experiments.demo), plan: of(experiments.plan) })
const begun = some(ran, planned, list(planned), experiment, list(experiment))
const removed = z.object({ removed: z.string(), binned: binnedSchema.nullable() })

/** The verbs that everything has. */
const verbs = {
  rename: of(things.label),
  note: of(things.label),
  tag: of(things.label),
  archive: of(things.label),
  unarchive: of(things.label),
  used: of(things.usedBy),
  remove: removed
}
const verbsOf = (group: string) =>
  Object.fromEntries(Object.entries(verbs).map(([verb, shape]) => [`${group} ${verb}`, shape]))

/** By the words of the command. A command that prints its file to the standard output prints that and no JSON. */
export const jsonShapes: Readonly<Record<string, z.ZodType>> = {
  demo: some(ran, of(experiments.demoTime)),
  'experiment plan': some(planned, list(planned)),
  'experiment run': begun,
  'experiment presets': of(experiments.differences),
  'experiment spec': written,
  'experiment resume': ran,
  'experiment pause': experiment,
  'experiment cancel': experiment,
  'experiment list': list(experiment),
  'experiment show': z.object({ comparison, runs: list(run) }),
  'experiment compare': z.object({ comparison, report: z.string().nullable() }),
  'experiment add': begun,
  'experiment test-on': begun,
  'experiment answers': of(compare.examples),
  'experiment retrieved': of(compare.retrieved),
  'experiment lineage': of(compare.lineage),
  'experiment heat-map': of(compare.heatMap),
  'experiment quality': of(compare.quality),
  'experiment settings': of(compare.settings),
  'experiment score': z.object({ rule: scoringRuleSchema, comparison }),
  'experiment breakdown': of(compare.breakdown),
  'experiment import-answers': z.object({ experiment, comparison }),
  'experiment export': written,
  'experiment repeat': list(z.object({ runId: z.string(), result: z.string() })),
  ...verbsOf('experiment'),
  'study schema': written,
  'study export': of(studies.packed),
  'study look': of(studies.look),
  'study import': of(studies.imported),
  import: some(
    z.object({
      job,
      dataset: of(data.get).nullable(),
      notes: z.array(z.string()),
      leaks: z.array(z.string())
    }),
    of(data.preview)
  ),
  catalog: some(of(contract.catalog.list), contract.catalog.list['~orpc'].outputSchema!.element),
  download: some(job, of(contract.catalog.look), of(contract.catalog.lookAtModel)),
  'datasets list': of(data.list),
  'datasets show': data.get['~orpc'].outputSchema!.extend({ taskList: of(data.tasks) }),
  'datasets search': of(data.search),
  'datasets example': of(data.example),
  'datasets rejected': of(data.rejected),
  ...verbsOf('datasets'),
  'targets list': of(targets.list),
  'targets set': of(targets.update),
  'targets queries': of(targets.querySets),
  'targets sample': of(targets.sampleQueries),
  'targets add-queries': of(targets.addQueries),
  'targets leaks': targets.leaks['~orpc'].outputSchema!.shape.leaks,
  ...verbsOf('targets'),
  'models list': of(models.list),
  'models show': model,
  'models look': some(of(models.look), of(contract.catalog.lookAtModel)),
  'models install': z.object({ job, model: model.nullable() }),
  'models export': z.object({ job, folder: z.string().nullable(), model: model.nullable() }),
  'models find-rate': models.rateTest['~orpc'].outputSchema!.extend({ jobId: z.string(), kept: z.boolean() }),
  ...verbsOf('models'),
  predict: some(
    models.answers['~orpc'].outputSchema!.shape.answers,
    z.object({ path: z.string(), answers: models.answers['~orpc'].outputSchema!.shape.answers })
  ),
  'index list': of(indices.list),
  'index estimate': of(indices.estimate),
  'index build': z.object({ job, indices: of(indices.list) }),
  'index neighbours': indices.neighbours['~orpc'].outputSchema!.shape.neighbours,
  'index retrieve': of(indices.retrieve),
  'index quality': list(indices.quality['~orpc'].outputSchema!.extend({ strategy: strategySchema })),
  'index publish': z.object({ job, indices: of(indices.shared) }),
  'index shared': of(indices.shared),
  'index fetch': job,
  'index search-shared': indices.searchShared['~orpc'].outputSchema!.shape.neighbours,
  'index unpublish': of(indices.removeShared),
  ...verbsOf('index'),
  'reranker list': z.object({ minings: of(reranking.minings), rerankers: list(model) }),
  'reranker mine': some(of(reranking.mining), of(reranking.estimateMining)),
  'reranker report': of(reranking.mining),
  'reranker train': model,
  'reranker bootstrap': list(model),
  ...verbsOf('reranker'),
  'retriever list': list(model),
  'retriever train': model,
  'bin list': of(things.bin),
  'bin restore': of(things.restore),
  'bin empty': of(things.emptyBin),
  'jobs list': of(jobs.list),
  'jobs show': job,
  'jobs log': of(jobs.log),
  'jobs pause': steered,
  'jobs cancel': steered,
  'jobs resume': steered,
  'jobs retry': steered,
  'jobs priority': steered,
  'jobs remove': z.object({ removed: z.array(z.string()) }),
  'jobs clear': of(jobs.clear),
  'jobs self-test': job,
  'places list': of(contract.places.list),
  'places add': place.extend({ check: of(contract.places.check) }),
  'places change': place.extend({ check: of(contract.places.check) }),
  'places check': of(contract.places.check),
  'places contents': of(contract.places.contents),
  'places clean': of(contract.places.clean),
  'places remove': z.object({ id: z.string() }),
  'home show': of(contract.lab.usage),
  'home verify': of(contract.lab.verify),
  'home clean': of(contract.lab.clean),
  'settings show': settings,
  'settings set': settings,
  'settings requests': of(contract.lab.requests),
  'settings token': settings,
  doctor: of(contract.lab.doctor),
  diagnostics: written,
  update: some(of(contract.lab.lookForUpdate), of(contract.lab.installers)),
  serve: z.object({ address: z.string(), pid: z.int() }),
  open: z.object({ address: z.string() })
}

/** What a command prints with --json where it ends with an error. */
const errorShape = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
    cause: z.string().nullish()
  })
})

/** The JSON Schema (draft 2020-12) of what a command prints, with its name and version; `error`: of what any prints that fails. */
export function jsonSchemaOf(command: string): Record<string, unknown> | null {
  const shape = command === 'error' ? errorShape : jsonShapes[command]
  if (shape === undefined) return null
  const name = command.replaceAll(' ', '-')
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:recross-lab:json:${name}:${shapesVersion}`,
    title: `recross-lab --json ${command}`,
    version: shapesVersion,
    ...z.toJSONSchema(shape, { unrepresentable: 'any', io: 'output' })
  }
}
