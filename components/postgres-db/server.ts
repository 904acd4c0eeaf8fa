/** The administrator: the role that the image makes with the data. */
export const administrator = "postgres";

/** A server as its clients see it. */
export interface Server {
  /** Host name, or a variable of the container that connects, e.g. `$PGHOST`. */
  readonly host: string;
  readonly port: number;
  /** Further parameters of libpq, e.g. `sslmode=verify-full sslrootcert=/etc/groundplan/ca.pem`. @default none */
  readonly options?: string;
}

/** Connection string of libpq, for a shell between double quotes. */
export const conninfo = ({ host, port, options }: Server, role: string, database: string) =>
  `host=${host} port=${port} user=${role} dbname=${database} connect_timeout=5${options ? ` ${options}` : ""}`;
