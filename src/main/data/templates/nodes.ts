import type { Value } from './values.ts'

export interface Argument {
  name: string | null
  value: Expression
}

export type Expression = { line: number } & (
  | { is: 'value'; value: Value }
  | { is: 'name'; name: string }
  | { is: 'list' | 'tuple'; items: Expression[] }
  | { is: 'dict'; items: [Expression, Expression][] }
  | { is: 'attribute'; of: Expression; name: string }
  | { is: 'item'; of: Expression; at: Expression }
  | { is: 'slice'; of: Expression; from: Expression | null; to: Expression | null; step: Expression | null }
  | { is: 'call'; of: Expression; args: Argument[] }
  | { is: 'filter'; of: Expression; name: string; args: Argument[] }
  | { is: 'test'; of: Expression; name: string; args: Expression[]; not: boolean }
  | { is: 'unary'; sign: '-' | '+' | 'not'; of: Expression }
  | {
      is: 'binary'
      sign: '+' | '-' | '*' | '/' | '//' | '%' | '**' | 'and' | 'or'
      left: Expression
      right: Expression
    }
  | { is: 'concat'; items: Expression[] }
  | { is: 'compare'; first: Expression; rest: { sign: string; value: Expression }[] }
  | { is: 'if'; test: Expression; yes: Expression; no: Expression | null }
)

/** What a loop or `set` gives names to. */
export type Target =
  | { is: 'name'; name: string; line: number }
  | { is: 'member'; of: string; name: string; line: number }
  | { is: 'tuple'; items: Target[]; line: number }

export type Statement = { line: number } & (
  | { is: 'text'; text: string }
  | { is: 'print'; value: Expression }
  | { is: 'if'; branches: { test: Expression; body: Statement[] }[]; otherwise: Statement[] }
  | { is: 'for'; target: Target; over: Expression; test: Expression | null; body: Statement[]; otherwise: Statement[] }
  | { is: 'set'; target: Target; value: Expression }
  | { is: 'set-block'; target: Target; body: Statement[] }
)
