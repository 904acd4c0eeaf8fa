import { container, dataSystem, imageOf, isClosed, labelOf, network, networksOf, staysUp, volume } from "../docker.ts";
import type { Levels, Policy } from "../model.ts";
import { isGiven, list, peek, records, shown, text } from "../read.ts";

const levels: Levels = { dev: "advisory", staging: "mandatory", prod: "mandatory" };

const ownNetwork: Policy = {
  id: "docker-own-network",
  title: "Containers are on networks of their own, not on the default bridge",
  severity: "medium",
  why: "On the default bridge every container of the machine reaches every other one, whatever stack it belongs to, and none by its name.",
  fix: 'Components make networks by what is bound to what; on a raw container name a docker.Network in networksAdvanced, or set networkMode to "none".',
  types: [container],
  scope: "resource",
  references: ["CIS Docker 5.30"],
  levels,
  check: function* ({ inputs }) {
    const bridge = (name: string | undefined) => name === "bridge" || name === "default";
    for (const [index, { name }] of records(inputs.networksAdvanced)) {
      if (bridge(text(name)))
        yield { path: `networksAdvanced[${index}].name`, is: `${shown(name)}, the network that all containers of the machine share` };
    }
    const mode = text(inputs.networkMode) ?? "";
    // The provider fills in "bridge" also beside networksAdvanced, which then counts.
    if (list(inputs.networksAdvanced).length === 0 && (mode === "" || bridge(mode))) {
      yield { path: "networkMode", is: `${shown(inputs.networkMode)} and networksAdvanced names no network: the container is on the default bridge` };
    }
  },
};

const internalNetwork: Policy = {
  id: "docker-internal-network",
  title: "Data systems are on networks from which nothing gets out",
  severity: "medium",
  why: "A database has nobody to call on the internet: a way out only serves who wants to carry its data away.",
  fix: "Components make such networks by themselves; on a raw docker.Network set internal, or the bridge option com.docker.network.bridge.enable_ip_masquerade to false when it must publish a port.",
  types: [network],
  scope: "stack",
  references: ["OWASP Docker rule 5", "CIS Docker 5.30"],
  levels,
  check: function* (stack) {
    const servers = stack.ofType(container).filter(({ inputs }) => staysUp(inputs));
    for (const resource of stack.ofType(network)) {
      if (isClosed(resource.inputs)) continue;
      const data = servers.filter((server) => networksOf(stack, server).includes(resource) && dataSystem(imageOf(stack, server)) !== undefined);
      if (data.length === 0) continue;
      const names = data.map((server) => `${server.name} (${dataSystem(imageOf(stack, server))})`).join(", ");
      yield { resource, path: "internal", is: `${shown(resource.inputs.internal)}: from here ${names} reaches the outside` };
    }
  },
};

const namedVolumes: Policy = {
  id: "docker-named-volumes",
  title: "Data is kept on volumes with a name",
  severity: "medium",
  why: "Docker makes a volume without a name for one container: the next container, after an update of the image, begins with an empty one.",
  fix: "Give the component its storage (`volumes` of AppService, `storageGiB`); on a raw container name a docker.Volume in volumeName or source.",
  types: [container],
  scope: "resource",
  references: ["Docker docs: volumes", "Docker docs: VOLUME of an image"],
  levels,
  check: function* ({ inputs }) {
    for (const [index, volume] of records(inputs.volumes)) {
      // A name that is not known yet is a name.
      const named = ["volumeName", "hostPath", "fromContainer"].some((name) => text(peek(volume, name)) !== undefined && isGiven(volume, name));
      if (!named)
        yield { path: `volumes[${index}].volumeName`, is: "is not set: the data is on a volume without a name, which belongs to this one container" };
    }
    for (const [index, { type, source }] of records(inputs.mounts)) {
      if (text(type) !== "volume" || (text(source) ?? "") !== "") continue;
      yield { path: `mounts[${index}].source`, is: "is not set: the data is on a volume without a name, which belongs to this one container" };
    }
    if ([inputs.volumes, inputs.mounts].some((some) => list(some).length > 0) || !staysUp(inputs)) return;
    const system = dataSystem(text(inputs.image) ?? "");
    // Servers that are used as mere caches and relays keep nothing there.
    if (system !== undefined && !/^(memcached|nats|redis|valkey)$/.test(system))
      yield { path: "volumes", is: `is empty: the data of ${system} goes with the container` };
  },
};

const protectedVolume: Policy = {
  id: "docker-volume-protected",
  title: "Volumes with data are protected",
  severity: "medium",
  why: "Pulumi deletes a volume, with all that is in it, as soon as it leaves the program, is renamed or the stack is destroyed.",
  fix: "Components protect the volumes of their data; on a raw docker.Volume set the resource option protect.",
  types: [volume],
  scope: "resource",
  references: ["Pulumi docs: protect", "Well-Architected REL09-BP01"],
  levels,
  check: ({ protect, inputs }) => {
    // Files that the library writes anew for each version of them are no data.
    if (protect || labelOf(inputs, "io.groundplan.role") === "files") return [];
    return [{ path: "", is: "is not protected: taken out of the program, or renamed, it is deleted with its data" }];
  },
};

export const dockerStoragePolicies: readonly Policy[] = [ownNetwork, internalNetwork, namedVolumes, protectedVolume];
