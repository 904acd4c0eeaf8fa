/** Forms of a report by their names on the command line. */
export const reportFormats = ["terminal", "json", "sarif", "junit", "markdown", "github"] as const;
export type ReportFormat = (typeof reportFormats)[number];
