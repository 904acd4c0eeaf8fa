import fc from "fast-check";
import { expect, test } from "vitest";
import { reportFormats } from "../../../policies/reports/formats.ts";
import { reports } from "../../../policies/reports/index.ts";
import { everything, gate, server } from "../gate.ts";

test.each(reportFormats)("%s is the same every time", (format) => {
  expect(reports[format](everything())).toBe(reports[format](everything()));
});

test.each(reportFormats.filter((format) => format !== "github"))("%s says something of a stack that breaks nothing", (format) => {
  expect(reports[format](gate([server("web", {})]))).toMatch(/\w/);
});

test.each(reportFormats)("%s names the policies, the waivers and what did not run", (format) => {
  const text = reports[format](everything()).replaceAll("\\", "");
  for (const word of ["toy-open", "toy-days", "toy-whole", "waiver-expired", "waiver-stale", "cannot be read", "W-1", "W-2", "W-3"])
    expect(text, word).toContain(word);
});

test.each(reportFormats)("%s takes any text", (format) => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (open, name) => {
      expect(reports[format](gate([server(name, { open })]))).toContain("toy-open");
    }),
  );
});
