#!/bin/sh
# Shows what evaluator does: each command before its output. `make demo` runs it.
cd "$(dirname "$0")/../.." || exit 1

# Where there is no terminal whose width counts, lines may be a little longer than usual.
[ -t 1 ] || COLUMNS=${COLUMNS:-110}
export COLUMNS

say() {
    printf '\n# %s\n' "$1"
}

# Runs a command, shown first, that is to exit with a code; with another the demo fails.
run() {
    expected=$1
    shift
    printf '$ %s\n' "$*"
    code=0
    "$@" || code=$?
    [ "$code" -eq "$expected" ] || exit 1
}

say 'Removing licences two days after they were bought: allowed, and until when.'
run 0 evaluator decide docs/demo/removal.json

say 'The same nine days later: denied, with what helps, tried out.'
run 0 evaluator decide docs/demo/removal.json --now 2026-03-12T09:00:00Z

say 'Why the button Buy licences is off: every reason, each with what helps.'
run 0 evaluator decide docs/demo/disabled-button.json

say 'The nine days again, in Danish.'
run 0 evaluator decide docs/demo/removal.json --now 2026-03-12T09:00:00Z --locale da

say 'A mistake in a policy: found when it is checked, not when it is used.'
run 1 evaluator check docs/demo/mistake

say 'What the rules are meant to say, case by case: a suite that an edit would fail.'
run 0 evaluator test policies/licenses -k window
