/** Shells that are known, with what each of them is told. */
export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/**
 * What a shell reads once. At each Tab it asks `groundplan complete`, which answers a line for each word, the description
 * behind a tab, or `:files`. Words are handed on as they are: nothing that is typed is run.
 */
export const completionScripts: Readonly<Record<Shell, string>> = {
  bash: `# Completion of groundplan for bash: eval "$(groundplan completion bash)"
_groundplan() {
  local line cur="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$cur")
    else
      COMPREPLY+=("\${line%%$'\\t'*}")
    fi
  done < <(groundplan complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _groundplan groundplan`,
  zsh: `#compdef groundplan
# Completion of groundplan for zsh: eval "$(groundplan completion zsh)", behind compinit
_groundplan() {
  local line value
  local -a found
  for line in "\${(@f)$(groundplan complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ $line == :files ]]; then _files; return; fi
    [[ -n $line ]] || continue
    value=\${line%%$'\\t'*}
    found+=("\${value//:/\\\\:}:\${line#*$'\\t'}")
  done
  _describe groundplan found
}
compdef _groundplan groundplan`,
  fish: `# Completion of groundplan for fish: groundplan completion fish | source
function __groundplan_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found (groundplan complete -- $words[2..] 2>/dev/null)
  if test "$found" = ":files"
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $found
  end
end
complete -c groundplan -f -a '(__groundplan_complete)'`,
};
