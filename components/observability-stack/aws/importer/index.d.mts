/** What an import is told. */
export interface ImportEvent {
  readonly workspaceId: string;
  readonly serviceAccountId: string;
  /** Host name of the workspace. */
  readonly endpoint: string;
  /** As the API of Grafana takes it. */
  readonly dataSource: { readonly uid: string } & Readonly<Record<string, unknown>>;
  /** Uid and title of the folder that the dashboards are put in. */
  readonly folder: string;
  /** Hash of the dashboards: with it the call is another one. */
  readonly content: string;
}

export interface Clients {
  readonly grafana: {
    createWorkspaceServiceAccountToken(input: unknown): Promise<unknown>;
    deleteWorkspaceServiceAccountToken(input: unknown): Promise<unknown>;
  };
  readonly send: typeof fetch;
  readonly dashboards: () => Promise<readonly object[]>;
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
}

type Import = (event: ImportEvent, context: { readonly awsRequestId: string }) => Promise<{ dashboards: number }>;

export function importer(clients: Clients): Import;
export const handler: Import;
