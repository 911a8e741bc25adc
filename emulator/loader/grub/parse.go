package grub

import (
	"fmt"
	"slices"
)

// Parse reads a script.
func Parse(text string) ([]Statement, error) {
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	p := &parser{text: text, tokens: tokens}
	list, err := p.list(nil)
	if err == nil && p.at < len(p.tokens) {
		err = p.wrong()
	}
	return list, err
}

type parser struct {
	text   string
	tokens []token
	at     int
	depth  int
}

// maxDepth bounds what stands one inside the other.
const maxDepth = 100

func (p *parser) wrong() error {
	if p.at >= len(p.tokens) {
		return fmt.Errorf("syntax error: the end of the file comes too early")
	}
	t := p.tokens[p.at]
	return fmt.Errorf("syntax error in line %d at %q", t.line, p.text[t.at:t.end])
}

// word is the next token if it is a word that is written so, else "".
func (p *parser) word() string {
	if p.at < len(p.tokens) && p.tokens[p.at].sep == 0 {
		return p.tokens[p.at].word.literal()
	}
	return ""
}

// sep is the next token if it is a separator, else 0.
func (p *parser) sep() byte {
	if p.at < len(p.tokens) {
		return p.tokens[p.at].sep
	}
	return 0
}

func (p *parser) skip(seps string) {
	for c := p.sep(); c != 0 && slices.Contains([]byte(seps), c); c = p.sep() {
		p.at++
	}
}

// take wants a keyword.
func (p *parser) take(word string) error {
	if p.word() != word {
		return p.wrong()
	}
	p.at++
	return nil
}

// list reads statements up to a keyword that ends them, or to a closing brace.
func (p *parser) list(ends []string) ([]Statement, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, fmt.Errorf("syntax error: blocks stand %d deep in each other", maxDepth)
	}
	defer func() { p.depth-- }()
	var all []Statement
	for {
		p.skip("\n;")
		if p.at >= len(p.tokens) || p.sep() == '}' || slices.Contains(ends, p.word()) {
			return all, nil
		}
		s, err := p.statement()
		if err != nil {
			return nil, err
		}
		all = append(all, s)
		if p.at < len(p.tokens) && p.sep() != '\n' && p.sep() != ';' && p.sep() != '}' {
			return nil, p.wrong()
		}
	}
}

func (p *parser) statement() (Statement, error) {
	switch p.word() {
	case "if":
		return p.branch()
	case "while", "until":
		return p.loop()
	case "for":
		return p.each()
	case "function":
		return p.function()
	}
	return p.command()
}

func (p *parser) branch() (Statement, error) {
	s := &If{}
	for {
		p.at++ // if, or elif
		cond, err := p.list([]string{"then"})
		if err != nil {
			return nil, err
		}
		if err := p.take("then"); err != nil {
			return nil, err
		}
		then, err := p.list([]string{"elif", "else", "fi"})
		if err != nil {
			return nil, err
		}
		s.Arms = append(s.Arms, Arm{cond, then})
		if p.word() != "elif" {
			break
		}
	}
	if p.word() == "else" {
		p.at++
		then, err := p.list([]string{"fi"})
		if err != nil {
			return nil, err
		}
		s.Arms = append(s.Arms, Arm{nil, then})
	}
	return s, p.take("fi")
}

func (p *parser) loop() (Statement, error) {
	s := &Loop{Until: p.word() == "until"}
	p.at++
	var err error
	if s.If, err = p.list([]string{"do"}); err != nil {
		return nil, err
	}
	s.Body, err = p.body()
	return s, err
}

// body is do ... done.
func (p *parser) body() ([]Statement, error) {
	if err := p.take("do"); err != nil {
		return nil, err
	}
	body, err := p.list([]string{"done"})
	if err != nil {
		return nil, err
	}
	return body, p.take("done")
}

func (p *parser) each() (Statement, error) {
	p.at++
	s := &For{Name: p.word()}
	if s.Name == "" {
		return nil, p.wrong()
	}
	p.at++
	if err := p.take("in"); err != nil {
		return nil, err
	}
	for p.at < len(p.tokens) && p.sep() == 0 {
		s.Words = append(s.Words, p.tokens[p.at].word)
		p.at++
	}
	p.skip("\n;")
	var err error
	s.Body, err = p.body()
	return s, err
}

func (p *parser) function() (Statement, error) {
	p.at++
	s := &Function{Name: p.word()}
	if s.Name == "" {
		return nil, p.wrong()
	}
	p.at++
	p.skip("\n")
	var err error
	s.Body, _, err = p.block()
	return s, err
}

// block is { ... }, and its text.
func (p *parser) block() (body []Statement, text string, err error) {
	if p.sep() != '{' {
		return nil, "", p.wrong()
	}
	from := p.tokens[p.at].end
	p.at++
	if body, err = p.list(nil); err != nil {
		return nil, "", err
	}
	if p.sep() != '}' {
		return nil, "", p.wrong()
	}
	text = p.text[from:p.tokens[p.at].at]
	p.at++
	return body, text, nil
}

// command is a line of words, with a block if one opens.
func (p *parser) command() (Statement, error) {
	c := &Command{Line: p.tokens[p.at].line}
	for p.word() == "!" {
		c.Not = !c.Not
		p.at++
	}
	for p.at < len(p.tokens) && p.sep() == 0 {
		c.Words = append(c.Words, p.tokens[p.at].word)
		p.at++
	}
	if len(c.Words) == 0 {
		return nil, p.wrong()
	}
	if p.sep() != '{' {
		return c, nil
	}
	var err error
	c.Block, c.Text, err = p.block()
	return c, err
}
