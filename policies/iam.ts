/** Policies of AWS that give away the account. */
export const adminPolicy = /^arn:aws[\w-]*:iam::aws:policy\/(AdministratorAccess|IAMFullAccess|PowerUserAccess)$/;

/** Policies of AWS that open a service whole, or what starting a task needs; not those above. */
export const broadPolicy =
  /^arn:aws[\w-]*:iam::aws:policy\/((?!IAMFullAccess$)([\w-]+\/)?\w*FullAccess|service-role\/AmazonECSTaskExecutionRolePolicy)$/;

/** Actions with which whoever has them on any role, user, group or policy gives himself every permission. */
export const escalating: readonly string[] = [
  "addusertogroup",
  "attachgrouppolicy",
  "attachrolepolicy",
  "attachuserpolicy",
  "createaccesskey",
  "createloginprofile",
  "createpolicyversion",
  "deleterolepermissionsboundary",
  "deleteuserpermissionsboundary",
  "putgrouppolicy",
  "putrolepolicy",
  "putuserpolicy",
  "setdefaultpolicyversion",
  "updateassumerolepolicy",
  "updateloginprofile",
].map((action) => `iam:${action}`);
