/**
 * The scripts that tie completion into the shells. They know nothing of verbs and flags: each asks
 * `pykv __complete`, whose first line says what the shell adds by itself (files, directories, none),
 * and whose other lines are candidates, for zsh and fish with a description behind a tab.
 */
const BASH = `# bash completion for pykv
#
#   source <(pykv completion bash)          in ~/.bashrc
#   pykv completion bash > /etc/bash_completion.d/pykv

_pykv() {
  local line="\${COMP_LINE:0:COMP_POINT}" also="" each
  COMPREPLY=()
  while IFS= read -r each; do
    if [ -z "$also" ]; then also=$each; else COMPREPLY+=("$each"); fi
  done < <("\${COMP_WORDS[0]}" __complete bash "$COMP_WORDBREAKS" "$line" 2>/dev/null)
  case $also in
    files) ;;
    directories) compopt +o default -o plusdirs 2>/dev/null ;;
    *) compopt +o default 2>/dev/null ;;
  esac
}

complete -o default -F _pykv pykv
`;

const ZSH = `#compdef pykv
# zsh completion for pykv
#
#   source <(pykv completion zsh)           in ~/.zshrc, behind compinit
#   pykv completion zsh > "\${fpath[1]}/_pykv"

_pykv() {
  local -a lines described
  local also each value
  lines=("\${(@f)$("\${(Q)words[1]}" __complete zsh "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  also=$lines[1]
  for each in "\${(@)lines[2,-1]}"; do
    value="\${each%%$'\\t'*}"
    described+=("\${value//:/\\\\:}:\${each#*$'\\t'}")
  done
  (( \${#described} )) && _describe -V -t pykv pykv described
  case $also in
    files) _files ;;
    directories) _files -/ ;;
  esac
}

if [ "$funcstack[1]" = "_pykv" ]; then
  _pykv
else
  compdef _pykv pykv
fi
`;

const FISH = `# fish completion for pykv
#
#   pykv completion fish | source           in ~/.config/fish/config.fish
#   pykv completion fish > ~/.config/fish/completions/pykv.fish

function __pykv_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l lines ($words[1] __complete fish $words[2..-1] 2>/dev/null)
    switch "$lines[1]"
        case files
            __fish_complete_path (commandline -ct)
        case directories
            __fish_complete_directories (commandline -ct) ''
    end
    test (count $lines) -gt 1; and printf '%s\\n' $lines[2..-1]
end

complete -c pykv -f -a '(__pykv_complete)'
`;

export const SHELLS = ["bash", "zsh", "fish"] as const;

export type ShellName = (typeof SHELLS)[number];

export const SCRIPTS: Readonly<Record<ShellName, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
