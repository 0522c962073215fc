#!/bin/sh
# Compares a scenario with what it was on the branch that a pull request goes to, and writes a comment.
#
#   kplan-diff.sh BASE SCENARIO COMMENT.md [CONDITION…]
#
# BASE is a branch, tag or commit; conditions are those of `kplan diff --fail-on`. KPLAN is the command (default: npx --no-install kplan).
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

# Conditions become options, each of them one word whatever it holds.
count=$#
while [ "$count" -gt 0 ]; do
  set -- "$@" "--fail-on=$1"
  shift
  count=$((count - 1))
done

code=0
# KPLAN may be several words, such as `node dist/bin/kplan.js`.
# shellcheck disable=SC2086
${KPLAN:-npx --no-install kplan} diff --git="$base" --markdown --out="$comment" --force "$@" -- "$scenario" || code=$?
if [ "$code" -eq 0 ] || [ "$code" -eq 3 ]; then
  if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat -- "$comment" >> "$GITHUB_STEP_SUMMARY"; fi
fi
exit "$code"
