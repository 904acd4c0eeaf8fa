/** What a run is told. */
export interface RunEvent {
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly container: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly logGroup: string;
  readonly timeoutSeconds: number;
}

export interface Clients {
  readonly ecs: {
    runTask(input: unknown): Promise<unknown>;
    describeTasks(input: unknown): Promise<unknown>;
    stopTask(input: unknown): Promise<unknown>;
  };
  readonly logs: { getLogEvents(input: unknown): Promise<unknown> };
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
}

type Run = (event: RunEvent, context: { getRemainingTimeInMillis(): number }) => Promise<{ exitCode: 0; task: string }>;

export function runner(clients: Clients): Run;
export function shown(text: string): string;
export const handler: Run;
