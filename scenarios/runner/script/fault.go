package script

import (
	"fmt"
	"net/http"
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
)

// Fault breaks the server's port, the whole wire, or the way between hosts.
type Fault struct {
	Drop    uint16          // this UDP port of the server is dead
	SIAddr  netip.Addr      // what the server's replies name as next server
	Offers  []time.Duration // how late each of its OFFERs comes, once for each; nil: as it sends them
	Error   string          // the file that it fails to read, with an ERROR
	ErrorAt int64           // behind so many bytes
	Option  string          // each of its OACKs grants this too
	Value   string          // of Option
	Read    time.Duration   // how long it reads for each block of a file
	Strip   byte            // this option of DHCP is taken out of its replies
	Port    uint16          // its answers from port 4011 go to this port
	From    netip.Addr      // they come from this address
	Status  int             // of HTTP, that it answers with
	URL     string          // to which that sends the asker
	Type    string          // the Content-Type that it says
	Wire    link.Faults
	Cut     Cut
}

// A Cut is a while in which a host hears nobody, or two do not hear each other.
type Cut struct {
	A, B  string        // house, server or a guest; B may be "", which is all others
	After time.Duration // from the start of the run
	For   time.Duration // 0: for good
}

func readFault(a *args) any {
	var f Fault
	known := true
	switch where := a.word("server, wire or cut"); where {
	case "server":
		readServerFault(a, &f)
	case "wire":
		readWire(a, &f.Wire)
	case "cut":
		f.Cut.A = a.word("the host that is cut off")
		if a.more() {
			f.Cut.B = a.word("the other host")
		}
		f.Cut.After, f.Cut.For = a.duration("after"), a.duration("for")
	default:
		known = false
		if where != "" {
			a.wrong("a fault is server, wire or cut, not %q", where)
		}
	}
	if known && reflect.ValueOf(f).IsZero() && len(a.mistakes) == 0 {
		a.wrong("it says no fault: server has drop=, siaddr=, offer=, error=, oack=, read=, strip=, answer=, http= and type=, wire loss=, burst=, duplicate=, reorder=, corrupt=, delay=, jitter=, bandwidth= and mtu=")
	}
	return f
}

func readServerFault(a *args, f *Fault) {
	f.SIAddr, f.Read = a.addr("siaddr"), a.duration("read")
	if text, ok := a.take("drop"); ok {
		port, err := strconv.ParseUint(text, 10, 16)
		if f.Drop = uint16(port); err != nil || port == 0 {
			a.wrong("drop=%s is not a port", text)
		}
	}
	if text, ok := a.take("offer"); ok {
		f.Offers = readOffers(a, text)
	}
	if text, ok := a.take("error"); ok {
		name, size, _ := strings.Cut(text, ":")
		f.Error = strings.TrimLeft(name, "/")
		f.ErrorAt = a.size("error="+name+":", size)
	}
	readOACK(a, f)
	readAnswers(a, f)
}

// readAnswers reads what becomes of its answers on the way.
func readAnswers(a *args, f *Fault) {
	if text, ok := a.take("strip"); ok {
		code, err := strconv.ParseUint(text, 10, 8)
		if f.Strip = byte(code); err != nil || code == 0 || code == 255 {
			a.wrong("strip=%s is no option of DHCP, such as 60", text)
		}
	}
	if text, ok := a.take("answer"); ok {
		port, err := strconv.ParseUint(text, 10, 16)
		if f.Port = uint16(port); err != nil {
			f.From, err = netip.ParseAddr(text)
		}
		if err != nil || f.Port == 0 && !f.From.Is4() {
			a.wrong("answer=%s is neither a port nor an address", text)
		}
	}
	if text, ok := a.take("http"); ok {
		code, to, _ := strings.Cut(text, ":")
		status, err := strconv.Atoi(code)
		if f.Status, f.URL = status, to; err != nil || http.StatusText(status) == "" || (status/100 == 3) != (to != "") {
			a.wrong("http=%s is no status such as 403, nor one such as 302:http://192.168.9.77/a.efi", text)
		}
	}
	f.Type, _ = a.take("type")
}

// readOACK reads an option and its value, of which neither may end early in a packet.
func readOACK(a *args, f *Fault) {
	text, given := a.take("oack")
	if !given {
		return
	}
	var both bool
	f.Option, f.Value, both = strings.Cut(text, ":")
	if !both || f.Option == "" || f.Value == "" || strings.ContainsRune(text, 0) {
		a.wrong("oack=%s is not an option and its value, such as windowsize:16", text)
	}
}

// readOffers reads never, twice, or how late.
func readOffers(a *args, text string) []time.Duration {
	switch text {
	case "never":
		return []time.Duration{}
	case "twice":
		return []time.Duration{0, 0}
	}
	late, err := time.ParseDuration(text)
	if err != nil || late <= 0 {
		a.wrong("offer=%s is neither never nor twice nor how late it comes, such as 3s", text)
	}
	return []time.Duration{late}
}

func readWire(a *args, f *link.Faults) {
	f.Loss, f.Duplicate, f.Reorder, f.Corrupt = a.fraction("loss"), a.fraction("duplicate"), a.fraction("reorder"), a.fraction("corrupt")
	f.Delay, f.Jitter = a.duration("delay"), a.duration("jitter")
	if text, ok := a.take("bandwidth"); ok {
		f.Bandwidth = a.scaled("bandwidth", text, 1000)
	}
	f.Burst, f.MTU = a.number("burst", 2), a.number("mtu", minMTU)
	if f.Burst > 0 && f.Loss == 0 {
		a.wrong("burst=%d is how many frames are lost in a row: loss= says how many of all", f.Burst)
	}
}

// minMTU is what every host takes (RFC 791, section 3.1). DHCP needs no more.
const minMTU = 576

// number takes a whole number of at least some size; 0 is one that is not given.
func (a *args) number(key string, least int) int {
	text, ok := a.take(key)
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least {
		a.wrong("%s=%s is not a number from %d on", key, text, least)
	}
	return n
}

// fitFault says which host of a cut is not there.
func (p *Plan) fitFault(f Fault) (wrong []string) {
	for _, name := range []string{f.Cut.A, f.Cut.B} {
		_, guest := p.Guest(name)
		if name != "" && name != "house" && name != "server" && !guest {
			wrong = append(wrong, fmt.Sprintf("%q is neither house nor server nor a guest here", name))
		}
	}
	return wrong
}
