package yaml

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/bootrig/bootrig/internal/textfile"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/config/yaml/limit"
)

// Load reads a file. Its error joins every mistake in it, each as file:line: text.
func Load(name string) (*config.Config, error) {
	data, err := textfile.Read(name)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	return Parse(name, data)
}

// Parse reads the content of a file that is called name.
func Parse(name string, data []byte) (*config.Config, error) {
	return ParseIn(filepath.Dir(name), name, data)
}

// ParseIn is Parse for a file that lies in another directory than its name says: there its relative paths begin.
func ParseIn(dir, name string, data []byte) (*config.Config, error) {
	r := &reader{name: filepath.ToSlash(name), dir: dir}
	if what := textfile.Not(data); what != "" {
		return nil, fmt.Errorf("%s:1: this is no bootrig.yaml but %s", r.name, what)
	}
	cfg := r.document(data)
	cfg.YAML, cfg.Files = true, []string{r.name}
	if len(r.mistakes) == 0 {
		r.together(&cfg)
	}
	if len(r.mistakes) > 0 {
		return nil, r.all()
	}
	return &cfg, nil
}

// A reader collects every mistake.
type reader struct {
	name     string // of the file, in messages
	dir      string // that its relative paths begin in
	mistakes []error
}

func line(n ast.Node) int {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 1
}

func (r *reader) rule(n ast.Node) string { return r.at(line(n)) }
func (r *reader) at(line int) string     { return r.name + ":" + strconv.Itoa(line) }

func (r *reader) wrong(n ast.Node, format string, args ...any) { r.wrongAt(line(n), format, args...) }

func (r *reader) wrongAt(line int, format string, args ...any) {
	r.mistakes = append(r.mistakes, fmt.Errorf("%s: %s", r.at(line), fmt.Sprintf(format, args...)))
}

// all are the mistakes in the order of the lines.
func (r *reader) all() error {
	number := func(err error) int {
		rest, _ := strings.CutPrefix(err.Error(), r.name+":")
		digits, _, _ := strings.Cut(rest, ":")
		n, _ := strconv.Atoi(digits)
		return n
	}
	slices.SortStableFunc(r.mistakes, func(a, b error) int { return number(a) - number(b) })
	return errors.Join(r.mistakes...)
}

// document reads the text. Keys that stand twice are found here and not by the parser, which would stop
// at the first.
func (r *reader) document(data []byte) (cfg config.Config) {
	if line, why := limit.Exceeded(data); why != "" {
		r.wrongAt(line, "%s", why)
		return cfg
	}
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntax(err, data)
		return cfg
	}
	var body ast.Node
	for _, d := range file.Docs {
		switch {
		case d.Body == nil:
		case d.Body.Type() == ast.DirectiveType:
			r.wrong(d.Body, "a line that begins with %% is for YAML's own use and not part of bootrig.yaml: drop it")
		case body != nil:
			r.wrong(d.Body, "a second document: a file is one configuration, drop the line ---")
		default:
			body = d.Body
		}
	}
	switch text, isText := body.(*ast.StringNode); {
	case body == nil, body.Type() == ast.CommentType:
	case isText && strings.Contains(text.Value, "="):
		r.wrong(body, "%s is no bootrig.yaml: a dnsmasq.conf is read with -C", describe(body))
	default:
		cfg, _ = document().read(r, body)
	}
	return cfg
}

// syntax notes what is no YAML.
func (r *reader) syntax(err error, data []byte) {
	var positioned interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if !errors.As(err, &positioned) || positioned.GetToken() == nil {
		r.wrongAt(1, "%v", err)
		return
	}
	at, hint := positioned.GetToken().Position.Line, ""
	if lines := strings.Split(string(data), "\n"); at >= 1 && at <= len(lines) {
		switch l := lines[at-1]; {
		case strings.ContainsRune(l, '\t'):
			hint = ": YAML is indented with blanks, not with tabs"
		case strings.Contains(l, "!"):
			hint = ": a word that begins with ! must stand between double quotes; the absence of a tag is `not TAG`"
		case strings.Contains(l, "*"):
			hint = ": a word that begins with * must stand between double quotes"
		}
	}
	r.wrongAt(at, "%s%s", positioned.GetMessage(), hint)
}
