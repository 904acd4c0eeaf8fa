import { realiseContainers } from "../../../src/core/realise.ts";
import { nodesName } from "../../../src/platforms/kubernetes/manifests/names.ts";
import { meshOf } from "../../../src/platforms/kubernetes/mesh/mesh.ts";
import type { ClusterSystem } from "../../../src/platforms/kubernetes/systems.ts";
import { partsOf, type StackModel } from "../part.ts";
import { byNodes } from "../replicas.ts";
import { stackOf } from "../stack.ts";
import { logAgents } from "./agent.ts";
import { agentPlace } from "./agent-place.ts";
import { sidecarsName } from "./mesh-figures.ts";
import { asItself, certificates } from "./mesh-identity.ts";
import { monitorObjects, monitorsInMesh, unmonitored } from "./monitors.ts";
import { sidecarFigures, withSidecars } from "./sidecars.ts";

/** A node may be emptied for its upkeep, and another pod stands in. */
const copiesWhereGuarded = 2;
/** The image's own is root's, by which only files of the image are opened, and those are for everybody to read. */
const grafanaGroup = 472;

/** A stack in a cluster: the same parts, replicas found by the names that there are, and agents that read the logs of each node. */
export const observabilityOnKubernetes: ClusterSystem = {
  shape(spec, settings) {
    const declared = spec.model as StackModel;
    const mesh = meshOf(settings);
    const sidecars = withSidecars(declared).map((component) => sidecarsName(declared.name, component));
    const model: StackModel = {
      ...declared,
      find: byNodes(nodesName),
      copies: settings.profile.guardData ? copiesWhereGuarded : 1,
      logs: "agent",
      ...(mesh ? { mesh: { certificates, sidecars, permissive: mesh.permissive.map(({ workload }) => workload) } } : {}),
    };
    const stack = stackOf(model);
    const { prometheus, blackbox, grafana } = partsOf(model.name);
    const asking = mesh ? [prometheus, blackbox] : [];
    const workloads = stack.workloads
      .map((workload) => (asking.includes(workload.name) ? asItself(workload) : workload))
      .map((workload) => (workload.name === grafana ? { ...workload, gid: grafanaGroup } : workload));
    return { ...stack, workloads, problems: spec.problems, warnings: spec.warnings };
  },
  problems({ name, model }, settings) {
    const { monitors, mesh } = model as StackModel;
    const { namespace } = agentPlace(settings);
    const rule = "at most 63 characters for the namespace of the log agents: that of the stack, and -logs";
    const fix = "set kubernetes.namespace in the stack file to a shorter name";
    return [
      ...(namespace.length > 63 ? [{ component: name, path: "kubernetes.namespace", value: namespace, rule, fix }] : []),
      ...(monitors && mesh ? [monitorsInMesh(name, monitors)] : []),
    ];
  },
  warnings({ model }) {
    const stack = model as StackModel;
    return stack.monitors ? unmonitored(stack) : [];
  },
  realise(context, platform, component, spec) {
    const realised = realiseContainers(platform, component, spec);
    const model = spec.model as StackModel;
    logAgents(context, component, model);
    if (model.mesh) sidecarFigures(context, component, model);
    if (model.monitors) monitorObjects(context, component, model, model.monitors);
    return realised;
  },
};
