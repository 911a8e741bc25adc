package grub

// A Statement is a Command, an If, a Loop, a For or a Function.
type Statement interface{ statement() }

// A Command is a line of words. Not: an exclamation mark before it turns its result.
type Command struct {
	Line  int
	Not   bool
	Words []Word
	Block []Statement // menuentry and submenu have one
	Text  string      // of the block
}

// An If has arms that are tried in turn; the last one may have no condition: else.
type If struct{ Arms []Arm }

// An Arm is a condition, whose last command decides, and what it is for.
type Arm struct{ If, Then []Statement }

// A Loop is while, or until.
type Loop struct {
	Until    bool
	If, Body []Statement
}

// A For runs its body for each word.
type For struct {
	Name  string
	Words []Word
	Body  []Statement
}

// A Function is a command of the script's own.
type Function struct {
	Name string
	Body []Statement
}

func (*Command) statement()  {}
func (*If) statement()       {}
func (*Loop) statement()     {}
func (*For) statement()      {}
func (*Function) statement() {}

// A Word is text and variables, put together.
type Word []Part

// A Part is text, or a variable. What is not quoted may come to several words, or to none.
type Part struct {
	Text, Variable string
	Quoted         bool
}

// literal is a word that is written as it is meant, as keywords must be.
func (w Word) literal() string {
	if len(w) == 1 && !w[0].Quoted && w[0].Variable == "" {
		return w[0].Text
	}
	return ""
}
