import type { Client } from '../../contract/client.ts'
import type { HeatMapBy } from '../../contract/answers.ts'
import type { StrategyName } from '../../contract/strategies.ts'
import type { CommandContext } from './command.ts'
import { qualityText } from './quality-text.ts'

interface QualityFlags {
  data: string
  strategy: StrategyName[]
  index?: string
  reranker?: string
  by: HeatMapBy
  k: number
  queries: number
  seed: number
}

export async function quality({ client, print }: CommandContext, flags: QualityFlags): Promise<void> {
  const { data: datasetId, by, k, queries: perName, seed } = flags
  const all: ({ strategy: StrategyName } & Awaited<ReturnType<Client['indices']['quality']>>)[] = []
  for (const strategy of flags.strategy) {
    const asked = { datasetId, strategy, by, k, perName, seed }
    const found = await client.indices.quality({
      ...asked,
      indexId: flags.index ?? null,
      rerankerId: flags.reranker ?? null
    })
    all.push({ strategy, ...found })
  }
  const tables = all.map(({ strategy, ...measured }) => qualityText(strategy, measured))
  print(all, tables.join('\n\n'))
}
