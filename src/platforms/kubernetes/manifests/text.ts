/**
 * Text of a command or a variable as Kubernetes leaves it alone: it reads `$(NAME)` as another variable and `$$` as one
 * dollar, so a dollar before either is doubled.
 */
export const literal = (text: string) => text.replace(/\$(?=[$(])/g, "$$$$");
