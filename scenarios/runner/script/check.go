package script

import (
	"io/fs"
	"net/netip"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/bootrig/bootrig/wire/event"
)

// fields are what FIELD=VALUE can name: fields of the fact itself, and the attributes that the witness
// writes.
var fields = []string{
	"file", "code", "bytes", "text", "rule", "port",
	"yiaddr", "siaddr", "ciaddr", "requested", "server", "class", "userclass", "arch", "uuid", "sname", "bootfile", "xid", "type",
	"item", "control", "prompt", "menu", "servers", "vendor",
	"options", "mode", "of", "kind", "method", "range", "cause", "patience",
}

// argument is what the word after a kind is matched against.
type argument int

const (
	noArg   argument = iota
	pathArg          // the fact's Path
	textArg          // a pattern in its Text
	kindArg          // its attribute kind
)

type kind struct {
	name event.Kind
	arg  argument
	// only says where the fact can be seen, if not everywhere.
	only sight
}

// sight is who can see a fact.
type sight int

const (
	everywhere sight = iota
	scripted         // only guests of our own tell it: those in sim and tap
	ours             // only our server tells it
)

// in tells why a fact cannot be seen in env; "": it can.
func (s sight) in(env Env) string {
	switch {
	case s == scripted && env.World == "qemu":
		return "only a scripted guest tells it: put [!qemu] before the line, and [qemu] before one about its console"
	case s == ours && env.Server != "ours":
		return "only our server tells it: put [server:ours] before the line"
	}
	return ""
}

// kinds are the facts that a scenario can speak of.
var kinds = []kind{
	{event.Discover, noArg, everywhere}, {event.Offer, pathArg, everywhere}, {event.Request, noArg, everywhere},
	{event.Ack, pathArg, everywhere}, {event.Nak, noArg, everywhere}, {event.ProxyRequest, noArg, everywhere},
	{event.ProxyAck, pathArg, everywhere}, {event.BootRequest, noArg, everywhere}, {event.BootAck, pathArg, everywhere},
	{event.RRQ, pathArg, everywhere}, {event.OACK, pathArg, everywhere}, {event.Got, pathArg, everywhere}, {event.Miss, pathArg, everywhere},
	{event.TFTPError, textArg, everywhere}, {event.Abort, pathArg, everywhere}, {event.Retry, noArg, everywhere},
	{event.Unreachable, noArg, everywhere}, {event.HTTPRequest, pathArg, everywhere}, {event.HTTPResponse, pathArg, everywhere},
	{event.Console, textArg, everywhere}, {event.Stage, textArg, scripted}, {event.Handoff, kindArg, scripted},
	{event.Cmdline, textArg, everywhere}, {event.Error, textArg, everywhere}, {event.Ignore, textArg, ours},
}

// counts are what `expect GUEST retries<=N` can bound.
var counts = map[string]event.Kind{"retries": event.Retry, "misses": event.Miss, "discovers": event.Discover}

func kindNames() []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k.name)
	}
	return names
}

