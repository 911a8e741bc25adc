package loader

import (
	"math/rand/v2"
	"strconv"

	"github.com/bootrig/bootrig/emulator/loader/ipxe"
	"github.com/bootrig/bootrig/emulator/rom"
)

// A shell is iPXE at work behind its autoboot: it runs a script.
type shell struct {
	*env
	rand     *rand.Rand
	commands map[string]command
	running  *running // the innermost script
	depth    int
	idle     int // commands since something was waited for
	stop     stop
	status   *trouble // what exit says
	last     *trouble // ${errno}
	images   []*bootImage
	selected *bootImage
	settings settings
	menus    map[string]*choices
}

// running is a script, and its next line.
type running struct {
	lines ipxe.Script
	at    int
	uri   ipxe.URI // what it names is relative to that
}

// A stop is what a command does to what follows it.
type stop int

const (
	goOn         stop = iota
	stopLine          // goto
	stopSequence      // exit
)

// A trouble is why a command failed: what strerror says of it, and iPXE's number.
type trouble struct {
	text     string
	number   uint32
	cause    string // in our words, where we know more
	patience bool
}

// String is how iPXE prints it.
func (t *trouble) String() string {
	if t.number == 0 {
		return t.text
	}
	return t.text + " (http://ipxe.org/" + strconv.FormatUint(uint64(t.number), 16) + ")"
}

// runScript is iPXE with a script for its boot file. Its end is the end of autoboot, and the firmware goes on with the
// next boot device.
func runScript(e *env) {
	uri := ipxe.ParseURI(e.Handover.URL)
	newShell(e).alone(&bootImage{name: uri.Name(), uri: uri, content: e.Handover.Program})
}

func newShell(e *env) *shell {
	return &shell{env: e, rand: rand.New(rand.NewPCG(e.Seed, 0x69505845)), commands: commands(), menus: map[string]*choices{}, settings: settings{}}
}

// alone runs a script, behind which nothing comes.
func (p *shell) alone(script *bootImage) {
	if t := p.script(script); t != nil {
		p.say("Could not boot image: %s", t)
		p.end(Outcome{Failure: &rom.Failure{Text: "Could not boot image: " + t.String(), Cause: t.cause, Patience: t.patience}})
	}
	p.say("No more network devices")
	p.end(Outcome{Handoff: &Handoff{Kind: "local"}})
}

// maxDepth is how many scripts may run one inside the other: the real ones run out of stack.
const maxDepth = 64

// script runs one to its end, its exit, or its first command that fails (script.c, process_script).
func (p *shell) script(img *bootImage) *trouble {
	if p.depth++; p.depth > maxDepth {
		p.fail("iPXE runs out of stack", "scripts chain scripts, "+strconv.Itoa(maxDepth)+" deep: "+img.uri.String())
	}
	outer := p.running
	p.running = &running{lines: ipxe.Parse(img.content), uri: img.uri}
	defer func() { p.running, p.depth = outer, p.depth-1 }()
	for r := p.running; r.at < len(r.lines); {
		line := r.lines[r.at]
		r.at++
		t := p.line(line.Text)
		if p.stop == stopSequence {
			p.stop = goOn
			return p.status
		}
		if t != nil {
			if t.cause == "" {
				t.cause = "in line " + strconv.Itoa(r.at) + " of " + img.uri.String()
			}
			return t
		}
	}
	return nil
}

// maxIdle is how many commands may run while no time passes.
const maxIdle = 1 << 14

// line runs the commands of a line (exec.c, system).
func (p *shell) line(text string) *trouble {
	var t *trouble
	for _, c := range ipxe.Commands(text) {
		if !c.When.Holds(t == nil) {
			continue
		}
		words := make([]string, len(c.Words))
		for i, w := range c.Words {
			words[i] = ipxe.Expand(w, p.value)
		}
		if p.idle++; p.idle > maxIdle {
			p.fail("the script runs in a circle", strconv.Itoa(maxIdle)+" commands and nothing waited for, the last is "+text)
		}
		if t = p.execute(words); t != nil {
			p.last = t
		}
		if p.stop != goOn {
			if p.stop == stopLine {
				p.stop = goOn
			}
			return t
		}
	}
	return t
}
