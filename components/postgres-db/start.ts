import { administrator } from "./server.ts";

/**
 * Starts the server with the flags that it is given. A password of the administrator that the data does not know yet,
 * because it was lost or rotated, is set first, in single-user mode: nobody can connect, and no other credential is needed.
 * What the data knows is remembered beside it, as a fingerprint.
 */
export const startScript = `set -eu
known="$(dirname "$PGDATA")/administrator.sha256"
given=$(sha256sum "$POSTGRES_PASSWORD_FILE")
given=\${given%% *}
if [ "$(cat "$known" 2>/dev/null || true)" != "$given" ]; then
  # Data that is not there yet is made with this password.
  if [ -s "$PGDATA/PG_VERSION" ]; then
    # A cluster may have opened the folder to a group when it mounted the volume; the server refuses that.
    chmod 0700 "$PGDATA"
    password=$(sed "s/'/''/g" "$POSTGRES_PASSWORD_FILE")
    # With all flags of the server, so that it recovers as the server would; nothing may log or keep the statement.
    postgres --single "$@" -c exit_on_error=on -c shared_preload_libraries= \\
      -c log_statement=none -c log_min_duration_statement=-1 -c log_min_error_statement=panic ${administrator} >/dev/null <<END ||
ALTER ROLE ${administrator} WITH LOGIN PASSWORD '$password'
END
      { echo "the password of the administrator could not be set" >&2; exit 1; }
    echo "the password of the administrator is set anew"
  fi
  (umask 077 && printf '%s\\n' "$given" >"$known.new" && mv "$known.new" "$known")
fi
exec docker-entrypoint.sh postgres "$@"
`;
