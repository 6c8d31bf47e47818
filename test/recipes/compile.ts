import { join, relative, sep } from 'node:path'
import ts from 'typescript'

/**
 * What the compiler says of copies of the sources that were never written: reads from its standard input which files each copy has
 * otherwise, and writes what is wrong with it. A process of its own, so that the one that runs tests can answer while this computes;
 * the copies share what they have in common, which is nearly all.
 */
export interface Copy {
  /** Texts by path, in place of those that are there or beside them. */
  files: Record<string, string>
  /** The files that are looked through; null: all. */
  look: readonly string[] | null
}

export interface Complaint {
  /** Path within the project. */
  file: string
  text: string
}

const root = join(import.meta.dirname, '..', '..')
/** What recipes add to, and what has to go along with them. */
const parts = ['src', 'native', 'test/renderer/fake', 'test/api/fake-backend.test.ts']

if (import.meta.main) {
  let asked = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) asked += chunk as string
  process.stdout.write(JSON.stringify(compile(JSON.parse(asked) as Copy[])))
}

function compile(copies: readonly Copy[]): Complaint[][] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: object
  }
  const { options, fileNames } = ts.parseJsonConfigFileContent({ ...config, include: parts }, ts.sys, root)
  const read = new Map<string, ts.SourceFile | undefined>()
  let before: ts.Program | undefined
  return copies.map(({ files, look }) => {
    const written = new Map(Object.entries(files).map(([path, text]) => [join(root, path).split(sep).join('/'), text]))
    const host = ts.createCompilerHost(options, true)
    const plain = { ...host }
    host.fileExists = (path) => written.has(path) || plain.fileExists(path)
    host.readFile = (path) => written.get(path) ?? plain.readFile(path)
    host.getSourceFile = (path, version, ...rest) => {
      const text = written.get(path)
      if (text !== undefined) return ts.createSourceFile(path, text, version, true)
      if (!read.has(path)) read.set(path, plain.getSourceFile(path, version, ...rest))
      return read.get(path)
    }
    const added = [...written.keys()].filter((path) => path.endsWith('.ts') && !fileNames.includes(path))
    const program = ts.createProgram({
      ...{ rootNames: [...fileNames, ...added], options, host },
      ...(before ? { oldProgram: before } : {})
    })
    before = program
    const paths = look === null ? [...fileNames, ...added] : look.map((path) => join(root, path))
    return paths
      .map((path) => program.getSourceFile(path))
      .filter((file) => file !== undefined)
      .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
      .map((found) => ({
        file: relative(root, found.file?.fileName ?? root)
          .split(sep)
          .join('/'),
        text: ts.flattenDiagnosticMessageText(found.messageText, ' ')
      }))
  })
}
