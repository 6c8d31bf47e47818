/** Writes a graph in ONNX's protobuf format (onnx.proto3), with protobuf's own wire writer and no generated code. */
import { BinaryWriter } from '@bufbuild/protobuf/wire'
import { termsOf, type Dim } from './dims.ts'
import { emitGraph } from './emit.ts'
import { dimensionPrefix, int, type OnnxAttribute, type OnnxConstant, type OnnxNode, type Target } from './emitter.ts'
import { constantData } from './constants.ts'
import { onnxTypes } from './ops/elementwise.ts'
import type { DType } from './dtype.ts'
import type { Graph } from './value.ts'
import { LabError } from '../contract/error.ts'

export interface EncodedModel {
  readonly bytes: Uint8Array
  /** Graph inputs `dim:<expression>`, int64 `[1]`, that must be fed besides the graph's own. */
  readonly dimensions: readonly Dim[]
  /** Large constants, which lie beside the model: protobuf would copy them several times and ends at 2 GB. */
  readonly external: readonly ExternalData[]
}

/** The bytes that an external constant refers to by `path`. */
interface ExternalData {
  readonly path: string
  readonly data: Uint8Array
}

export interface EncodeOptions {
  target: Target
  /**
   * Puts an output `_stop` of a sequence type first. The Node binding refuses it only after the run has written every
   * preallocated output, and so never copies the others; see the session that makes use of it.
   */
  stopOutput?: boolean
  /**
   * For other programs: nothing is fed but the graph's own data. Dimensions are read off the inputs' shapes, all constants stand
   * inside, and weights are read from a file beside the graph.
   */
  alone?: { weight(name: string): StoredWeight }
}

/** Where the bytes of a weight lie in a file. */
export interface StoredWeight {
  /** From the folder of the graph. */
  file: string
  offset: number
  bytes: number
}

export const stopOutputName = '_stop'

const irVersion = 10
const opsets = [
  { domain: '', version: 21 },
  { domain: 'com.microsoft', version: 1 }
]

export function encodeModel(graph: Graph, { target, stopOutput = false, alone }: EncodeOptions): EncodedModel {
  const emission = emitGraph(graph, target)
  const { nodes, copies } = nameOutputs(graph, emission.nodes)
  nodes.push(...copies)
  const constants = [...emission.constants]
  if (alone) {
    const read = readDimensions(graph, emission.dimensions)
    nodes.unshift(...read.nodes)
    constants.push(...read.constants)
  }
  const fed = graph.inputs.filter(({ role }) => !alone || role.kind !== 'weight')
  const stored = graph.inputs.filter((input) => !fed.includes(input))
  if (stopOutput) {
    constants.push({ name: '_stop_element', dtype: 'float32', dims: [1], data: new Float32Array(1) })
    nodes.push(plainNode('SequenceConstruct', ['_stop_element'], [stopOutputName]))
  }
  const external: ExternalData[] = []
  const writer = new BinaryWriter()
  writer.uint32(tag(1, varint)).int64(irVersion)
  writer.uint32(tag(2, bytes)).string('recross-lab')
  message(writer, 7, (model) => {
    for (const node of withResultsLast(nodes)) message(model, 1, (w) => writeNode(w, node))
    model.uint32(tag(2, bytes)).string(graph.name)
    for (const constant of constants) message(model, 5, (w) => writeConstant(w, constant, alone ? 'inside' : external))
    for (const { value } of stored)
      message(model, 5, (w) => {
        writeTensorType(w, value.name, value.dtype, value.dims.map(Number))
        writePlace(w, alone!.weight(value.name))
      })
    for (const { value } of fed) message(model, 11, (w) => writeValueInfo(w, value.name, value.dtype, value.dims))
    for (const dim of alone ? [] : emission.dimensions)
      message(model, 11, (w) => writeValueInfo(w, dimensionPrefix + dim, 'int64', [1]))
    if (stopOutput) message(model, 12, (w) => writeSequenceInfo(w, stopOutputName))
    for (const { name, value } of graph.outputs)
      message(model, 12, (w) => writeValueInfo(w, name, value.dtype, value.dims))
  })
  for (const { domain, version } of opsets) {
    message(writer, 8, (w) => {
      w.uint32(tag(1, bytes)).string(domain)
      w.uint32(tag(2, varint)).int64(version)
    })
  }
  return { bytes: writer.finish(), dimensions: alone ? [] : emission.dimensions, external }
}

