# What may reach a guarded repository. The input names the event and holds GitHub's own payload:
# {"event": "push", "payload": {"ref": "refs/heads/main", "sender": {"login": "ada"}, ...}}
package repo.guard

default allow := false

# A push to a branch by somebody who is trusted, with nothing against it.
allow if {
	input.event == "push"
	branch
	trusted
	count(deny) == 0
}

branch := trim_prefix(input.payload.ref, "refs/heads/") if startswith(input.payload.ref, "refs/heads/")

actor := input.payload.sender.login

trusted if actor in data.repo.guard.settings.maintainers

trusted if actor in data.repo.guard.settings.contributors

protected if {
	some pattern in data.repo.guard.settings.protected_branches
	glob.match(pattern, ["/"], branch)
}

# Every path that a commit of this push touches.
touched contains path if {
	some commit in input.payload.commits
	some kind in ["added", "modified", "removed"]
	some path in commit[kind]
}

deny contains "the event is no push" if not input.event == "push"

deny contains "the push is not to a branch" if not branch

deny contains sprintf("%s is not trusted", [object.get(input, ["payload", "sender", "login"], "nobody")]) if not trusted

deny contains sprintf("%s is protected: no force push", [branch]) if {
	protected
	input.payload.forced == true
}

deny contains sprintf("%s is protected: it stays", [branch]) if {
	protected
	input.payload.deleted == true
}

deny contains sprintf("%s changes %s, which is left to maintainers", [actor, path]) if {
	not actor in data.repo.guard.settings.maintainers
	some path in touched
	some prefix in data.repo.guard.settings.guarded_paths
	startswith(path, prefix)
}

deny contains sprintf("%d commits at once, and %d are allowed", [commits, data.repo.guard.settings.max_commits]) if {
	commits := count(input.payload.commits)
	commits > data.repo.guard.settings.max_commits
}
