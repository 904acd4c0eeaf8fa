import { drain } from "../config.ts";
import { nodeScript } from "./node-script.ts";

/** What a node is told at its first start. Nothing of it is secret: configuration and keys come from Secrets Manager. */
export interface NodeFacts {
  /** `bus-0`: its name in the cluster. */
  readonly node: string;
  /** Its full name in the private zone. */
  readonly address: string;
  readonly region: string;
  /** ARN of the secret with configuration, certificates, image and limits. */
  readonly secret: string;
  /** Id of the volume with its streams. */
  readonly volume: string;
  readonly logGroup: string;
  /** Namespace of CloudWatch in which it may tell figures. */
  readonly metrics: string;
}

const unit = `[Unit]
Description=NATS, one node
Wants=network-online.target
Requires=docker.service
After=network-online.target docker.service
StartLimitIntervalSec=0

[Service]
ExecStartPre=/usr/local/sbin/groundplan-nats mount
ExecStartPre=/usr/local/sbin/groundplan-nats fetch
ExecStart=/usr/local/sbin/groundplan-nats run
ExecStop=/usr/local/sbin/groundplan-nats drain
Restart=always
RestartSec=5
TimeoutStartSec=900
TimeoutStopSec=120

[Install]
WantedBy=multi-user.target
`;

const diskUnit = `[Unit]
Description=How full the volume of this NATS node is

[Service]
Type=oneshot
ExecStart=/usr/local/sbin/groundplan-nats disk
TimeoutStartSec=60
`;

const diskTimer = `[Unit]
Description=Every five minutes

[Timer]
OnCalendar=*:0/5
RandomizedDelaySec=60

[Install]
WantedBy=timers.target
`;

/**
 * The script of a node's first start: the container engine from the system's own packages, a script, and a unit that keeps
 * the container running. The same facts give the same text.
 */
export function userData({ node, address, region, secret, volume, logGroup, metrics }: NodeFacts): string {
  return `#!/bin/bash
set -euo pipefail
until dnf install -y docker; do sleep 10; done
install -d -m 0755 /etc/groundplan
${file("/etc/groundplan/node.env", 0o644, `NODE=${node}\nADDRESS=${address}\nREGION=${region}\nSECRET=${secret}\nVOLUME=${volume}\nLOG_GROUP=${logGroup}\nMETRICS=${metrics}\n`)}
${file("/usr/local/sbin/groundplan-nats", 0o755, nodeScript(drain))}
${file("/etc/systemd/system/groundplan-nats.service", 0o644, unit)}
${file("/etc/systemd/system/groundplan-nats-disk.service", 0o644, diskUnit)}
${file("/etc/systemd/system/groundplan-nats-disk.timer", 0o644, diskTimer)}
systemctl daemon-reload
systemctl enable --now docker.service
systemctl enable --now --no-block groundplan-nats.service
systemctl enable --now groundplan-nats-disk.timer
`;
}

const file = (path: string, mode: number, content: string) =>
  `cat >${path} <<'END_OF_FILE'\n${content}END_OF_FILE\nchmod 0${mode.toString(8)} ${path}`;
