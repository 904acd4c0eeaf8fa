import { filesFolder } from "../../../src/core/parts.ts";
import type { GatewaySettings } from "./settings.ts";

export const certificateFile = `${filesFolder}/tls.crt`;
export const keyFile = `${filesFolder}/tls.key`;

/** Forward secrecy and authenticated encryption only; TLS 1.3 has no other kind. */
const ciphers = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
];

export const tlsLines = ({ minVersion }: GatewaySettings): string[] => [
  "http2 on;",
  `ssl_certificate ${certificateFile};`,
  `ssl_certificate_key ${keyFile};`,
  `ssl_protocols ${minVersion === "1.3" ? "TLSv1.3" : "TLSv1.2 TLSv1.3"};`,
  ...(minVersion === "1.3" ? [] : [`ssl_ciphers ${ciphers.join(":")};`]),
  // All of them are good: the client knows which one its processor is quick at.
  "ssl_prefer_server_ciphers off;",
  "ssl_session_cache shared:tls_sessions:10m;",
  "ssl_session_timeout 1d;",
  // The key of tickets would live as long as the process.
  "ssl_session_tickets off;",
];
