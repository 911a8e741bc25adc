package dnsmasq

import (
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"
	"strings"

	"github.com/bootrig/bootrig/server/config"
)

// Load reads a file of this host and those it names. Its error joins every mistake in them, each
// with its file:line.
func Load(path string) (*config.Config, error) { return Source{}.Load(path) }

// Parse reads the content of a file that is called name, and the files of this host that it names.
func Parse(name string, data []byte) (*config.Config, error) { return Source{}.Parse(name, data) }

// maxMistakes are told one by one: what has more is no dnsmasq.conf.
const maxMistakes = 100

// A reader collects what the lines say, and every mistake in them.
type reader struct {
	Source
	cfg          *config.Config
	rule         string // of the line being read
	reading      string // the option it has
	mistakes     []error
	untold       int               // mistakes behind the first maxMistakes
	lenient      bool              // a mistake is a notice only
	services     int               // basenames so far: they number the menu's items
	seen         map[string]bool   // options
	at           map[string]string // the rules of the last of each
	files        []known           // that were read
	noDNS        bool              // port=0
	stdinRead    bool
	banks        []bank // to be read behind the rest
	ethers       string // the rule of read-ethers
	domainGiven  bool   // for all leases
	hosts        names
	namedServers []namedServer
	hostAddrs    map[netip.Addr]string // the rules of lines that have one
	idle         map[string]*unused
	known        map[string]option
}

func newReader(s Source) *reader {
	return &reader{Source: s, cfg: &config.Config{}, seen: map[string]bool{}, at: map[string]string{}, idle: map[string]*unused{}, known: all(), hostAddrs: map[netip.Addr]string{}}
}

func (r *reader) read(name string, data []byte) (*config.Config, error) {
	r.configuration(name, data)
	r.readBanks()
	r.serverNames()
	r.finish(name)
	r.policy().Index()
	if r.untold > 0 {
		r.mistakes = append(r.mistakes, fmt.Errorf("%s: %d more mistakes are not told", name, r.untold))
	}
	if len(r.mistakes) > 0 {
		return nil, errors.Join(r.mistakes...)
	}
	return r.cfg, nil
}

// lines reads a file line by line; r.rule names the line meanwhile.
func (r *reader) lines(name string, data []byte, each func(string)) {
	r.cfg.Files = append(r.cfg.Files, name)
	outer, reading := r.rule, r.reading
	r.reading = ""
	for i, s := range strings.Split(string(data), "\n") {
		r.rule = fmt.Sprintf("%s:%d", filepath.ToSlash(name), i+1)
		each(s)
	}
	r.rule, r.reading = outer, reading
}

func (r *reader) parsed(s string) (line, bool) {
	l, ok, err := parseLine(s)
	if err != nil {
		r.wrong("%v", err)
		return line{}, false
	}
	return l, ok
}

// wrong notes a mistake, and which option it is in where the text does not begin with it.
func (r *reader) wrong(format string, args ...any) {
	if r.reading != "" && !strings.HasPrefix(format, "%s=") && !strings.HasPrefix(format, r.reading) {
		format, args = "%s: "+format, append([]any{r.reading}, args...)
	}
	if r.lenient {
		r.notice("this line is left out: "+format, args...)
		return
	}
	if len(r.mistakes) == maxMistakes {
		r.untold++
		return
	}
	r.mistakes = append(r.mistakes, fmt.Errorf("%s: "+format, append([]any{r.rule}, args...)...))
}

func (r *reader) notice(format string, args ...any) {
	r.cfg.Notices = append(r.cfg.Notices, config.Notice{Rule: r.rule, Text: fmt.Errorf(format, args...).Error()})
}
