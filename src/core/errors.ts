/**
 * Every error that ends a command, by its stable code. A code never changes its meaning and is never used again.
 * GP1xx tools and machine, GP2xx state and engine, GP3xx configuration, GP4xx what runs, GP5xx use of the command.
 */
export const errors = {
  GP101: { title: "No Docker daemon answers" },
  GP102: { title: "The Docker endpoint cannot be resolved" },
  GP103: { title: "Docker Compose is missing or too old" },
  GP104: { title: "The Pulumi CLI is missing" },
  GP105: { title: "The version of the Pulumi CLI is not supported" },
  GP106: { title: "kubectl is missing" },
  GP107: { title: "The kubeconfig has no such context" },
  GP108: { title: "The cluster does not answer" },
  GP109: { title: "A command of kubectl failed" },
  GP201: { title: "The environment belongs to another engine" },
  GP202: { title: "It is not said where the state is, or what encrypts it" },
  GP203: { title: "The state could not be made" },
  GP204: { title: "Protected data would be left behind" },
  GP301: { title: "The plan or the settings have problems" },
  GP302: { title: "The files of the policies have problems" },
  GP303: { title: "There is no project" },
  GP304: { title: "The program could not be run" },
  GP401: { title: "Something did not become ready" },
  GP402: { title: "Something did not come down" },
  GP403: { title: "Nothing runs" },
  GP501: { title: "An option does not fit this target" },
  GP502: { title: "Data would be deleted" },
  GP503: { title: "The folder or file cannot be written" },
} as const;

export type ErrorCode = keyof typeof errors;
