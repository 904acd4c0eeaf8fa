import type { core } from "@pulumi/kubernetes/types/input.js";
import type { Input } from "@pulumi/pulumi";
import type { CustomManifest } from "../../../src/platforms/kubernetes/custom-object.ts";
import { type Labels, metadata, type Part, type Place } from "../../../src/platforms/kubernetes/manifests/names.ts";
import type { GatewayModel } from "../model.ts";
import type { AcmeIssuer, NamedIssuer } from "../tls-args.ts";
import { hostNames, listeners, namesOf } from "./names.ts";

type IssuerRef = { readonly name: string; readonly kind: "Issuer" | "ClusterIssuer" };

const managed = (place: Place, part: Part, kind: "Issuer" | "Certificate", name: string, spec: object, annotations?: Labels): CustomManifest => ({
  apiVersion: "cert-manager.io/v1",
  kind,
  metadata: metadata(place, part, name, annotations),
  spec,
});

const privateKey = { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" };
const letsEncrypt = "https://acme-v02.api.letsencrypt.org/directory";

/** Objects of cert-manager, in order: who issues, then the certificate in the Secret of the gateway. None when it is given. */
export function certificateObjects(place: Place, part: Part, model: GatewayModel): CustomManifest[] {
  const { certificate } = model;
  const { name } = part;
  if (certificate === "given") return [];
  if (certificate === "development") return [...developmentAuthority(place, part), leaf(place, part, model, { name, kind: "Issuer" })];
  const { issuer } = certificate;
  if ("acme" in issuer) return [acmeIssuer(place, part, issuer.acme), leaf(place, part, model, { name, kind: "Issuer" }, waitsForNames)];
  // That of AWS is refused here.
  return "acm" in issuer ? [] : [leaf(place, part, model, issuerRef(issuer))];
}

const issuerRef = ({ name, kind = "ClusterIssuer" }: NamedIssuer): IssuerRef => ({ name, kind });

/** An authority asks for the hosts by their public names, which may lead here only once the gateway has an address. */
const waitsForNames: Labels = { "pulumi.com/skipAwait": "true" };

function leaf(place: Place, part: Part, model: GatewayModel, { name, kind }: IssuerRef, annotations?: Labels): CustomManifest {
  const own = namesOf(part.name).certificate;
  return managed(
    place,
    part,
    "Certificate",
    own,
    {
      secretName: own,
      dnsNames: model.certificate === "development" ? hostNames(model) : [...model.hosts],
      duration: "2160h0m0s",
      renewBefore: "720h0m0s",
      usages: ["digital signature", "server auth"],
      privateKey,
      issuerRef: { group: "cert-manager.io", kind, name },
    },
    annotations,
  );
}

/** An authority of the namespace's own; clients find it under `ca.crt` of the gateway's Secret. */
function developmentAuthority(place: Place, part: Part): CustomManifest[] {
  const { root, authority } = namesOf(part.name);
  return [
    managed(place, part, "Issuer", root, { selfSigned: {} }),
    managed(place, part, "Certificate", authority, {
      isCA: true,
      commonName: `${place.namespace} ${part.name} development`.slice(0, 64),
      secretName: authority,
      duration: "87600h0m0s",
      renewBefore: "8760h0m0s",
      usages: ["cert sign", "crl sign"],
      privateKey,
      issuerRef: { group: "cert-manager.io", kind: "Issuer", name: root },
    }),
    managed(place, part, "Issuer", part.name, { ca: { secretName: authority } }),
  ];
}

/** Of the namespace: an issuer of the cluster would let every namespace ask in the name of this account. */
const acmeIssuer = (place: Place, part: Part, { email, server = letsEncrypt }: AcmeIssuer): CustomManifest =>
  managed(place, part, "Issuer", part.name, {
    acme: {
      email,
      server,
      privateKeySecretRef: { name: namesOf(part.name).account },
      solvers: [{ http01: { gatewayHTTPRoute: { serviceType: "ClusterIP", parentRefs: solverParents(part), podTemplate: solverPod } } }],
    },
  });

const solverParents = (part: Part) => [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: part.name, sectionName: listeners.http }];

/** The authority's question is plain HTTP, and its answer lives for a minute: no proxy beside it, nothing to gain in it. */
const solverPod = {
  metadata: { labels: { "sidecar.istio.io/inject": "false" } },
  spec: {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "64Mi" } },
  },
};

/** A certificate that is given. Its Secret keeps its name: proxies read it again when it changes. */
export const givenCertificate = (place: Place, part: Part, { certificate, key }: Record<"certificate" | "key", Input<string>>): core.v1.Secret => ({
  metadata: metadata(place, part, namesOf(part.name).certificate),
  type: "kubernetes.io/tls",
  stringData: { "tls.crt": certificate, "tls.key": key },
});
