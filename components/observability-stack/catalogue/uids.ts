import type { Json } from "./grafana.ts";

/** Every dashboard of ours has this tag. */
export const tag = "groundplan";

export const overviewUid = "overview";

/** Stays the same as long as the component keeps its name, so that links and bookmarks do. */
export const uidOf = (component: string) => `component-${component}`;

const urlOf = (uid: string) => `/d/${uid}`;

export const linkTo = (title: string, uid: string): Json => ({
  type: "link",
  title,
  url: urlOf(uid),
  keepTime: true,
  asDropdown: false,
  icon: "dashboard",
  includeVars: false,
  tags: [],
  targetBlank: false,
  tooltip: "",
});
