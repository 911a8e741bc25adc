package grub

import (
	"strconv"
	"strings"
)

// A Stat tells of a file or directory. It is opened for its size alone; else its directory is listed.
type Stat func(name string, open bool) (size int64, dir, ok bool)

// Test is the command test, or [ without its bracket (commands/test.c).
func Test(args []string, stat Stat) bool {
	e := &expression{args: args, stat: stat}
	return e.or()
}

type expression struct {
	args  []string
	stat  Stat
	depth int
}

func (e *expression) peek() string {
	if len(e.args) == 0 {
		return ""
	}
	return e.args[0]
}

func (e *expression) next() string {
	a := e.peek()
	e.args = e.args[min(1, len(e.args)):]
	return a
}

func (e *expression) or() bool {
	v := e.and()
	for e.peek() == "-o" {
		e.next()
		right := e.and()
		v = v || right
	}
	return v
}

func (e *expression) and() bool {
	v := e.one()
	for len(e.args) > 0 && e.peek() != "-o" && e.peek() != ")" {
		if e.peek() == "-a" {
			e.next()
		}
		right := e.one()
		v = v && right
	}
	return v
}

// one is a comparison, a question about a file, or a word that is not empty.
func (e *expression) one() bool {
	if len(e.args) >= 3 {
		if v, ok := compare(e.args[0], e.args[1], e.args[2]); ok {
			e.args = e.args[3:]
			return v
		}
	}
	if e.depth++; e.depth > maxDepth {
		e.args = nil
		return false
	}
	defer func() { e.depth-- }()
	switch a := e.next(); {
	case a == "!":
		return !e.one()
	case a == "(":
		v := e.or()
		if e.peek() == ")" {
			e.next()
		}
		return v
	case len(a) == 2 && a[0] == '-' && strings.IndexByte("nzdefs", a[1]) >= 0 && len(e.args) > 0:
		return e.unary(a[1], e.next())
	default:
		return a != ""
	}
}

func (e *expression) unary(what byte, arg string) bool {
	switch what {
	case 'n':
		return arg != ""
	case 'z':
		return arg == ""
	}
	size, dir, ok := e.stat(arg, what == 's')
	switch what {
	case 'd':
		return ok && dir
	case 'f':
		return ok && !dir
	case 's':
		return ok && size > 0
	}
	return ok
}

func compare(a, op, b string) (v, ok bool) {
	switch op {
	case "=", "==":
		return a == b, true
	case "!=":
		return a != b, true
	case "<":
		return a < b, true
	case "<=":
		return a <= b, true
	case ">":
		return a > b, true
	case ">=":
		return a >= b, true
	}
	x, y := number(a), number(b)
	switch op {
	case "-eq":
		return x == y, true
	case "-ne":
		return x != y, true
	case "-ge":
		return x >= y, true
	case "-gt":
		return x > y, true
	case "-le":
		return x <= y, true
	case "-lt":
		return x < y, true
	}
	return false, false
}

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 0, 64) // what is none is 0
	return n
}
