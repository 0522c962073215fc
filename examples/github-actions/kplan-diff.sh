#!/bin/sh
# Compares a scenario with what it was on the branch that a pull request goes to, and writes a comment.
#
#   kplan-diff.sh BASE SCENARIO COMMENT.md [CONDITION…]
#
# BASE is a branch, tag or commit; conditions are those of `kplan diff --fail-on`, with STRICT=1 whether a change is a real difference or not.
# KPLAN is the command (default: npx --no-install kplan). A scenario that is new, or gone, is told and fails nothing.
# Exit codes: 0 done, 3 a condition holds (the comment says which), others as those of kplan.
set -eu

if [ "$#" -lt 3 ]; then
  echo 'usage: kplan-diff.sh BASE SCENARIO COMMENT.md [CONDITION...]' >&2
  exit 2
fi
base=$1
scenario=$2
comment=$3
shift 3

mark='<!-- written by kplan: kplan/diff@1 -->'
# A comment of an earlier run must not pass for that of this one.
if [ -f "$comment" ] && [ "$(head -n 1 -- "$comment")" = "$mark" ]; then rm -- "$comment"; fi

# Conditions become options, each of them one word whatever it holds.
count=$#
while [ "$count" -gt 0 ]; do
  set -- "$@" "--fail-on=$1"
  shift
  count=$((count - 1))
done
if [ "${STRICT:-0}" = 1 ]; then set -- "$@" --strict; fi

# Says whether the base is there and lacks the scenario.
is_new() {
  git rev-parse --verify --quiet --end-of-options "$base^{commit}" > /dev/null && ! git cat-file -e "$base:./$scenario" 2> /dev/null
}

code=0
if [ ! -e "$scenario" ]; then
  printf '%s\n\n**The plan is gone: there is nothing to compare.**\n' "$mark" > "$comment"
elif is_new; then
  printf '%s\n\n**The plan is new: there is nothing to compare it with. What it comes to:**\n\n' "$mark" > "$comment"
  # KPLAN may be several words, such as `node dist/bin/kplan.js`.
  # shellcheck disable=SC2086
  ${KPLAN:-npx --no-install kplan} breakeven --markdown --file="$scenario" >> "$comment" || code=$?
else
  # shellcheck disable=SC2086
  ${KPLAN:-npx --no-install kplan} diff --git="$base" --markdown --out="$comment" --force "$@" -- "$scenario" || code=$?
fi
if [ "$code" -eq 0 ] || [ "$code" -eq 3 ]; then
  if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat -- "$comment" >> "$GITHUB_STEP_SUMMARY"; fi
elif [ -f "$comment" ] && [ "$(head -n 1 -- "$comment")" = "$mark" ]; then
  rm -- "$comment"
fi
exit "$code"
