import { type PolicyCases, resource } from "../cases.ts";

const container = (inputs: Record<string, unknown>) => [resource("docker:index/container:Container", "web", { image: "acme/web:1.0.0", ...inputs })];
/** A job that may only give a mounted folder to another user. */
const owner = {
  user: "0:0",
  networkMode: "none",
  mustRun: false,
  restart: "no",
  readOnly: true,
  capabilities: { drops: ["ALL"], adds: ["CAP_CHOWN"] },
};
/** A container that never starts and only brings files to a volume. */
const carrier = { networkMode: "none", mustRun: false, start: false, uploads: [{ file: "/etc/web/web.conf", content: "listen 8080" }] };

export const dockerPrivilegeCases: Readonly<Record<string, PolicyCases>> = {
  "docker-capabilities": {
    compliant: [
      { title: "no capabilities", resources: container({ capabilities: { drops: ["ALL"], adds: [] } }) },
      { title: "a low port besides", resources: container({ capabilities: { drops: ["all"], adds: ["CAP_NET_BIND_SERVICE"] } }) },
      { title: "a job without network that owns a folder", resources: container(owner) },
    ],
    violating: [
      { title: "what Docker leaves", resources: container({}), finds: ["web: capabilities.drops"] },
      {
        title: "almost root",
        resources: container({ capabilities: { drops: ["ALL"], adds: ["SYS_ADMIN", "CAP_NET_ADMIN"] } }),
        finds: ["web: capabilities.adds[0]", "web: capabilities.adds[1]"],
      },
      { title: "only one given up", resources: container({ capabilities: { drops: ["NET_RAW"] } }), finds: ["web: capabilities.drops"] },
      { title: "a server that may own files", resources: container({ ...owner, mustRun: true }), finds: ["web: capabilities.adds[0]"] },
    ],
    reads: { "web: capabilities": ["web: capabilities.drops"], "web: capabilities.drops": ["web: capabilities.drops"], "web: capabilities.adds": [] },
  },
  "docker-no-new-privileges": {
    compliant: [
      { title: "no new privileges", resources: container({ securityOpts: ["no-new-privileges"] }) },
      { title: "the same, written out", resources: container({ securityOpts: ["seccomp=web.json", "no-new-privileges:true"] }) },
    ],
    violating: [
      { title: "nothing said", resources: container({}), finds: ["web: securityOpts"] },
      { title: "said to be off", resources: container({ securityOpts: ["no-new-privileges:false"] }), finds: ["web: securityOpts"] },
    ],
    reads: { "web: securityOpts": ["web: securityOpts"], "web: securityOpts[0]": ["web: securityOpts"] },
  },
  "docker-seccomp": {
    compliant: [
      { title: "the filter of Docker", resources: container({ securityOpts: ["no-new-privileges"] }) },
      { title: "a filter of its own", resources: container({ securityOpts: ["seccomp=web.json", "apparmor=web"] }) },
    ],
    violating: [
      { title: "without seccomp", resources: container({ securityOpts: ["seccomp=unconfined"] }), finds: ["web: securityOpts[0]"] },
      {
        title: "without AppArmor and SELinux",
        resources: container({ securityOpts: ["apparmor:unconfined", "label:disable"] }),
        finds: ["web: securityOpts[0]", "web: securityOpts[1]"],
      },
    ],
    reads: { "web: securityOpts": [], "web: securityOpts[0]": [] },
  },
  "docker-nonroot": {
    compliant: [
      { title: "a user of its own", resources: container({ user: "1000:1000" }) },
      { title: "a user of the group of root", resources: container({ user: "472:0" }) },
      { title: "a job without network that owns a folder", resources: container(owner) },
    ],
    violating: [
      { title: "root", resources: container({ user: "root" }), finds: ["web: user"] },
      { title: "root by number, with a group", resources: container({ user: "0:1000" }), finds: ["web: user"] },
      { title: "a job of root that has a network", resources: container({ ...owner, networkMode: "bridge" }), finds: ["web: user"] },
      { title: "a job of root with capabilities", resources: container({ ...owner, capabilities: {} }), finds: ["web: user"] },
    ],
    reads: { "web: user": [] },
  },
  "docker-user-set": {
    compliant: [{ title: "a user of its own", resources: container({ user: "1000:1000" }) }],
    violating: [
      { title: "whoever the image says", resources: container({}), finds: ["web: user"] },
      { title: "nobody", resources: container({ user: "" }), finds: ["web: user"] },
    ],
    reads: { "web: user": ["web: user"] },
  },
  "docker-readonly-rootfs": {
    compliant: [
      { title: "a root that cannot be written", resources: container({ readOnly: true, tmpfs: { "/tmp": "size=64m" } }) },
      { title: "a container that only carries files", resources: container(carrier) },
    ],
    violating: [
      { title: "a root that can be written", resources: container({ readOnly: false }), finds: ["web: readOnly"] },
      { title: "nothing said", resources: container({}), finds: ["web: readOnly"] },
      { title: "files in a container that starts", resources: container({ ...carrier, start: true, mustRun: true }), finds: ["web: readOnly"] },
    ],
    reads: { "web: readOnly": ["web: readOnly"] },
  },
};
