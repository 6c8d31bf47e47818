/** One row for each operation: how shapes follow, and how it is written as ONNX. A forgotten op does not compile. */
import type { Emitter } from '../emitter.ts'
import type { Node, Value, ValueType } from '../value.ts'
import type { Op, OpAttributes } from './attributes.ts'
import { elementwise } from './elementwise.ts'
import { loss } from './loss.ts'
import { matrix } from './matrix.ts'
import { normalize } from './normalize.ts'
import { packed } from './packed.ts'
import { reduce } from './reduce.ts'
import type { OpRow } from './row.ts'
import { screen } from './screen.ts'
import { select } from './select.ts'
import { shape } from './shape.ts'

const rows: { readonly [O in Op]: OpRow<O> } = {
  ...elementwise,
  ...matrix,
  ...screen,
  ...normalize,
  ...shape,
  ...select,
  ...packed,
  ...reduce,
  ...loss
}

/** The types of an op's outputs; throws `graph-misfit` where the inputs do not fit. */
export function inferTypes<O extends Op>(
  op: O,
  inputs: readonly Value[],
  attributes: OpAttributes[O]
): readonly ValueType[] {
  return rows[op].infer(inputs, attributes)
}

export function emitNode(emitter: Emitter, node: Node): void {
  // The row and the node carry the same op, which the type of an indexed record cannot express.
  const row = rows[node.op] as OpRow<Op>
  row.emit(emitter, node)
}
