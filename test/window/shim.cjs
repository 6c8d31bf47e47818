// What Node 18 (Electron 25) lacks of Node 24 (Electron 45), as far as the lab and its libraries call it. For this check only.
'use strict'
const os = require('node:os')
const fs = require('node:fs')
const path = require('node:path')

/** Adds what is not there; never replaces. */
function add(target, functions) {
  for (const [name, value] of Object.entries(functions))
    if (!(name in target)) Object.defineProperty(target, name, { value, writable: true, configurable: true })
}

for (const name of ['dispose', 'asyncDispose'])
  if (!Symbol[name]) Object.defineProperty(Symbol, name, { value: Symbol.for(`nodejs.${name}`) })

add(Promise, {
  withResolvers() {
    let resolve, reject
    const promise = new this((a, b) => ([resolve, reject] = [a, b]))
    return { promise, resolve, reject }
  },
  try(call, ...given) {
    return new this((resolve) => resolve(call(...given)))
  }
})
add(Object, {
  groupBy(items, keyOf) {
    const groups = Object.create(null)
    let i = 0
    for (const item of items) (groups[keyOf(item, i++)] ??= []).push(item)
    return groups
  }
})
add(Map, {
  groupBy(items, keyOf) {
    const groups = new Map()
    let i = 0
    for (const item of items) {
      const key = keyOf(item, i++)
      if (groups.has(key)) groups.get(key).push(item)
      else groups.set(key, [item])
    }
    return groups
  }
})
add(Array, {
  async fromAsync(items, map = (item) => item) {
    const all = []
    for await (const item of items) all.push(await map(item, all.length))
    return all
  }
})
for (const type of [Array, Object.getPrototypeOf(Float32Array)])
  add(type.prototype, {
    toSorted(compare) {
      return this.slice().sort(compare)
    },
    toReversed() {
      return this.slice().reverse()
    },
    toSpliced(...given) {
      const copy = this.slice()
      copy.splice(...given)
      return copy
    },
    with(index, value) {
      const copy = this.slice()
      copy[index < 0 ? copy.length + index : index] = value
      return copy
    }
  })
add(Set.prototype, {
  union(other) {
    return new Set([...this, ...other.keys()])
  },
  intersection(other) {
    return new Set([...this].filter((item) => other.has(item)))
  },
  difference(other) {
    return new Set([...this].filter((item) => !other.has(item)))
  },
  symmetricDifference(other) {
    return new Set([...this.difference(other), ...[...other.keys()].filter((item) => !this.has(item))])
  },
  isSubsetOf(other) {
    return [...this].every((item) => other.has(item))
  },
  isSupersetOf(other) {
    return [...other.keys()].every((item) => this.has(item))
  },
  isDisjointFrom(other) {
    return [...this].every((item) => !other.has(item))
  }
})

const iterator = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()))
add(iterator, {
  *map(call) {
    let i = 0
    for (const item of this) yield call(item, i++)
  },
  *filter(call) {
    let i = 0
    for (const item of this) if (call(item, i++)) yield item
  },
  *flatMap(call) {
    let i = 0
    for (const item of this) yield* call(item, i++)
  },
  *take(count) {
    if (count <= 0) return
    let i = 0
    for (const item of this) {
      yield item
      if (++i >= count) return
    }
  },
  *drop(count) {
    let i = 0
    for (const item of this) if (i++ >= count) yield item
  },
  toArray() {
    return [...this]
  },
  forEach(call) {
    let i = 0
    for (const item of this) call(item, i++)
  },
  some(call) {
    let i = 0
    for (const item of this) if (call(item, i++)) return true
    return false
  },
  every(call) {
    let i = 0
    for (const item of this) if (!call(item, i++)) return false
    return true
  },
  find(call) {
    let i = 0
    for (const item of this) if (call(item, i++)) return item
    return undefined
  },
  reduce(call, ...first) {
    return [...this].reduce(call, ...first)
  }
})
add(globalThis, {
  Iterator: Object.assign(function Iterator() {}, {
    prototype: iterator,
    from: (items) =>
      (function* () {
        yield* items
      })()
  }),
  File: require('node:buffer').File ?? class File extends Blob {},
  CustomEvent: class CustomEvent extends Event {
    constructor(type, options) {
      super(type, options)
      this.detail = options?.detail ?? null
    }
  }
})
add(URL, {
  canParse(address, base) {
    try {
      return new URL(address, base) !== null
    } catch {
      return false
    }
  },
  parse(address, base) {
    return URL.canParse(address, base) ? new URL(address, base) : null
  }
})
add(AbortSignal, {
  any(signals) {
    const controller = new AbortController()
    for (const signal of signals) {
      if (signal.aborted) controller.abort(signal.reason)
      else signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true })
    }
    return controller.signal
  }
})
add(String.prototype, {
  isWellFormed() {
    return !/\p{Surrogate}/u.test(this)
  },
  toWellFormed() {
    return this.replace(/\p{Surrogate}/gu, '\ufffd')
  }
})
add(Math, { sumPrecise: (values) => [...values].reduce((sum, value) => sum + value, 0) })
add(ArrayBuffer.prototype, {
  transfer() {
    return structuredClone(this, { transfer: [this] })
  }
})
add(require('node:worker_threads'), { markAsUncloneable() {} })
add(require('node:crypto'), {
  hash: (kind, data, encoding = 'hex') => require('node:crypto').createHash(kind).update(data).digest(encoding)
})
add(require('node:util'), { styleText: (_style, text) => text, getCallSites: () => [] })
add(os, { availableParallelism: () => os.cpus().length })
add(process, {
  getBuiltinModule: (name) => require(name),
  availableMemory: () => os.freemem(),
  constrainedMemory: () => 0
})

// Directory entries have `parentPath`, and readdir its `recursive`.
const { readdirSync } = fs
const { readdir } = fs.promises
const special = (folder, options) =>
  options &&
  typeof options === 'object' &&
  (options.withFileTypes || options.recursive) &&
  !String(folder).includes('.asar')
function walk(folder, options, base, found) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    entry.parentPath = entry.path = folder
    found.push(options.withFileTypes ? entry : path.relative(base, path.join(folder, entry.name)))
    if (options.recursive && entry.isDirectory()) walk(path.join(folder, entry.name), options, base, found)
  }
  return found
}
fs.readdirSync = (folder, options) =>
  special(folder, options) ? walk(String(folder), options, String(folder), []) : readdirSync(folder, options)
fs.promises.readdir = async (folder, options) =>
  special(folder, options) ? fs.readdirSync(folder, options) : readdir(folder, options)
require('node:module').syncBuiltinESMExports()

try {
  // A worker has no safeStorage.
  const { safeStorage } = require('electron')
  if (safeStorage && !safeStorage.getSelectedStorageBackend) safeStorage.getSelectedStorageBackend = () => 'basic_text'
} catch {}
