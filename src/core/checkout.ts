/**
 * How a repository is fetched on every target that clones: one commit, and nothing of its history. The folder need not be
 * the user's own, which Git refuses unless it is told. User and token are read by a helper that Git runs in a shell, so they
 * are in no argument, no file and no log. What a container that was started again finds there is fetched over.
 *
 * Variables: FOLDER, URL, REF, HOME (writable), and TOKEN with USERNAME for a repository that asks for them.
 */
export const checkoutScript = `set -eu
umask 022
export GIT_TERMINAL_PROMPT=0 GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'
if [ -n "\${TOKEN:-}" ]; then
  export USERNAME TOKEN GIT_CONFIG_COUNT=2 GIT_CONFIG_KEY_1=credential.helper
  export GIT_CONFIG_VALUE_1='!login() { [ "$1" = get ] && printf "username=%s\\npassword=%s\\n" "$USERNAME" "$TOKEN"; }; login'
fi
cd "$FOLDER"
git init --quiet .
tries=0
until git fetch --quiet --depth 1 --no-tags "$URL" "$REF"; do
  tries=$((tries + 1))
  [ "$tries" -lt 5 ] || { echo "$URL at $REF could not be fetched"; exit 1; }
  sleep 3
done
git checkout --quiet --force --detach FETCH_HEAD
git clean --quiet -ffdx
echo "$URL at $(git rev-parse HEAD)"
`;