/** Nodes that work dimensions out of the shapes of the inputs, each as the int64 vector of length 1 that is fed otherwise. */
function readDimensions(
  graph: Graph,
  dimensions: readonly Dim[]
): { nodes: OnnxNode[]; constants: readonly OnnxConstant[] } {
  const nodes: OnnxNode[] = []
  const constants = new Map<number, OnnxConstant>()
  const made = new Set<string>()
  const step = (type: string, inputs: readonly string[], output: string, attributes = {}): string => {
    if (!made.has(output)) nodes.push({ ...plainNode(type, inputs, [output]), attributes })
    made.add(output)
    return output
  }
  const number = (value: number): string => {
    const name = `_whole${value}`
    constants.set(value, { name, dtype: 'int64', dims: [1], data: constantData('int64', [value]) })
    return name
  }
  const symbol = (name: string): string => {
    for (const { value, role } of graph.inputs) {
      const axis = role.kind === 'data' ? value.dims.indexOf(name) : -1
      if (axis >= 0)
        return step('Shape', [value.name], dimensionPrefix + name, { start: int(axis), end: int(axis + 1) })
    }
    throw new LabError('unbound-dimension', `No input of the graph "${graph.name}" has the dimension "${name}".`)
  }
  for (const dim of dimensions) {
    const terms = termsOf(dim).map(({ factor, symbols }) => {
      const factors = symbols.map(symbol)
      if (factor !== 1 || factors.length === 0) factors.unshift(number(factor))
      return factors.reduce((left, right) => step('Mul', [left, right], `_product(${left},${right})`))
    })
    const sum = terms.reduce((left, right) => step('Add', [left, right], `_sum(${left},${right})`))
    if (sum !== dimensionPrefix + dim) step('Identity', [sum], dimensionPrefix + dim)
  }
  return { nodes, constants: [...constants.values()] }
}

/**
 * Gives computed values the names of the outputs they are. Only an input or a constant that is an output too, or a value with
 * two output names, needs a copy.
 */
function nameOutputs(graph: Graph, nodes: readonly OnnxNode[]): { nodes: OnnxNode[]; copies: OnnxNode[] } {
  const computed = new Set(graph.nodes.flatMap((node) => node.outputs))
  const renamed = new Map<string, string>()
  const copies: OnnxNode[] = []
  for (const { name, value } of graph.outputs) {
    if (computed.has(value) && !renamed.has(value.name)) renamed.set(value.name, name)
    else if (name !== value.name) copies.push(plainNode('Identity', [renamed.get(value.name) ?? value.name], [name]))
  }
  const rename = (name: string): string => renamed.get(name) ?? name
  return {
    nodes: nodes.map((node) => ({ ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) })),
    copies
  }
}

/**
 * ONNX Runtime walks back from the nodes that nothing reads, the one written last first, and runs what each needs. In a training
 * graph these are the gradients of the weights, those of the last layer computed first. Written in reverse, each is run as soon
 * as it can be, and what it was computed from is freed; in their own order, the first layer's would come first, the whole
 * backward pass before all others, and every activation would be kept to the end.
 */
function withResultsLast(nodes: readonly OnnxNode[]): OnnxNode[] {
  const read = new Set(nodes.flatMap((node) => node.inputs))
  const isResult = (node: OnnxNode): boolean => !node.outputs.some((output) => read.has(output))
  return [...nodes.filter((node) => !isResult(node)), ...nodes.filter(isResult).reverse()]
}

// Protobuf wire types.
const varint = 0
const bytes = 2
const fixed32 = 5
const tag = (field: number, wireType: number): number => (field << 3) | wireType

function message(writer: BinaryWriter, field: number, write: (writer: BinaryWriter) => void): void {
  writer.uint32(tag(field, bytes)).fork()
  write(writer)
  writer.join()
}

