/** Policies of AWS that give away the account. */
export const adminPolicy = /^arn:aws[\w-]*:iam::aws:policy\/(AdministratorAccess|IAMFullAccess|PowerUserAccess)$/;

/** Policies of AWS that open a service whole, or what starting a task needs; not those above. */
export const broadPolicy =
  /^arn:aws[\w-]*:iam::aws:policy\/((?!IAMFullAccess$)([\w-]+\/)?\w*FullAccess|service-role\/AmazonECSTaskExecutionRolePolicy)$/;
