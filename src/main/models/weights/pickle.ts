import { Input } from './pickle-input.ts'
import { append, type Entry, mark, only, peek, pop, popMany, popToMark, setItems } from './pickle-stack.ts'
import { isList, PickleError, PickleGlobal, PickleOther, type PickleValue } from './pickle-values.ts'

/**
 * Reads the part of Python's pickle format that `torch.save` uses for weights. Pickle is a small program for a stack
 * machine; Python would call whatever it names. This reader knows a closed list of instructions, and those that call
 * something (REDUCE, NEWOBJ) only ever reach `Machine`, which knows a closed list of names. Nothing is executed.
 * @see https://docs.python.org/3/library/pickletools.html
 */

/** What the calls in a pickle mean; both throw `PickleError` for anything that is not on their list. */
export interface Machine {
  /** REDUCE: a named thing called with arguments. */
  call(callee: PickleGlobal, parameters: readonly PickleValue[]): PickleValue
  /** NEWOBJ: a named class without its constructor. */
  make(of: PickleGlobal): PickleValue
  /** BINPERSID: a reference to something outside of the pickle. */
  persistent(reference: PickleValue): PickleValue
}

/** Deepest stack; real files stay below a few times their number of tensors. */
const largestStack = 4_000_000

/**
 * @returns the value, and the position after its STOP
 * @throws PickleError
 */
export function readPickle(bytes: Uint8Array, start: number, machine: Machine): { value: PickleValue; end: number } {
  const input = new Input(bytes, start)
  const stack: Entry[] = []
  const memo = new Map<number, PickleValue>()
  for (;;) {
    const opcode = input.byte()
    if (opcode === 0x2e) return { value: only(stack), end: input.position }
    if (stack.length > largestStack) throw new PickleError('its stack grows beyond reason')
    step(opcode, input, { stack, memo }, machine)
  }
}

/** One instruction; the comments are Python's names for them. */
function step(
  opcode: number,
  input: Input,
  { stack, memo }: { stack: Entry[]; memo: Map<number, PickleValue> },
  machine: Machine
): void {
  switch (opcode) {
    case 0x80: // PROTO
      if (input.byte() > 5) throw new PickleError('its protocol is newer than 5')
      return
    case 0x95: // FRAME
      input.skip(8)
      return
    case 0x28: // MARK
      stack.push(mark)
      return
    case 0x30: // POP
      pop(stack)
      return
    case 0x4e: // NONE
      stack.push(null)
      return
    case 0x88: // NEWTRUE
      stack.push(true)
      return
    case 0x89: // NEWFALSE
      stack.push(false)
      return
    case 0x4a: // BININT
      stack.push(input.int32())
      return
    case 0x4b: // BININT1
      stack.push(input.byte())
      return
    case 0x4d: // BININT2
      stack.push(input.uint16())
      return
    case 0x8a: // LONG1
      stack.push(longOf(input.take(input.byte())))
      return
    case 0x47: // BINFLOAT
      stack.push(input.float64())
      return
    case 0x58: // BINUNICODE
      stack.push(input.text(input.uint32()))
      return
    case 0x8c: // SHORT_BINUNICODE
    case 0x55: // SHORT_BINSTRING
      stack.push(input.text(input.byte()))
      return
    case 0x54: // BINSTRING
      stack.push(input.text(input.uint32()))
      return
    case 0x42: // BINBYTES
      stack.push(input.take(input.uint32()))
      return
    case 0x43: // SHORT_BINBYTES
      stack.push(input.take(input.byte()))
      return
    case 0x5d: // EMPTY_LIST
    case 0x29: // EMPTY_TUPLE
      stack.push([])
      return
    case 0x7d: // EMPTY_DICT
      stack.push(new Map())
      return
    case 0x74: // TUPLE
      stack.push(popToMark(stack))
      return
    case 0x85: // TUPLE1
    case 0x86: // TUPLE2
    case 0x87: // TUPLE3
      stack.push(popMany(stack, opcode - 0x84))
      return
    case 0x61: // APPEND
      append(stack, [pop(stack)])
      return
    case 0x65: // APPENDS
      append(stack, popToMark(stack))
      return
    case 0x73: // SETITEM
      setItems(stack, popMany(stack, 2))
      return
    case 0x75: // SETITEMS
      setItems(stack, popToMark(stack))
      return
    case 0x71: // BINPUT
      memo.set(input.byte(), peek(stack))
      return
    case 0x72: // LONG_BINPUT
      memo.set(input.uint32(), peek(stack))
      return
    case 0x94: // MEMOIZE
      memo.set(memo.size, peek(stack))
      return
    case 0x68: // BINGET
      stack.push(recall(memo, input.byte()))
      return
    case 0x6a: // LONG_BINGET
      stack.push(recall(memo, input.uint32()))
      return
    case 0x63: // GLOBAL
      stack.push(new PickleGlobal(input.line(), input.line()))
      return
    case 0x93: {
      // STACK_GLOBAL
      const [module, name] = popMany(stack, 2)
      if (typeof module !== 'string' || typeof name !== 'string') throw new PickleError('a name is not a text')
      stack.push(new PickleGlobal(module, name))
      return
    }
    case 0x51: // BINPERSID
      stack.push(machine.persistent(pop(stack)))
      return
    case 0x52: {
      // REDUCE
      const parameters = pop(stack)
      const callee = pop(stack)
      if (!(callee instanceof PickleGlobal) || !isList(parameters)) throw new PickleError('it calls no known function')
      stack.push(machine.call(callee, parameters))
      return
    }
    case 0x81: {
      // NEWOBJ
      const parameters = pop(stack)
      const of = pop(stack)
      if (!(of instanceof PickleGlobal) || !isList(parameters))
        throw new PickleError('it makes something of no known kind')
      stack.push(machine.make(of))
      return
    }
    case 0x62: // BUILD: attributes of a state dict, which weights do not need
      pop(stack)
      if (!(peek(stack) instanceof Map || peek(stack) instanceof PickleOther))
        throw new PickleError('it sets attributes of something that is no dictionary')
      return
    default:
      throw new PickleError(`the instruction 0x${opcode.toString(16)} is not one that files of weights need`)
  }
}

function recall(memo: ReadonlyMap<number, PickleValue>, key: number): PickleValue {
  const value = memo.get(key)
  if (value === undefined) throw new PickleError(`it refers to the value ${key}, which was never stored`)
  return value
}

/** A little-endian whole number in two's complement. */
function longOf(bytes: Uint8Array): number | bigint {
  let value = 0n
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!)
  value = BigInt.asIntN(bytes.length * 8, value)
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
