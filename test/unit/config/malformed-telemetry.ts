import { connectionTo, watched } from "../connections.ts";
import type { MalformedCase } from "./malformed-cases.ts";

const api = watched("AppService", "api", { metrics: { from: connectionTo("api", { scheme: "http" }), path: "/metrics" } });
const stack = (args: object): NonNullable<MalformedCase["components"]> => [["ObservabilityStack", "telemetry", args]];
const receivers = (args: object) => stack({ observes: [api], receivers: args });

export const malformedTelemetry: readonly MalformedCase[] = [
  {
    name: "a stack that is not told what to observe",
    components: stack({}),
    expected: [{ path: "observes", rule: /required/, fix: /give observes/ }],
  },
  {
    name: "what cannot be observed",
    components: stack({ observes: [api, connectionTo("db")] }),
    expected: [{ path: "observes[1]", rule: /a component that tells/, fix: /list the components/ }],
  },
  {
    name: "a component twice",
    components: stack({ observes: [api, api] }),
    expected: [{ path: "observes[1]", rule: /not in the list already/, fix: /remove it/ }],
  },
  {
    name: "sizes of parts that are not there, and of none",
    components: stack({ observes: [], memoryMiB: { logs: 8, grafana: 256 }, retentionDays: { metrics: 0 }, scrapeSeconds: 1, traces: "zipkin" }),
    expected: [
      { path: "memoryMiB.logs", rule: /from 32 to/, fix: /in that range/ },
      { path: "memoryMiB.grafana", rule: /a known argument/, fix: /remove it, or use one of collector/ },
      { path: "retentionDays.metrics", rule: /from 1 to/, fix: /in that range/ },
      { path: "scrapeSeconds", rule: /from 5 to 60 /, fix: /in that range/ },
      { path: "traces", rule: /one of tempo, jaeger, none/, fix: /choose/ },
    ],
  },
  {
    name: "receivers in the wrong form",
    components: receivers({
      webhook: [{ url: "hooks.example.com/hunter2" }, { service: "pager" }],
      slack: [{ apiUrl: "https://hooks.slack.com/services/hunter2", channel: "ops", severity: "error" }],
      email: [{ to: "ops", from: "a@example.com", host: "mail.example.com:25" }],
    }),
    expected: [
      { path: "receivers.webhook[0].host", rule: /required/, fix: /give host/ },
      { path: "receivers.webhook[0].url", rule: /starts with http/, fix: /copy it/ },
      { path: "receivers.webhook[1].service", rule: /a connection/, fix: /pager\.connection/ },
      { path: "receivers.slack[0].channel", rule: /with its #/, fix: /#alerts/ },
      { path: "receivers.slack[0].severity", rule: /one of info, warning, critical/, fix: /choose/ },
      { path: "receivers.email[0].to", rule: /e-mail address/, fix: /ops@example/ },
      { path: "receivers.email[0].host", rule: /without protocol and port/, fix: /hooks\.example/ },
    ],
  },
  {
    name: "receivers whose URL has another port than the one that is opened",
    components: receivers({
      webhook: [
        { url: "https://hooks.example.com:8443/a", host: "hooks.example.com" },
        { url: "http://hooks.example.com/a", host: "hooks.example.com" },
        { url: "http://hooks.example.com:8080/a", host: "hooks.example.com", port: 8080 },
      ],
      slack: [{ apiUrl: "https://chat.example.com:8065/hooks/a", channel: "#ops", host: "chat.example.com" }],
    }),
    expected: [
      { path: "receivers.webhook[0].port", rule: /the port of the URL, 8443/, fix: /correct one/ },
      { path: "receivers.webhook[1].port", rule: /the port of the URL, 80/, fix: /correct one/ },
      { path: "receivers.slack[0].port", rule: /the port of the URL, 8065/, fix: /correct one/ },
    ],
  },
  {
    name: "a receiver that speaks no HTTP",
    components: receivers({ webhook: [{ service: connectionTo("db") }] }),
    expected: [{ path: "receivers.webhook[0].service", rule: /speaks HTTP/, fix: /begins with http/ }],
  },
  {
    name: "receivers that lead elsewhere than the way that is opened, and half a login",
    components: receivers({
      webhook: [{ url: "https://hooks.example.com/hunter2", host: "example.com" }],
      slack: [{ apiUrl: "https://slack.example.com/hunter2", channel: "#ops" }],
      email: [{ to: "a@example.com", from: "b@example.com", host: "mail.example.com", username: "me" }],
    }),
    expected: [
      { path: "receivers.webhook[0].host", rule: /the host of the URL/, fix: /correct one/ },
      { path: "receivers.slack[0].host", rule: /the host of the URL/, fix: /correct one/ },
      { path: "receivers.email[0].username", rule: /username and password, or neither/, fix: /give both/ },
    ],
  },
];
