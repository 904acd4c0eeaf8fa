package repo.guard_test

import data.repo.guard

push(over) := {"event": "push", "payload": object.union(
	{
		"ref": "refs/heads/main",
		"forced": false,
		"deleted": false,
		"sender": {"login": "grace"},
		"commits": [{"added": ["docs/new.md"], "modified": ["src/index.ts"], "removed": []}],
	},
	over,
)}

test_a_contributor_pushes if {
	guard.allow with input as push({})
	count(guard.deny) == 0 with input as push({})
}

test_nothing_is_allowed_by_default if {
	not guard.allow with input as {}
	not guard.allow with input as {"event": "push", "payload": {}}
}

test_a_stranger_does_not_push if {
	not guard.allow with input as push({"sender": {"login": "mallory"}})
	"mallory is not trusted" in guard.deny with input as push({"sender": {"login": "mallory"}})
}

test_other_events_are_not_allowed if {
	pull := {"event": "pull_request", "payload": push({}).payload}
	not guard.allow with input as pull
	"the event is no push" in guard.deny with input as pull
}

test_tags_are_not_branches if {
	not guard.allow with input as push({"ref": "refs/tags/v1"})
	"the push is not to a branch" in guard.deny with input as push({"ref": "refs/tags/v1"})
}

test_protected_branches_are_not_rewritten if {
	not guard.allow with input as push({"forced": true})
	"main is protected: no force push" in guard.deny with input as push({"forced": true})
	"release/1.0 is protected: it stays" in guard.deny with input as push({"ref": "refs/heads/release/1.0", "deleted": true})
}

test_other_branches_may_be_rewritten if {
	guard.allow with input as push({"ref": "refs/heads/topic/idea", "forced": true})
}

workflow_change := [{"added": [], "modified": [".github/workflows/ci.yml"], "removed": []}]

test_guarded_paths_are_left_to_maintainers if {
	not guard.allow with input as push({"commits": workflow_change})
	message := "grace changes .github/workflows/ci.yml, which is left to maintainers"
	message in guard.deny with input as push({"commits": workflow_change})
	guard.allow with input as push({"commits": workflow_change, "sender": {"login": "ada"}})
}

test_floods_are_not_allowed if {
	flood := [{"added": [], "modified": [], "removed": []} | some _ in numbers.range(1, 51)]
	not guard.allow with input as push({"commits": flood})
	"51 commits at once, and 50 are allowed" in guard.deny with input as push({"commits": flood})
}
