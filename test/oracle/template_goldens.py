"""What jinja2 makes of generated templates, with the settings of PromptSource: BaseLoader, zip among the globals.

Run: python test/oracle/template_goldens.py   (jinja2 3.1)
Writes golden/templates.json.gz: [[template, row, text or null where jinja2 gives an error], …]
"""

import gzip
import json
import random
from pathlib import Path

from jinja2 import BaseLoader, Environment

env = Environment(loader=BaseLoader)
env.globals.update(zip=zip)
pick = random.Random(20261127)

texts = ["the mill of Arlen", "", "Ä ß É", "it's \"so\"", "a\nb", "  spaced  ", "x|||y", "yes", "No", "5", "Do you agree? (Yes or no)", "naïve café – 😀!", "one two  three", "\\d+", "{{ x }}"]
words = ["yes", "no", "maybe", "Arlen", "B", "c-d (e)"]

choice_1 = ['lower()', 'upper()', 'strip()', 'title()', 'capitalize()', 'split()[0]', 'replace("a", "oo")', 'lstrip()', 'rstrip("?!")', 'strip("ae ")', 'startswith("t")', 'endswith(("n", "o"))', 'split(" ", 1)[-1]', 'rsplit(" ", 1)[0]', 'count("e")', 'find("o")', 'splitlines()', 'swapcase()', 'isdigit()', 'isupper()']
choice_2 = ['', ', True', ', False, "…", 0']
choice_3 = ['abs', 'int', 'float', 'round', 'round(1)', 'round(2, "floor")', 'round(0, "ceil")']
choice_4 = ['list', 'sort', 'reverse | list', 'unique | list', 'map("string") | list', 'map("upper") | list', 'select | list', 'reject("none") | list', 'select("string") | list', 'sort(reverse=true)']


def row():
    return {
        "question": pick.choice(texts),
        "premise": pick.choice(texts),
        "label": pick.choice([0, 1, 2, -1, True]),
        "score": pick.choice([0.5, 5.0, 1e-7, 123456789.125, 2.5, -0.0, 3]),
        "choices": {"text": pick.sample(words, 3), "label": ["A", "B", "C"]},
        "answers": {"text": [pick.choice(texts)], "answer_start": [pick.randrange(99)]},
        "items": [{"name": pick.choice(words), "n": pick.randrange(5)} for _ in range(pick.randrange(4))],
        "nothing": None,
        "flag": pick.choice([True, False]),
        "list": [pick.choice([1, "a", None, 2.0, ["x"]]) for _ in range(pick.randrange(4))],
        "answer_choices": pick.sample(words, 3),
    }


def string(depth=2):
    kinds = [
        lambda: pick.choice(["question", "premise", "choices.text[0]", "choices['label'][1]", "answers.text[0]", "answer_choices[label]", "answer_choices[0]"]),
        lambda: json.dumps(pick.choice(words + ["", " ", ", ", "a'b", "\n"])),
        lambda: "'it\\'s'",
        lambda: '"a" "b"',
    ]
    if depth > 0:
        s = lambda: string(depth - 1)
        kinds += [
            lambda: f"{s()} ~ {value(depth - 1)}",
            lambda: f"({s()} + {s()})",
            lambda: f"{s()} | {pick.choice(['lower', 'upper', 'capitalize', 'title', 'trim', 'string', 'reverse', 'length', 'wordcount', 'tojson'])}",
            lambda: f"({s()}).{pick.choice(choice_1)}",
            lambda: f"{s()} | replace({json.dumps(pick.choice(['a', ' ', 'e', '']))}, {json.dumps(pick.choice(['', '-', 'aa']))}{pick.choice(['', ', 1', ', 2'])})",
            lambda: f"{s()} | truncate({pick.randrange(4, 12)}{pick.choice(choice_2)})",
            lambda: f"({s()})[{pick.choice(['0', '-1', '1:', ':2', '::-1', '1:4', '-3:', '::2', '9'])}]",
            lambda: f"({s()} if {test(depth - 1)} else {s()})",
            lambda: f"{s()} | default({s()}{pick.choice(['', ', true'])})",
            lambda: f"{listing(depth - 1)} | join({json.dumps(pick.choice([', ', '', ' or ']))})",
            lambda: f"{s()} | center({pick.randrange(3, 20)})",
            lambda: f'"%s is %d" | format({s()}, {number(depth - 1)})',
            lambda: f'"%s-%.2f" % ({s()}, {number(depth - 1)})',
        ]
    return pick.choice(kinds)()


