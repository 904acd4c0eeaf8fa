import { filesFolder } from "../../../src/core/parts.ts";
import { routeAddress } from "../config.ts";
import { diskMetric } from "./node.ts";

/** User and group of the server in its image; files are for its group to read. */
const user = 1000;

/**
 * What a node does, by its first argument. `mount` takes the data volume, and makes a file system only where there is
 * nothing at all; `fetch` gets the configuration; `run` starts the container; `drain` hands clients over and stops it;
 * `converge <version>` restarts the node when its configuration is another one, and waits until it serves; `disk` tells
 * CloudWatch how full the volume is.
 */
export const nodeScript = (drain: readonly string[]) => `#!/bin/bash
set -euo pipefail
. /etc/groundplan/node.env
# In memory: keys and passwords do not stay on a disk.
config=/run/groundplan-nats

mount_data() {
  # The serial number of the disk is the id of the volume: it names the volume whatever letter the device got.
  local device="/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_\${VOLUME/-/}" found=0
  for _ in $(seq 120); do [ -b "$device" ] && break; sleep 5; done
  [ -b "$device" ] || { echo "volume $VOLUME is not attached"; exit 1; }
  if ! mountpoint -q /data; then
    blkid -p "$device" >/dev/null || found=$?
    case $found in
      0) ;;
      2) echo "volume $VOLUME is empty: it gets a file system"; mkfs.xfs "$device" ;;
      *) echo "volume $VOLUME cannot be read"; exit 1 ;;
    esac
    install -d /data
    mount -t xfs -o noatime,nodev,nosuid,noexec "$device" /data
  fi
  xfs_growfs /data >/dev/null
  chown ${user}:${user} /data
  chmod 0700 /data
}

fetch() {
  install -d -m 0750 -o root -g ${user} "$config"
  aws secretsmanager get-secret-value --region "$REGION" --secret-id "$SECRET" --output json | python3 -c '
import json, os, sys
folder, node = sys.argv[1:]
answer = json.load(sys.stdin)
values = json.loads(answer["SecretString"])
wanted = {"nats.conf": "nats.conf", "image": "image", "memoryMiB": "memoryMiB",
          "route-ca.pem": "route-ca.pem", node + ".pem": "route.pem", node + "-key.pem": "route-key.pem"}
files = {name: values[key] for key, name in wanted.items() if key in values}
for name, content in [*files.items(), ("version", answer["VersionId"])]:
    path = os.path.join(folder, name)
    with open(os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o440), "w") as out:
        out.write(content)
    os.chown(path + ".new", 0, ${user})
    os.replace(path + ".new", path)
' "$config" "$NODE"
}

# On the engine's own network, ports published: one hop more than the machine's metadata, with its credentials, answers to.
# What the log service does not take in time is dropped: the server does not wait for it.
run() {
  local image memory registry
  image=$(cat "$config/image")
  memory=$(cat "$config/memoryMiB")
  case $image in
    *.dkr.ecr.* | *.dkr.ecr-fips.*)
      registry=\${image%%/*}
      aws ecr get-login-password --region "$(cut -d . -f 4 <<<"$registry")" | docker login --username AWS --password-stdin "$registry"
      ;;
  esac
  docker rm --force nats >/dev/null 2>&1 || true
  exec docker run --rm --name nats --publish 4222:4222 --publish 6222:6222 --publish 8222:8222 --user ${user}:${user} --read-only --tmpfs /tmp:rw,noexec,nosuid,size=16m \\
    --cap-drop ALL --security-opt no-new-privileges --pids-limit 512 --ulimit nofile=65536:65536 \\
    --memory "\${memory}m" --memory-swap "\${memory}m" \\
    --log-driver awslogs --log-opt "awslogs-region=$REGION" --log-opt "awslogs-group=$LOG_GROUP" --log-opt "awslogs-stream=$NODE" --log-opt mode=non-blocking \\
    --env "SERVER_NAME=$NODE" --env "${routeAddress}=$ADDRESS:6222" --env "GOMEMLIMIT=$((memory * 9 / 10))MiB" \\
    --volume /data:/data --volume "$config:${filesFolder}:ro" \\
    "$image" nats-server --config ${filesFolder}/nats.conf
}

drain() {
  docker exec nats ${drain.join(" ")} || true
  timeout 60 docker wait nats >/dev/null 2>&1 || true
  docker stop --time 10 nats >/dev/null 2>&1 || true
}

# The whole health: also that the node has caught up with the streams that it keeps.
healthy() { curl --silent --fail --max-time 3 http://127.0.0.1:8222/healthz >/dev/null; }

converge() {
  if [ "$(cat "$config/version" 2>/dev/null || true)" != "$1" ]; then systemctl restart groundplan-nats.service; fi
  for _ in $(seq 300); do healthy && exit 0; sleep 2; done
  echo "$NODE does not get healthy with configuration $1"
  journalctl --unit groundplan-nats.service --lines 20 --no-pager
  exit 1
}

# Nothing while there is no volume: that nothing is told rings the alarm, too.
disk() {
  local used
  mountpoint -q /data || exit 0
  used=$(df --output=pcent /data | tail -n 1 | tr -dc 0-9)
  aws cloudwatch put-metric-data --region "$REGION" --namespace "$METRICS" --metric-name ${diskMetric.name} --unit Percent \\
    --value "$used" --dimensions "${diskMetric.dimension}=$NODE"
}

case \${1:-} in
  mount) mount_data ;;
  fetch) fetch ;;
  run) run ;;
  drain) drain ;;
  converge) converge "$2" ;;
  disk) disk ;;
  *) echo "groundplan-nats mount | fetch | run | drain | converge <version> | disk"; exit 1 ;;
esac
`;
