import { describe, expect, test } from "vitest";
import { goDuration } from "../../../../src/platforms/docker/probe.ts";
import { parseListening } from "../../../../src/platforms/docker/reach.ts";
import { overlap } from "../../../../src/platforms/docker/subnets.ts";

test.each([
  ["10.0.0.0/28", "10.0.0.16/28", false],
  ["10.0.0.0/28", "10.0.0.8/29", true],
  ["10.0.0.0/8", "10.213.5.16/28", true],
  ["172.17.0.0/16", "172.18.0.0/16", false],
])("%s and %s overlap: %s", (a, b, expected) => {
  expect(overlap(a, b)).toBe(expected);
  expect(overlap(b, a)).toBe(expected);
});

test.each([
  [5, "5s"],
  [60, "1m0s"],
  [90, "1m30s"],
  [3600, "1h0m0s"],
  [3725, "1h2m5s"],
])("%d seconds are %s, as the daemon prints them back", (seconds, text) => expect(goDuration(seconds)).toBe(text));

describe("the kernel's table of sockets", () => {
  const line = (address: string, state: string) => `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000 0 12345 1`;

  test("gives what listens beyond loopback, once for both families", () => {
    const table = [
      "  sl  local_address rem_address   st",
      line("00000000:1F40", "0A"),
      line("0100007F:2328", "0A"),
      line("0B00007F:A1B2", "0A"),
      line("0200A8C0:1538", "01"),
      line("00000000000000000000000000000000:1F40", "0A"),
      line("00000000000000000000000000000000:1F41", "0A"),
      line("00000000000000000000000001000000:2329", "0A"),
    ].join("\n");
    expect(parseListening(table)).toEqual([8000, 8001]);
  });
});
