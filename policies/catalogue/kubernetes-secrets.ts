import type { Policy, Resource } from "../model.ts";
import { containersOf, kindOf, workloadPatchTypes, workloadTypes } from "../pods.ts";
import { record, records, text } from "../read.ts";
import { isMarked, isPlainValue, namesSecret, secretForm } from "../secret-text.ts";

const secretHygiene: Policy = {
  id: "k8s-secret-hygiene",
  title: "Secrets stand neither in variables written out in a pod nor in a ConfigMap",
  severity: "high",
  why: "Whoever may list pods or ConfigMaps reads them, far more people than may read Secrets; they end up in dashboards, dumps and the cluster's history too.",
  fix: "Pass a binding or a secret Output to AppService, which makes a Secret of it; on a raw pod keep it in a Secret and refer to it by valueFrom.secretKeyRef or mount it.",
  types: [...workloadTypes, ...workloadPatchTypes, "kubernetes:core/v1:ConfigMap", "kubernetes:core/v1:ConfigMapPatch"],
  scope: "resource",
  references: ["KSV-0109", "KSV-01010", "CKV_K8S_35", "CIS Kubernetes 5.4.1", "kube-linter env-var-secret"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  *check(resource) {
    for (const open of openValues(resource)) {
      const what = secretIn(open);
      if (what) yield { path: open.path, is: `${open.holder} ${what}, ${open.readers}` };
    }
  },
};

const markedSecrets: Policy = {
  id: "k8s-marked-secrets",
  title: "What the program marks as secret goes into Secrets alone",
  severity: "high",
  why: "Somebody took care that the value stays out of plans and logs, and the cluster shows it to whoever may list pods or ConfigMaps.",
  fix: "Pass it to AppService as a binding or a secret Output, which makes a Secret of it; on raw objects keep it in a Secret, and refer to it.",
  types: secretHygiene.types,
  scope: "resource",
  references: ["KSV-0109", "KSV-01010", "CKV_K8S_35"],
  levels: { dev: "advisory", staging: "mandatory", prod: "mandatory" },
  needsSecretMarks: true,
  *check(resource) {
    for (const open of openValues(resource)) {
      // What gives itself away by its name or form is told by the other policy.
      if (isMarked(resource.secretInputs, open.marked) && !secretIn(open)) yield { path: open.path, is: `${open.holder} a secret, ${open.readers}` };
    }
  },
};

/** A value that others than the pod can read. */
interface OpenValue {
  /** What says what it is: empty where its name tells nothing of what it holds. */
  readonly name: string;
  readonly value: string;
  /** As a finding shows it, and as it is marked. */
  readonly path: string;
  readonly marked: string;
  /** Begin and end of the sentence of a finding. */
  readonly holder: string;
  readonly readers: string;
}

function* openValues(resource: Resource): Generator<OpenValue> {
  if (kindOf(resource.type) === "ConfigMap") {
    for (const [key, value] of Object.entries(record(resource.inputs.data))) {
      // The name of a file says what it is about, not what it holds.
      const isFile = /\.\w+$/.test(key);
      const path = isFile ? `data["${key}"]` : `data.${key}`;
      yield {
        name: isFile ? "" : key,
        value: text(value) ?? "",
        path,
        marked: `data.${key}`,
        holder: "holds",
        readers: "for everybody who may read ConfigMaps",
      };
    }
    return;
  }
  for (const { path, spec } of containersOf(resource)) {
    for (const [index, entry] of records(spec.env)) {
      const at = `${path}.env[${index}].value`;
      const name = text(entry.name) ?? "";
      yield {
        name,
        value: text(entry.value) ?? "",
        path: at,
        marked: at,
        holder: `of ${name || "a variable"} holds`,
        readers: "written out in the pod",
      };
    }
  }
}

/** What kind of secret a named text is, by its form or its name. */
const secretIn = ({ name, value }: OpenValue): string | undefined =>
  secretForm(value) ?? (namesSecret(name) && isPlainValue(value) ? "a secret" : undefined);

export const kubernetesSecretPolicies: readonly Policy[] = [secretHygiene, markedSecrets];
