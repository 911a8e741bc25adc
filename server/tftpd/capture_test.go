package tftpd

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/wire/machine"
)

const versionInfo = "Debian version:  12 (bookworm)\nInstaller build: 20230607+deb12u11\n"

// A decision is one line of the capture: a request and the first bytes of dnsmasq 2.90's answer.
type decision struct{ name, mode, options, answer string }

func (d decision) packet() []byte {
	return []byte("\x00\x01" + d.name + "\x00" + d.mode + "\x00" + d.options)
}

// decisions reads the capture; its strings are written as Python writes bytes.
func decisions(t *testing.T) []decision {
	t.Helper()
	text, err := os.ReadFile("testdata/captures/dnsmasq290-tftp-decisions.txt")
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^b'(.*)' b'(.*)' b'(.*)' -> \((\d), b'(.*)'\)$`)
	var all []decision
	for _, m := range line.FindAllStringSubmatch(string(text), -1) {
		unquote := func(s string) string { return must(strconv.Unquote(`"` + s + `"`)) }
		op := must(strconv.Atoi(m[4]))
		all = append(all, decision{unquote(m[1]), unquote(m[2]), unquote(m[3]), "\x00" + string(rune(op)) + unquote(m[5])})
	}
	if len(all) != 30 {
		t.Fatalf("the capture has %d decisions, want 30", len(all))
	}
	return all
}

// intended is where we answer otherwise than dnsmasq 2.90, and why.
var intended = map[string]string{
	// Garbage behind the name is cut off (netboot.xyz#1198).
	"version.info\xff octet ": "\x00\x03\x00\x01Debian version:  12",
	// dnsmasq 2.90 has no windowsize; later ones have.
	"version.info octet blksize\x001468\x00windowsize\x004\x00": "\x00\x06blksize\x001468\x00windowsize\x004\x00",
	// dnsmasq stops reading at the empty value, which RFC 2090 allows.
	"version.info octet multicast\x00\x00tsize\x000\x00": "\x00\x06tsize\x0066\x00",
}

// alike compares answers: OACKs in full, DATA as far as the capture has it, of an ERROR the code.
func alike(want, got string) bool {
	if strings.HasPrefix(want, "\x00\x06") {
		return got == want
	}
	if strings.HasPrefix(want, "\x00\x05") {
		want = want[:4]
	}
	return strings.HasPrefix(got, want)
}

func TestAnswersAreDnsmasqs(t *testing.T) {
	tree := content.FS(fstest.MapFS{
		"version.info":              {Data: []byte(versionInfo)},
		"debian-installer/amd64/xx": {},
	}, "/tftpboot.debian")
	for _, d := range decisions(t) {
		want := d.answer
		if other, ok := intended[d.name+" "+d.mode+" "+d.options]; ok {
			want = other
		}
		m := NewMachine(Config{Tree: tree})
		m.Receive(start, machine.Datagram{Src: guest, Dst: server69, Payload: d.packet()})
		got, ok := m.Next()
		if !ok || !alike(want, string(got.Payload)) {
			t.Errorf("%q %q %q is answered\n%.60q, want\n%.60q", d.name, d.mode, d.options, got.Payload, want)
		}
		if got.Dst != guest || got.Src.Addr() != server69.Addr() || got.Src.Port() == Port {
			t.Errorf("%q is answered from %v to %v", d.name, got.Src, got.Dst)
		}
	}
}