func readKey(a *args) any {
	k := Act{Guest: a.word("the guest"), Do: Press, Key: a.word("the key")}
	if strings.ContainsFunc(k.Key, func(r rune) bool { return r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') }) {
		a.wrong("%q is not a key name such as ret, down, f8", k.Key)
	}
	return k
}

func readAct(do string) func(*args) any {
	return func(a *args) any { return Act{Guest: a.word("the guest"), Do: do} }
}

func readScreen(a *args) any {
	return Screen{Guest: a.word("the guest"), Text: a.pattern("the text", a.word("the text"))}
}

func readExpect(a *args) any {
	e := Expect{Guest: a.word("the guest")}
	name := a.word("the kind of fact")
	if of, max, ok := strings.Cut(name, "<="); ok {
		return readCount(a, e.Guest, of, max)
	}
	e.Kind = name
	n := slices.IndexFunc(kinds, func(k kind) bool { return string(k.name) == name })
	switch {
	case n < 0 && name != "":
		a.wrong("unknown kind of fact %q; there are %s", name, strings.Join(kindNames(), " "))
	case n >= 0 && a.more():
		readArgument(a, &e, kinds[n].arg)
	}
	a.words = nil // what is left of a line with an unknown kind means nothing
	e.Within, e.Stall = a.duration("within"), a.duration("stall")
	readFrom(a, &e)
	if stage, ok := a.take("stage"); ok {
		a.wrong("stage=%s is not yet runnable", stage)
	}
	for _, o := range a.options {
		if slices.Contains([]string{"code", "bytes"}, o.key) {
			if _, err := strconv.ParseInt(o.value, 10, 64); err != nil {
				a.wrong("%s=%s is not a number", o.key, o.value)
			}
		}
		if !slices.Contains(fields, o.key) {
			a.wrong("unknown field %s=; there are %s", o.key, strings.Join(fields, " "))
		}
		e.Fields = append(e.Fields, Field{o.key, o.value})
	}
	a.options = nil
	return e
}

func readFrom(a *args, e *Expect) {
	var ok bool
	if e.From, ok = a.take("from"); !ok || e.From == "house" || e.From == "server" {
		return
	}
	if _, err := netip.ParseAddr(e.From); err != nil {
		a.wrong("from=%s is neither house nor server nor an address", e.From)
	}
}

// readArgument reads the one word that may follow a kind.
func readArgument(a *args, e *Expect, arg argument) {
	word := a.word("the argument")
	switch arg {
	case noArg:
		a.wrong("unexpected word %q after %s", word, e.Kind)
	case pathArg:
		if _, err := path.Match(word, ""); err != nil {
			a.wrong("%q is not a pattern: %v", word, err)
		}
		e.Path = word
	case textArg:
		e.Text = a.pattern("text", word)
	case kindArg:
		if !slices.Contains([]string{"linux", "multiboot", "local", "program"}, word) {
			a.wrong("a handoff is linux, multiboot, local or program, not %q", word)
		}
		e.Fields = append(e.Fields, Field{"kind", word})
	}
	for _, w := range a.words {
		a.wrong("unexpected word %q", w.Text)
	}
}

func readCount(a *args, guest, of, max string) any {
	n, err := strconv.Atoi(max)
	if err != nil || n < 0 {
		a.wrong("%q is not a number", max)
	}
	if _, ok := counts[of]; !ok {
		a.wrong("%q cannot be counted: retries, misses and discovers can", of)
	}
	return Count{Guest: guest, Of: of, Max: n}
}

// CountKind is the kind of fact that a Count counts.
func (c Count) CountKind() event.Kind { return counts[c.Of] }

func readGolden(a *args) any {
	g := Golden{Guest: a.word("the guest"), File: a.word("the golden file")}
	if g.File != "" && (!strings.HasSuffix(g.File, ".golden") || !fs.ValidPath(g.File)) {
		a.wrong("%q is not a name beside the scenario, or below, such as ubuntu.golden", g.File)
	}
	return g
}

// For names the golden file of one kind of server: ubuntu.golden is ubuntu.ours.golden.
func (g Golden) For(server string) string {
	return strings.TrimSuffix(g.File, ".golden") + "." + server + ".golden"
}

func readCmp(a *args) any {
	word := a.word("what to compare")
	c := Cmp{File: a.word("the file to compare with")}
	if c.Guest, c.What, _ = strings.Cut(word, "."); word != "" && c.What != "modules" {
		a.wrong("%q cannot be compared: GUEST.modules can", word)
	}
	return c
}

func readFails(a *args) any {
	f := Fails{Step: a.word("the step that fails")}
	text, ok := a.take("cause")
	if !ok {
		a.wrong("cause= is missing")
		return f
	}
	f.Cause = a.pattern("cause", text)
	return f
}

func readSkip(a *args) any { return Skip{Reason: a.word("the reason")} }
