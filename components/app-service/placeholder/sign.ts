import { createHash, createHmac } from "node:crypto";

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Request {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly region: string;
  readonly service: string;
}

/** Those of the environment, else those that ECS gives to the task. */
export async function credentials(): Promise<AwsCredentials> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: path } = process.env;
  if (AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY) {
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    };
  }
  if (!path) throw new Error("no AWS credentials in the environment, and none from the task");
  const answer = await fetch(`http://169.254.170.2${path}`, { signal: AbortSignal.timeout(2000) });
  const { AccessKeyId, SecretAccessKey, Token } = (await answer.json()) as { AccessKeyId: string; SecretAccessKey: string; Token: string };
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token };
}

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const mac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

/** The headers of a POST to / with its signature, version 4. */
export function signed({ url, headers, body, region, service }: Request, who: AwsCredentials, now: Date): Record<string, string> {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const day = time.slice(0, 8);
  const all: Record<string, string> = {
    ...headers,
    host: url.host,
    "x-amz-date": time,
    ...(who.sessionToken ? { "x-amz-security-token": who.sessionToken } : {}),
  };
  const names = Object.keys(all).toSorted();
  const canonical = ["POST", "/", "", ...names.map((name) => `${name}:${all[name]}`), "", names.join(";"), hash(body)].join("\n");
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = [day, region, service, "aws4_request"].reduce<string | Buffer>((secret, part) => mac(secret, part), `AWS4${who.secretAccessKey}`);
  const signature = mac(key, ["AWS4-HMAC-SHA256", time, scope, hash(canonical)].join("\n")).toString("hex");
  const { host: _host, ...sent } = all; // fetch sets it by itself
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${who.accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
  };
}
