/**
 * A connection in a mesh tells nothing by being opened: the proxy beside the client takes each of them, and asks only then.
 * So something must be said. Who is refused on a port with requests is answered so by a proxy; on any other port his
 * connection is cut as soon as his first bytes arrive, or when the proxy gives up on reaching the server, which takes it the
 * 5 seconds of the rules for connections. Whatever else answers, or waits for more, is the server.
 *
 * What it cannot tell: a server that cuts a connection without a word because it did not like those bytes looks closed.
 */
export const meshProbe = `try() {
  began=\`date +%s\`
  answer=\`{ printf "$3"; sleep 8; } | { timeout 12 nc "$1" "$2" 2>/dev/null | head -c 2000; date +"ended %s"; }\`
  said=\${answer%ended *}
  lasted=\`expr "\${answer##*ended }" - "$began"\`
  state=closed
  case "$3" in
  GET*) case "$said" in
    *"RBAC: access denied"* | *"upstream connect error"* | *"no healthy upstream"*) ;;
    HTTP/*) state=open ;;
    esac ;;
  *) if [ -n "$said" ] || [ "$lasted" -ge 7 ]; then state=open; fi ;;
  esac
  echo "$1 $2 $state"
}`;

/** One try: a request where requests are understood, an empty line elsewhere. */
export function meshTry(host: string, port: number, protocol: string | undefined): string {
  const asks = protocol === "http" || protocol === "grpc";
  const first = asks ? `GET / HTTP/1.1\\r\\nHost: ${host}:${port}\\r\\nConnection: close\\r\\n\\r\\n` : "\\r\\n";
  return `try ${host} ${port} '${first}' &`;
}
