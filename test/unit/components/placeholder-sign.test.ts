import { expect, test } from "vitest";
import { signed } from "../../../components/app-service/placeholder/sign.ts";

/** Figures of AWS's own test suite for version 4: post-vanilla. */
const who = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const request = { url: new URL("https://example.amazonaws.com/"), headers: {}, body: "", region: "us-east-1", service: "service" };
const now = new Date("2015-08-30T12:36:00Z");

test("a request is signed as AWS signs it", () => {
  expect(signed(request, who, now)).toEqual({
    "x-amz-date": "20150830T123600Z",
    authorization:
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
  });
});

test("a token of a role is sent and signed as well", () => {
  const headers = signed(request, { ...who, sessionToken: "token" }, now);
  expect(headers["x-amz-security-token"]).toBe("token");
  expect(headers.authorization).toContain("SignedHeaders=host;x-amz-date;x-amz-security-token,");
});
