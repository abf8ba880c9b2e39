/** The shells that there is a script for. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** See {@link shells}. */
export type Shell = (typeof shells)[number];

/*
 * Each script hands the words over as they are, without a second reading by the shell: what somebody
 * has typed but not sent must never be executed. Each line that comes back is a word, a tab, and what
 * it means. Where none comes, files are offered.
 */
const scripts: Readonly<Record<Shell, string>> = {
  bash: `# bash completion for fanout
_fanout() {
  local value rest
  COMPREPLY=()
  while IFS=$'\\t' read -r value rest; do
    COMPREPLY+=("$value")
  done < <(fanout complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _fanout fanout`,
  zsh: `#compdef fanout
# zsh completion for fanout
_fanout() {
  local -a found
  local value rest
  while IFS=$'\\t' read -r value rest; do
    found+=("\${value//:/\\\\:}:$rest")
  done < <(fanout complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( $#found )); then _describe fanout found; else _files; fi
}
compdef _fanout fanout`,
  fish: `# fish completion for fanout
function __fanout_complete
  set -l words (commandline -opc) (commandline -ct)
  fanout complete -- $words[2..-1] 2>/dev/null
end
complete -c fanout -f -a '(__fanout_complete)'
complete -c fanout -n 'test -z "$(__fanout_complete)"' -F`,
};

/** The script that a shell reads to complete our commands. */
export const completionScript = (shell: Shell): string => scripts[shell];
