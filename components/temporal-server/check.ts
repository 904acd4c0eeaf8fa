/** Asks each namespace to start a workflow that no worker takes, to show it, and to forget it; one line tells of all. */
export const checkScript = (namespaces: readonly string[]) => `set -eu
fail() { [ ! -s /tmp/said ] || tail -n 3 /tmp/said; echo "$*"; exit 1; }
run() { temporal "$@" -o json >/tmp/said 2>&1; }
run operator cluster health || fail "the server does not serve"
run operator cluster describe || fail "the server does not tell its version"
version=$(sed -n 's/.*"serverVersion": *"\\([^"]*\\)".*/\\1/p' /tmp/said)
id="groundplan-verify-$(date +%s)-$$"
for namespace in ${namespaces.join(" ")}; do
  run workflow start -n "$namespace" --task-queue groundplan-verify --type groundplan-verify --workflow-id "$id" --execution-timeout 60s ||
    fail "no workflow starts in namespace $namespace"
  run workflow describe -n "$namespace" --workflow-id "$id" && grep -q WORKFLOW_EXECUTION_STATUS_RUNNING /tmp/said ||
    fail "a workflow that was started in namespace $namespace does not run"
  run workflow terminate -n "$namespace" --workflow-id "$id" --reason verified || fail "a workflow in namespace $namespace cannot be ended"
  run workflow delete -n "$namespace" --workflow-id "$id" || fail "a workflow in namespace $namespace cannot be deleted"
done
echo "Temporal $version: started, described and ended a workflow in ${namespaces.join(", ")}"
`;
