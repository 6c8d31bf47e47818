import { seriesColours, seriesRules } from './charts/series.ts'

/** The look of the report: one file, system fonts, light and dark by the reader's own preference, and for paper. */
export const reportStyle = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --card: #ffffff; --ink: #1d2126; --soft: #5a6169; --line: #e3e0d8; --strip: #f5f3ee;
  --accent: #1f5fa8; --good: #16703f; --good-back: #e4f3ea; --bad: #b3261e; --bad-back: #fbe9e7; --note: #7a5200; --note-back: #fdf3dc;
  ${seriesColours('light')}
  --heat: 31, 102, 184;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171b; --card: #1b1f25; --ink: #e8e6e1; --soft: #a3a9b1; --line: #30363e; --strip: #20252c;
    --accent: #8ab8f0; --good: #79d6a0; --good-back: #173226; --bad: #ff9d94; --bad-back: #3a1f1d; --note: #f0c875; --note-back: #33290f;
    ${seriesColours('dark')}
    --heat: 111, 176, 245;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1040px; margin: 0 auto; padding: 56px 24px 80px; }
h1, h2 { font-family: 'Source Serif 4', 'Source Serif Pro', Charter, Georgia, 'Liberation Serif', serif; font-weight: 600; line-height: 1.2; letter-spacing: -0.01em; }
h1 { font-size: 2.5rem; margin: 0 0 12px; }
h2 { font-size: 1.55rem; margin: 64px 0 8px; }
h3 { font-size: 1rem; margin: 28px 0 8px; }
p { margin: 0 0 12px; max-width: 72ch; }
.kicker { color: var(--accent); font-size: 0.8rem; font-weight: 600; letter-spacing: 0.08em; text-transform: uppercase; margin: 0 0 8px; }
.facts { display: flex; flex-wrap: wrap; gap: 4px 20px; color: var(--soft); padding: 0; margin: 0 0 32px; list-style: none; font-size: 0.95rem; }
.facts b { color: var(--ink); font-weight: 600; }
.lead { color: var(--soft); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 20px 24px; margin: 16px 0; }
.scroll { overflow-x: auto; }
.verdicts { list-style: none; padding: 0; margin: 0; }
.verdicts li { display: grid; grid-template-columns: 112px 1fr; gap: 16px; padding: 10px 0; border-top: 1px solid var(--line); align-items: baseline; }
.verdicts li:first-child { border-top: 0; }
.chip { display: inline-block; border-radius: 999px; padding: 1px 10px; font-size: 0.8rem; font-weight: 600; text-align: center; white-space: nowrap; background: var(--strip); color: var(--soft); }
.chip.better { background: var(--good-back); color: var(--good); }
.chip.worse { background: var(--bad-back); color: var(--bad); }
.care { background: var(--note-back); border-color: transparent; }
.care h3 { margin: 0 0 6px; color: var(--note); }
.care ul { margin: 0; padding-left: 20px; }
table { border-collapse: collapse; width: 100%; font-size: 0.95rem; }
caption { text-align: left; color: var(--soft); font-size: 0.9rem; padding-bottom: 10px; }
th, td { padding: 9px 12px; text-align: right; border-bottom: 1px solid var(--line); vertical-align: top; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-weight: 600; color: var(--soft); font-size: 0.85rem; border-bottom: 2px solid var(--line); vertical-align: bottom; }
tbody th { font-weight: 500; }
tr.total > * { border-top: 2px solid var(--line); }
tr.total > th { font-weight: 600; }
tr.minor > * { color: var(--soft); font-size: 0.88rem; border-bottom: 0; padding-top: 5px; padding-bottom: 5px; }
.best { font-weight: 700; }
.sd { color: var(--soft); font-weight: 400; font-size: 0.85em; }
.delta { display: block; font-size: 0.82rem; font-weight: 500; color: var(--soft); white-space: nowrap; }
.delta.better { color: var(--good); } .delta.worse { color: var(--bad); }
.items { display: block; color: var(--soft); font-size: 0.82rem; font-weight: 400; }
.left th, .left td { text-align: left; }
.heat { table-layout: fixed; }
.heat td { text-align: center; padding: 7px 8px; border: 2px solid var(--card); }
.heat th { border-bottom: 0; padding: 7px 12px 7px 0; }
.heat thead th { text-align: center; padding: 7px 8px; overflow-wrap: anywhere; }
.heat thead th:first-child { text-align: left; padding-left: 0; width: 12.5em; }
.heat tbody th { overflow-wrap: anywhere; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 0 0 12px; padding: 0; font-size: 0.9rem; }
.legend li { display: flex; align-items: center; gap: 6px; }
.legend svg { width: 16px; height: 16px; overflow: visible; }
.chart { width: 100%; height: auto; display: block; font-size: 13px; min-width: 640px; }
.chart text { fill: var(--ink); }
.chart .tick, .chart .faint { fill: var(--soft); font-size: 12px; }
.chart .strong { font-weight: 600; }
.chart .strip { fill: transparent; } .chart .strip.odd { fill: var(--strip); }
.chart .grid { stroke: var(--line); stroke-width: 1; }
.chart .zero { stroke: var(--soft); stroke-width: 1.5; }
${seriesRules()}
.series .mark { fill: var(--series); stroke: var(--series); stroke-width: 1.8; stroke-linejoin: round; }
.series .whisker { stroke: var(--series); stroke-width: 2; stroke-linecap: round; }
.series .mark.open, .series.unsure .mark, .series.hollow .mark { fill: var(--card); }
.known { color: var(--soft); font-size: 0.85em; }
.series.unsure .whisker { opacity: 0.55; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); gap: 16px; }
.example { margin: 0; }
.example pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 0.88rem/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace; background: var(--strip); border-radius: 8px; padding: 12px; margin: 10px 0; max-height: 15em; overflow-y: auto; }
.example dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 0; font-size: 0.92rem; }
.example dt { color: var(--soft); } .example dd { margin: 0; overflow-wrap: anywhere; }
.right::before { content: '✓ '; color: var(--good); font-weight: 700; } .wrong::before { content: '✗ '; color: var(--bad); font-weight: 700; }
details { margin: 12px 0; } summary { cursor: pointer; color: var(--accent); font-weight: 500; }
summary:focus-visible, pre:focus-visible, .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code { font: 0.88em ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace; overflow-wrap: anywhere; }
.command { background: var(--strip); border-radius: 8px; padding: 12px 16px; display: block; }
.hash { color: var(--soft); }
.contents ol { columns: 2; margin: 24px 0 0; padding: 16px 16px 16px 40px; border: 1px solid var(--line); border-radius: 12px; }
.contents li { margin: 2px 0; }
.contents a { color: inherit; }
footer { margin-top: 72px; padding-top: 20px; border-top: 1px solid var(--line); color: var(--soft); font-size: 0.88rem; }
@media print { body { background: #fff; } main { max-width: none; padding: 0; } .card { break-inside: avoid; } }
@media (max-width: 600px) { h1 { font-size: 1.9rem; } .verdicts li { grid-template-columns: 1fr; gap: 2px; } .card { padding: 16px; } }
`
