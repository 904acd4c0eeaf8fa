/** The plain facts of a connection string. */
export interface UriParts {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly username?: string | undefined;
  /** In clear; it is encoded here. Without one there is no user in the string either. */
  readonly password?: string | undefined;
  readonly database?: string | undefined;
  /** Path and parameters when they are not those of the database. */
  readonly path?: string | undefined;
}

/** The one place where connection strings are put together; credentials are URL-encoded here and nowhere else. */
export function uriOf({ scheme, host, port, username = "", password, database, path = "" }: UriParts): string {
  // As in any URL, a port that the scheme implies is not written.
  const at = scheme === "https" && port === 443 ? host : `${host}:${port}`;
  const login = password === undefined ? "" : `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`;
  return `${scheme}://${login}${at}${database ? `/${encodeURIComponent(database)}` : ""}${path}`;
}
