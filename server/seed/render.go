package seed

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"
)

// maxMade is the longest file that a template may make.
const maxMade = 4 << 20

// render makes a machine's file of a template that is called name in messages.
func render(name string, data []byte, m Machine, at At) ([]byte, error) {
	f := formatOf(base(name), data)
	if f == asIs {
		return data, nil
	}
	t, err := template.New(name).Option("missingkey=error").Funcs(functions(m, at)).Funcs(template.FuncMap{quoting: quote}).Parse(string(data))
	if err != nil {
		return nil, placed(name, err)
	}
	if f == yamlsh {
		quoteAlone(t.Tree, t.Root, string(data))
	}
	var b bytes.Buffer
	if err := t.Execute(&limited{b: &b}, nil); err != nil {
		return nil, placed(name, err)
	}
	return b.Bytes(), nil
}

// base is the last element of a path.
func base(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

// limited is a buffer that a template cannot fill without end.
type limited struct{ b *bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	if l.b.Len()+len(p) > maxMade {
		return 0, fmt.Errorf("it makes more than %d bytes", maxMade)
	}
	return l.b.Write(p)
}

// quoting is the function that puts quotes around a value.
const quoting = "_quote"

// quote makes a scalar of YAML that is a string and nothing else.
func quote(v any) string { return strconv.Quote(fmt.Sprint(v)) }

// quoteAlone puts quotes around values that are a whole scalar: `hostname: {{name}}`. The machine may be
// called no, which YAML takes for false, and a MAC address may be a number of base 60.
func quoteAlone(t *parse.Tree, list *parse.ListNode, source string) {
	if list == nil {
		return
	}
	for _, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			if len(n.Pipe.Decl) == 0 && alone(source, int(n.Pos)) {
				word := parse.NewIdentifier(quoting).SetPos(n.Pos).SetTree(t)
				n.Pipe.Cmds = append(n.Pipe.Cmds, &parse.CommandNode{NodeType: parse.NodeCommand, Pos: n.Pos, Args: []parse.Node{word}})
			}
		case *parse.IfNode:
			quoteAlone(t, n.List, source)
			quoteAlone(t, n.ElseList, source)
		case *parse.RangeNode:
			quoteAlone(t, n.List, source)
			quoteAlone(t, n.ElseList, source)
		case *parse.WithNode:
			quoteAlone(t, n.List, source)
			quoteAlone(t, n.ElseList, source)
		}
	}
}

// alone tells whether the action at a place of a template is a whole scalar of YAML: behind `key: ` or `- `, at the
// end of its line, and not in a text that goes over several lines.
func alone(source string, pos int) bool {
	from := strings.LastIndex(source[:min(pos+2, len(source))], "{{")
	to := strings.Index(source[max(from, 0):], "}}")
	if from < 0 || to < 0 {
		return false
	}
	before, after := source[:from], source[from+to+2:]
	end, _, _ := strings.Cut(after, "\n")
	steers := regexp.MustCompile(`\{\{-? *(if|else|end|range|with)\b[^}]*\}\}`) // makes no text itself
	line := steers.ReplaceAllString(before[strings.LastIndexByte(before, '\n')+1:], "")
	end = strings.TrimSpace(steers.ReplaceAllString(end, ""))
	return regexp.MustCompile(`^\s*(- +)*([\w.-]+: +|- +)$`).MatchString(line) && (end == "" || strings.HasPrefix(end, "#")) && !inBlock(before)
}

// inBlock tells whether a text ends inside a block scalar (YAML 1.2, 8.1): lines farther right than the one that
// ends in | or >.
func inBlock(before string) bool {
	lines := strings.Split(before, "\n")
	begins := regexp.MustCompile(`(^|[\s:-])[|>][-+0-9]*\s*(#.*)?$`)
	block := -1 // how far right the line is that began one
	for _, l := range lines {
		indent := len(l) - len(strings.TrimLeft(l, " "))
		if block >= 0 && (indent > block || strings.TrimSpace(l) == "") {
			continue
		}
		if block = -1; begins.MatchString(l) {
			block = indent
		}
	}
	return block >= 0
}

// placed is an error of text/template as file:line.
func placed(name string, err error) error {
	text := err.Error()
	var exec template.ExecError
	if errors.As(err, &exec) {
		text = exec.Err.Error()
	}
	text = strings.TrimPrefix(text, "template: ")
	if m := regexp.MustCompile(`function "(\w+)" not defined`).FindStringSubmatch(text); m != nil {
		at, _, _ := strings.Cut(text, ": function")
		return fmt.Errorf("%s: {{%s}} stands for nothing: known are {{%s}}", at, m[1], strings.Join(known(), "}}, {{"))
	}
	if !strings.HasPrefix(text, name+":") {
		text = name + ":1: " + text
	}
	return errors.New(text)
}

// known are the names that a template may say.
func known() (all []string) {
	for name := range values(Machine{}, "") {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// sample is the machine that files are checked with.
func sample() Machine {
	return Machine{
		MAC: net.HardwareAddr{0x52, 0x54, 0, 0x12, 0x34, 0x56}, UUID: "00112233-4455-6677-8899-aabbccddeeff", Name: "pc",
		IP: netip.AddrFrom4([4]byte{192, 0, 2, 100}), Base: "http://192.0.2.2/medium/",
	}
}
