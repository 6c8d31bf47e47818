/** What must hold of every graph, checked after building and after every pass. */
import { LabError } from '../contract/error.ts'
import { canonicalDim, sameDims } from './dims.ts'
import { dimensionPrefix } from './emitter.ts'
import { inferTypes } from './ops/index.ts'
import { describeType, type Graph, type Value } from './value.ts'

/** Names that begin with this belong to the builder: a clash would give wrong numbers without an error. */
const internalPrefix = '_'

/** Throws `bad-graph` unless every value is assigned once, before it is read, with the type its op gives it. */
export function checkGraph(graph: Graph): Graph {
  const known = new Map<string, Value>()
  const fail = (why: string): never => {
    throw new LabError('bad-graph', `Graph "${graph.name}": ${why}`, { details: { graph: graph.name } })
  }
  const assign = (value: Value) => {
    if (known.has(value.name)) fail(`"${value.name}" is assigned twice.`)
    if (value.dims.some((dim) => canonicalDim(dim) !== dim))
      fail(`"${value.name}" has a dimension that is not in canonical form: ${describeType(value)}.`)
    known.set(value.name, value)
  }
  for (const { value } of graph.inputs) {
    checkPublicName(value.name)
    assign(value)
  }
  for (const { value, data } of graph.constants) {
    assign(value)
    const count = value.dims.reduce<number>((product, dim) => product * Number(dim), 1)
    if (data.length !== count)
      fail(`constant "${value.name}" holds ${data.length} elements, but is ${describeType(value)}.`)
  }
  for (const node of graph.nodes) {
    for (const input of node.inputs) {
      if (known.get(input.name) !== input) fail(`${node.op} reads "${input.name}", which nothing before it assigns.`)
    }
    const types = inferTypes(node.op, node.inputs, node.attributes)
    node.outputs.forEach((output, index) => {
      const type = types[index]
      if (!type || type.dtype !== output.dtype || !sameDims(type.dims, output.dims)) {
        fail(
          `${node.op} gives ${type ? describeType(type) : 'nothing'}, but "${output.name}" is ${describeType(output)}.`
        )
      }
      assign(output)
    })
  }
  const outputs = new Set<string>()
  for (const { name, value } of graph.outputs) {
    checkPublicName(name)
    if (outputs.has(name)) fail(`two outputs are named "${name}".`)
    if (known.has(name) && known.get(name) !== value) fail(`the output name "${name}" belongs to another value.`)
    if (known.get(value.name) !== value) fail(`the output "${name}" is not a value of this graph.`)
    outputs.add(name)
  }
  return graph
}

/** Throws `reserved-name` for a name that the builder or the session uses itself. */
export function checkPublicName(name: string): void {
  if (name === '' || name.startsWith(internalPrefix) || name.startsWith(dimensionPrefix)) {
    throw new LabError(
      'reserved-name',
      `"${name}" cannot name a graph's input or output: names that begin with "${internalPrefix}" or "${dimensionPrefix}" are reserved.`
    )
  }
}
