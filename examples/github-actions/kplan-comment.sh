#!/bin/sh
# Puts a comment of kplan-diff.sh on a pull request: in place of its earlier one, which its first line tells from the comments of others.
#
#   kplan-comment.sh NUMBER COMMENT.md
#
# Needs GITHUB_REPOSITORY (owner/name), and GH_TOKEN for gh.
set -eu

if [ "$#" -ne 2 ]; then
  echo 'usage: kplan-comment.sh NUMBER COMMENT.md' >&2
  exit 2
fi
number=$1
comment=$2

mark='<!-- written by kplan: kplan/diff@1 -->'
own=".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$mark\"))) | .id"
# In two steps: a list that fails must end here, not read as none.
ids=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$number/comments" --jq "$own")
id=$(printf '%s\n' "$ids" | tail -n 1)
if [ -n "$id" ]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$comment" > /dev/null
else
  gh pr comment "$number" --body-file "$comment"
fi
