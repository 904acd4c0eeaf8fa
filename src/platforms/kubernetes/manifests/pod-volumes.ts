/** Volumes of the pod itself; longer than any name that a component can give to one of its own. */
export const podVolumes = {
  files: "groundplan-files",
  scratch: (index: number) => `groundplan-scratch-${index}`,
  sharedMemory: "groundplan-shared-memory",
  checkout: (name: string) => `groundplan-checkout-${name}`,
  checkoutScratch: "groundplan-checkout-scratch",
};
