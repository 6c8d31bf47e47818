import { Argument, type Command } from 'commander'

const shells = ['bash', 'zsh', 'fish', 'powershell'] as const
type Shell = (typeof shells)[number]

/** `completion`: what a shell needs to complete commands, options and their choices; made from the program itself. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('print the completion script of a shell; "completion bash --help" says where it goes')
    .addArgument(new Argument('<shell>', 'whose').choices(shells))
    .addHelpText('after', whereTo)
    .action((shell: Shell) => void process.stdout.write(completionScript(program, shell)))
}

const whereTo = `
bash:        recross-lab completion bash >> ~/.bashrc
zsh:         recross-lab completion zsh >> ~/.zshrc
fish:        recross-lab completion fish > ~/.config/fish/completions/recross-lab.fish
PowerShell:  recross-lab completion powershell >> $PROFILE`

/** The words that may follow each line of commands: subcommands, options, and the choices of an option behind its name. */
export function wordsByPlace(program: Command): Map<string, string[]> {
  const places = new Map<string, string[]>()
  const walk = (command: Command, path: readonly string[]): void => {
    const options = command.options.flatMap(({ short, long }) => [short, long].filter((one) => one != null))
    const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? [])
    places.set(path.join(' '), [...command.commands.map((one) => one.name()), ...choices, ...options, '--help'])
    for (const { long, argChoices } of command.options)
      if (long != null && argChoices) places.set([...path, long].join(' '), [...argChoices])
    for (const inner of command.commands) walk(inner, [...path, inner.name()])
  }
  walk(program, [])
  return places
}

export function completionScript(program: Command, shell: Shell): string {
  const name = program.name()
  const places = [...wordsByPlace(program)]
  if (shell === 'fish') return fish(name, places)
  if (shell === 'powershell') return powershell(name, places)
  return bash(name, places, shell === 'zsh')
}

type Places = readonly (readonly [string, readonly string[]])[]

/** The place is the longest line of known commands, with an option behind it where that takes one of some words. */
function bash(name: string, places: Places, zsh: boolean): string {
  const cases = places.map(([place, words]) => `    '${place}') echo '${words.join(' ')}' ;;`)
  return `${zsh ? 'autoload -U +X compinit && compinit; autoload -U +X bashcompinit && bashcompinit\n' : ''}_recross_lab_words() {
  case "$1" in
${cases.join('\n')}
  esac
}
_recross_lab() {
  local place='' word next at=1 before="\${COMP_WORDS[COMP_CWORD-1]}"
  while [ "$at" -lt "$COMP_CWORD" ]; do
    word="\${COMP_WORDS[at]}"
    next="\${place:+$place }$word"
    case "$word" in -*) ;; *) [ -n "$(_recross_lab_words "$next")" ] && place="$next" ;; esac
    at=$((at + 1))
  done
  local words="$(_recross_lab_words "\${place:+$place }$before")"
  case "$before" in --*) ;; *) words='' ;; esac
  [ -n "$words" ] || words="$(_recross_lab_words "$place")"
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _recross_lab ${name}
`
}

function fish(name: string, places: Places): string {
  const lines = places.flatMap(([place, words]) => {
    const [last] = place.split(' ').slice(-1)
    if (last?.startsWith('--')) return []
    const steps = place === '' ? [] : place.split(' ')
    const seen = steps.map((step) => `__fish_seen_subcommand_from ${step}`)
    const deeper = words.filter((word) => !word.startsWith('-'))
    const not = deeper.length > 0 ? [`not __fish_seen_subcommand_from ${deeper.join(' ')}`] : []
    const condition = [...seen, ...not].join('; and ') || 'true'
    return words.map((word) => {
      const what = word.startsWith('--')
        ? `-l ${word.slice(2)}`
        : word.startsWith('-')
          ? `-s ${word.slice(1)}`
          : `-a ${word}`
      return `complete -c ${name} -n '${condition}' ${what}`
    })
  })
  return `${lines.join('\n')}\n`
}

function powershell(name: string, places: Places): string {
  const rows = places.map(([place, words]) => `    '${place}' = '${words.join(' ')}'`)
  return `Register-ArgumentCompleter -Native -CommandName '${name}' -ScriptBlock {
  param($word, $ast, $cursor)
  $places = @{
${rows.join('\n')}
  }
  $given = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($word -ne '' -and $given.Count -gt 0) { $given = @($given | Select-Object -SkipLast 1) }
  $place = ''
  foreach ($one in $given) {
    $next = ("$place $one").Trim()
    if (-not $one.StartsWith('-') -and $places.ContainsKey($next)) { $place = $next }
  }
  $words = $places[$place]
  if ($given.Count -gt 0) {
    $option = ("$place " + $given[-1]).Trim()
    if ($given[-1].StartsWith('--') -and $places.ContainsKey($option)) { $words = $places[$option] }
  }
  $words.Split(' ') | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`
}
