/** Weights made part of a graph. */
import type { ConstantData, Graph, GraphConstant, Node, Value } from '../graph/index.ts'

export interface FreezeOptions {
  /** Leave embedding tables as inputs where rows are looked up: a copy of them would gain nothing. */
  feedTables: boolean
  /** Weights that stay inputs wherever they are read. */
  fed?: (name: string) => boolean
}

/**
 * The graph with its weights as constants: the runtime lays them out once for its matrix products and needs no feeds, which is
 * faster to run, but takes a second copy of them. `weights` gives the elements by name, in the layout the graph asks for.
 */
export function freezeWeights(
  graph: Graph,
  weights: (name: string) => ConstantData,
  { feedTables, fed: stays = () => false }: FreezeOptions
): Graph {
  const isTable = (node: Node, position: number): boolean => feedTables && node.op === 'Gather' && position === 0
  const frozen = new Map<Value, Value>()
  const fed = new Set<Value>()
  const ours = new Set(graph.inputs.filter(({ role }) => role.kind === 'weight').map(({ value }) => value))
  const nodes = graph.nodes.map((node) => {
    const inputs = node.inputs.map((input, position) => {
      if (!ours.has(input)) return input
      if (isTable(node, position) || stays(input.name)) {
        fed.add(input)
        return input
      }
      const known = frozen.get(input)
      if (known) return known
      const constant = { ...input, name: `_frozen.${input.name}` }
      frozen.set(input, constant)
      return constant
    })
    return { ...node, inputs }
  })
  const constants = [...frozen].map(([{ name }, value]): GraphConstant => ({ value, data: weights(name) }))
  return {
    ...graph,
    nodes,
    inputs: graph.inputs.filter(({ value }) => !ours.has(value) || fed.has(value)),
    constants: [...graph.constants, ...constants]
  }
}
