/** One JSON line. Never payloads, never what opens a connection. */
export function log(level: "info" | "warn" | "error", message: string, fields: Readonly<Record<string, unknown>> = {}): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
}

/** What went wrong, without credentials, should a driver put an address into its message. */
export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message || error.name : String(error)).replace(/:\/\/[^@\s]*@/g, "://").slice(0, 300);