function plainNode(type: string, inputs: readonly string[], outputs: readonly string[]): OnnxNode {
  return { type, domain: '', name: `${type}/${outputs[0]}`, inputs, outputs, attributes: {} }
}

function writeNode(writer: BinaryWriter, node: OnnxNode): void {
  for (const name of node.inputs) writer.uint32(tag(1, bytes)).string(name)
  for (const name of node.outputs) writer.uint32(tag(2, bytes)).string(name)
  writer.uint32(tag(3, bytes)).string(node.name)
  writer.uint32(tag(4, bytes)).string(node.type)
  for (const [name, attribute] of Object.entries(node.attributes))
    message(writer, 5, (w) => writeAttribute(w, name, attribute))
  writer.uint32(tag(7, bytes)).string(node.domain)
}

function writeAttribute(writer: BinaryWriter, name: string, attribute: OnnxAttribute): void {
  writer.uint32(tag(1, bytes)).string(name)
  switch (attribute.kind) {
    case 'float':
      writer.uint32(tag(2, fixed32)).float(attribute.value)
      writer.uint32(tag(20, varint)).int32(1)
      break
    case 'int':
      writer.uint32(tag(3, varint)).int64(attribute.value)
      writer.uint32(tag(20, varint)).int32(2)
      break
    case 'text':
      writer.uint32(tag(4, bytes)).string(attribute.value)
      writer.uint32(tag(20, varint)).int32(3)
      break
    case 'ints':
      for (const value of attribute.value) writer.uint32(tag(8, varint)).int64(value)
      writer.uint32(tag(20, varint)).int32(7)
      break
  }
}

/** Constants from this size on lie beside the model. Smaller ones stay inside, where shape inference can read them. */
const externalBytes = 4096

function writeConstant(
  writer: BinaryWriter,
  { name, dtype, dims, data }: OnnxConstant,
  external: ExternalData[] | 'inside'
): void {
  writeTensorType(writer, name, dtype, dims)
  const content = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  if (external === 'inside' || content.length < externalBytes) {
    writer.uint32(tag(9, bytes)).bytes(content)
    return
  }
  external.push({ path: name, data: content })
  writePlace(writer, { file: name, offset: 0, bytes: content.length })
}

function writeTensorType(writer: BinaryWriter, name: string, dtype: DType, dims: readonly number[]): void {
  for (const dim of dims) writer.uint32(tag(1, varint)).int64(dim)
  writer.uint32(tag(2, varint)).int32(onnxTypes[dtype])
  writer.uint32(tag(8, bytes)).string(name)
}

/** Where the elements lie, instead of the elements. */
function writePlace(writer: BinaryWriter, { file, offset, bytes: length }: StoredWeight): void {
  const entries = { location: file, offset: String(offset), length: String(length) }
  for (const [key, value] of Object.entries(entries)) {
    message(writer, 13, (w) => w.uint32(tag(1, bytes)).string(key).uint32(tag(2, bytes)).string(value))
  }
  writer.uint32(tag(14, varint)).int32(1)
}

function writeValueInfo(writer: BinaryWriter, name: string, dtype: DType, dims: readonly Dim[]): void {
  writer.uint32(tag(1, bytes)).string(name)
  message(writer, 2, (type) =>
    message(type, 1, (tensor) => {
      tensor.uint32(tag(1, varint)).int32(onnxTypes[dtype])
      message(tensor, 2, (shape) => {
        for (const dim of dims) {
          message(shape, 1, (w) =>
            typeof dim === 'number' ? w.uint32(tag(1, varint)).int64(dim) : w.uint32(tag(2, bytes)).string(dim)
          )
        }
      })
    })
  )
}

function writeSequenceInfo(writer: BinaryWriter, name: string): void {
  writer.uint32(tag(1, bytes)).string(name)
  message(writer, 2, (type) =>
    message(type, 4, (sequence) =>
      message(sequence, 1, (element) =>
        message(element, 1, (tensor) => tensor.uint32(tag(1, varint)).int32(onnxTypes.float32))
      )
    )
  )
}