def number(depth=2):
    kinds = [lambda: pick.choice(["label", "score", "items | length", "loop_missing | length"]), lambda: pick.choice(["0", "1", "7", "2.5", "1_000", "0x1F", "1e3", "-3"])]
    if depth > 0:
        n = lambda: number(depth - 1)
        kinds += [
            lambda: f"({n()} {pick.choice(['+', '-', '*', '/', '//', '%'])} {n()})",
            lambda: f"({n()} ** 2)",
            lambda: f"({n()}) | {pick.choice(choice_3)}",
            lambda: f"{string(depth - 1)} | length",
            lambda: f"{string(depth - 1)} | {pick.choice(['int', 'float', 'int(9)', 'float(1.5)'])}",
            lambda: f"{listing(depth - 1)} | length",
            lambda: f"[{n()}, {n()}] | {pick.choice(['sum', 'max', 'min', 'first', 'last'])}",
            lambda: f"answer_choices.index(answer_choices[{pick.randrange(3)}])",
        ]
    return pick.choice(kinds)()


def listing(depth=1):
    kinds = [
        lambda: pick.choice(["choices.text", "choices['label']", "answer_choices", "answers.text", "list", "items", "nothing_here"]),
        lambda: f"[{string(0)}, {string(0)}]",
        lambda: f"({string(0)}, {number(0)})",
        lambda: f"range({pick.randrange(1, 5)})",
        lambda: "zip(choices.label, choices.text) | list",
    ]
    if depth > 0:
        l = lambda: listing(depth - 1)
        kinds += [
            lambda: f"{l()} | {pick.choice(choice_4)}",
            lambda: "items | map(attribute='name') | list",
            lambda: "items | selectattr('n', '>', 1) | map(attribute='name') | list",
            lambda: "items | sort(attribute='n') | map(attribute='name') | list",
            lambda: f"{string(0)}.split()",
            lambda: f"{l()}[{pick.choice(['1:', ':1', '::-1'])}]",
            lambda: "choices.items() | list",
            lambda: "choices | dictsort",
            lambda: f"({l()} + {l()})",
        ]
    return pick.choice(kinds)()


def test(depth=1):
    kinds = [
        lambda: f"label {pick.choice(['==', '!=', '<', '>', '<=', '>='])} {pick.randrange(3)}",
        lambda: pick.choice(["flag", "not flag", "nothing", "missing", "question", "items"]),
        lambda: f"{pick.choice(['question', 'missing', 'label', 'nothing', 'items', 'score'])} is {pick.choice(['', 'not '])}{pick.choice(['defined', 'none', 'string', 'number', 'iterable', 'mapping', 'undefined', 'sequence', 'integer', 'float', 'boolean'])}",
        lambda: f"{json.dumps(pick.choice(['a', 'yes', 'mill']))} {pick.choice(['in', 'not in'])} {pick.choice(['question', 'answer_choices', 'premise', 'choices'])}",
        lambda: f"label is {pick.choice(['even', 'odd', 'divisibleby 2', 'divisibleby(3)', 'eq 1', 'gt(0)'])}",
        lambda: "0 <= label < 2",
    ]
    if depth > 0:
        kinds += [
            lambda: f"{test(depth - 1)} {pick.choice(['and', 'or'])} {test(depth - 1)}",
            lambda: f"not ({test(depth - 1)})",
            lambda: f"{string(depth - 1)} {pick.choice(['==', '!=', '<'])} {string(depth - 1)}",
        ]
    return pick.choice(kinds)()


