package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"text/template"

	"github.com/alecthomas/kong"
)

// CompletionCmd is `bootrig completion`.
type CompletionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"${enum}."`
}

// Help is what `bootrig completion --help` adds.
func (CompletionCmd) Help() string {
	return `Prints a script that completes commands, flags and file names.

Examples:

  bootrig completion bash | sudo tee /usr/share/bash-completion/completions/bootrig
  bootrig completion zsh >~/.zfunc/_bootrig
  bootrig completion fish >~/.config/fish/completions/bootrig.fish`
}

// Run prints the script.
func (c *CompletionCmd) Run(k *kong.Kong) error {
	return completion(os.Stdout, c.Shell, wordLists(k.Model))
}

// A wordList is what may follow a command: "media show", "" for the program itself.
type wordList struct {
	Command string
	Next    []word // commands below it
	Flags   []word
}

// A word is one to complete, and what it means in a line.
type word struct{ Name, Short, Help string }

// wordLists are those of all commands.
func wordLists(app *kong.Application) (all []wordList) {
	var walk func(n *kong.Node, command string)
	walk = func(n *kong.Node, command string) {
		list := wordList{Command: command}
		for _, f := range n.Flags {
			if !f.Hidden {
				list.Flags = append(list.Flags, newWord("--"+f.Name, f.Short, f.Help))
			}
		}
		for _, child := range n.Children {
			list.Next = append(list.Next, newWord(child.Name, 0, child.Help))
		}
		all = append(all, list)
		for _, child := range n.Children {
			walk(child, strings.TrimSpace(command+" "+child.Name))
		}
	}
	walk(app.Node, "")
	return all
}

func newWord(name string, short rune, help string) word {
	w := word{Name: name, Help: help}
	if short != 0 {
		w.Short = string(short)
	}
	for _, end := range []string{". ", "; ", ": "} { // a line of a shell's list is short
		w.Help, _, _ = strings.Cut(w.Help, end)
	}
	w.Help = strings.TrimSuffix(w.Help, ".")
	return w
}

// completion writes the script of a shell.
func completion(w io.Writer, shell string, all []wordList) error {
	t, err := template.New(shell).Funcs(template.FuncMap{
		"quote":  func(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" },
		"colon":  func(text string) string { return strings.ReplaceAll(text, ":", `\:`) },
		"fish":   func(text string) string { return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'" },
		"long":   func(text string) string { return strings.TrimPrefix(text, "--") },
		"fields": strings.Fields,
	}).Parse(scripts()[shell])
	if err != nil {
		return fmt.Errorf("the script for %s: %w", shell, err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, all); err != nil {
		return err
	}
	_, err = b.WriteTo(w)
	return err
}

// scripts are templates. Each looks which command the line has so far, and offers what may follow it.
func scripts() map[string]string {
	return map[string]string{
		"bash": `_bootrig() {
	local cur=${COMP_WORDS[COMP_CWORD]} command= word words
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case "${command:+$command }$word" in
{{- range .}}{{if .Command}}
		{{quote .Command}}) command={{quote .Command}} ;;{{end}}{{end}}
		esac
	done
	case $command in
{{- range .}}
	{{quote .Command}}) words='{{range .Next}}{{.Name}} {{end}}'; [[ $cur != -* ]] || words='{{range .Flags}}{{.Name}} {{end}}' ;;{{end}}
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -o default -F _bootrig bootrig
`,
		"zsh": `#compdef bootrig
local command= word
local -a next flags
for word in "${(@)words[2,CURRENT-1]}"; do
	case "${command:+$command }$word" in
{{- range .}}{{if .Command}}
	{{quote .Command}}) command={{quote .Command}} ;;{{end}}{{end}}
	esac
done
case $command in
{{- range .}}
{{quote .Command}})
	next=({{range .Next}}
		{{quote (print .Name ":" (colon .Help))}}{{end}})
	flags=({{range .Flags}}
		{{quote (print (colon .Name) ":" (colon .Help))}}{{end}})
	;;{{end}}
esac
if [[ $PREFIX == -* ]]; then
	_describe 'flag' flags
elif (( $#next )); then
	_describe 'command' next
else
	_files
fi
`,
		"fish": `{{range .}}{{$at := "__fish_use_subcommand"}}{{if .Command}}{{$at = print "__fish_seen_subcommand_from " (index (fields .Command) 0)}}{{end}}
{{- $words := fields .Command}}{{if gt (len $words) 1}}{{$at = print $at "; and __fish_seen_subcommand_from " (index $words 1)}}{{end}}
{{- range .Next}}complete -c bootrig -n {{fish $at}} -a {{.Name}} -d {{fish .Help}}
{{end}}{{range .Flags}}complete -c bootrig -n {{fish $at}} -l {{long .Name}}{{if .Short}} -s {{.Short}}{{end}} -d {{fish .Help}}
{{end}}{{end}}`,
	}
}