def value(depth=1):
    return pick.choice([string, string, number, listing, test])(depth)


def space():
    return pick.choice(["", "", "-", ""])


def printed(depth):
    expression = pick.choice([string, string, string, number, listing, test, lambda d: pick.choice(["nothing", "missing", "choices", "items", "loop", "{'a': 1, 'b': [2, 'x']}", "(1,)", "()", "true", "None"])])(depth)
    return "{{" + space() + " " + expression + " " + space() + "}}"


def statement(depth):
    d = depth - 1
    kinds = [
        lambda: "{%" + space() + f" if {test()} " + space() + "%}" + body(d) + (pick.choice(["", "{% elif " + test() + " %}" + body(d)])) + pick.choice(["", "{% else %}" + body(d)]) + "{%" + space() + " endif " + space() + "%}",
        lambda: "{% for x in " + listing() + " %}" + pick.choice(["{{ loop.index }}. {{ x }}", "{{ x }}{% if not loop.last %}, {% endif %}", "{{ loop.cycle('a', 'b') }}{{ loop.revindex0 }}", body(d)]) + pick.choice(["", "{% else %}none"]) + "{% endfor %}",
        lambda: "{% for a, b in zip(choices.label, choices.text) -%}\n  {{ a }}: {{ b }}\n{% endfor %}",
        lambda: "{% for x in items if x.n > 1 %}{{ x.name }} {{ x['n'] }};{% endfor %}",
        lambda: "{% for k, v in choices.items() %}{{ k }}={{ v | join('/') }} {% endfor %}",
        lambda: "{% set " + f"v = {value()} " + "%}{{ v }}",
        lambda: "{% set v %}" + body(d) + "{% endset %}[{{ v }}]",
        lambda: "{% set ns = namespace(n=0) %}{% for x in items %}{% set ns.n = ns.n + x.n %}{% endfor %}{{ ns.n }}",
        lambda: "{# a comment {{ x }} " + space() + "#}",
        lambda: "{% raw %}{{ not this }}{% endraw %}",
        lambda: "{% if v is defined %}{{ v }}{% endif %}",
    ]
    return pick.choice(kinds)()


def body(depth):
    parts = []
    for _ in range(pick.randrange(1, 4)):
        parts.append(pick.choice([" ", "\n", "Question: ", "Is it so? ", "", "\n\n  "]))
        parts.append(statement(depth) if depth > 0 and pick.random() < 0.35 else printed(pick.randrange(0, 3)))
    return "".join(parts)


def stable(text):
    return " object at 0x" not in text and "<generator" not in text and "<built-in" not in text and "<bound" not in text and "<class" not in text and "<loop" not in text.lower()


def main():
    cases = []
    fixed = [
        "{{premise}}\n\nQuestion: {{question}} True, False, or Neither? ||| {{ answer_choices[label] }}",
        "{% if label != -1 %}{{question}}|||{{ {0: 'no', 1: 'yes', 2: 'maybe'}[label] }}{% endif %}",
        "{{ question }}\n\n{% for c in choices.text %}- {{ c }}\n{% endfor %}|||{{ choices.text[0] }}",
        "{{ [\"a\", \"b\"] | join(\", \") }}{{ '\\n' }}{{ \"\\u00e9\\x41\" }}\n",
        "{{- question -}} . {%- if flag -%} x {%- endif %} y",
    ]
    tries = 0
    while len(cases) < 5000:
        tries += 1
        template = fixed.pop() if fixed else body(2)
        data = row()
        try:
            made = env.from_string(template).render(**data)
        except Exception:  # any error of a template or its row
            made = None
        if made is not None and not stable(made):
            continue
        # Errors are a part of it, but not the most of it.
        if made is None and pick.random() < 0.75:
            continue
        cases.append([template, data, made])
    path = Path(__file__).parent / "golden" / "templates.json.gz"
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        file.write(json.dumps(cases, ensure_ascii=False).encode())
    print(len(cases), "templates,", sum(made is None for _, _, made in cases), "errors,", tries, "tried")


main()
