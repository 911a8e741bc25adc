package dnsmasq

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/bootrig/bootrig/internal/peer"
)

// TestMutants changes lines of testdata/accept a little, and compares what both say of them. A line on which they
// disagree belongs into testdata/accept. More of them: BOOTRIG_MUTANTS=20000, and another BOOTRIG_SEED.
func TestMutants(t *testing.T) {
	each(t, mutants)
}

func mutants(t *testing.T, d peer.Program) {
	files, err := filepath.Glob("testdata/accept/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, file := range files {
		for _, c := range readCases(t, file) {
			if !differsByVersion(c.want) && !strings.ContainsAny(c.conf, "\n\x00é") && len(c.conf) < 200 && !strings.HasPrefix(c.conf, "conf-") {
				lines = append(lines, c.conf)
			}
		}
	}
	random := rand.New(rand.NewPCG(setting("BOOTRIG_SEED", 1), 0))
	for range setting("BOOTRIG_MUTANTS", 600) {
		conf := lines[random.IntN(len(lines))]
		for range 1 + random.IntN(5) {
			conf = mutate(random, conf)
		}
		if strings.HasPrefix(strings.TrimLeft(conf, ` "`), "conf-") || strings.ContainsAny(conf, "\n") {
			continue
		}
		_, ours := Parse("x", []byte(conf+"\n"))
		said, ok := real(t, d, conf)
		if ok != (ours == nil) && !intended(ours, said) && (ok || !newFor(d.Version, conf)) && (ok || !idn.MatchString(conf)) {
			t.Errorf("%s! %s\n\tours: %v\n\tdnsmasq: %s", word(ok), conf, ours, strings.TrimSpace(said))
		}
	}
}

// differsByVersion tells of a case that dnsmasqs do not judge alike: what comes of it tells nothing.
func differsByVersion(v verdict) bool { return v.of(peer.Newest) != v.of("2.90") }

// newFor tells whether an option is of later versions.
func newFor(version, conf string) bool {
	name, _, _ := strings.Cut(conf, "=")
	return newer()[strings.TrimSpace(name)] > version
}

func setting(name string, otherwise uint64) uint64 {
	if n, err := strconv.ParseUint(os.Getenv(name), 10, 64); err == nil {
		return n
	}
	return otherwise
}

// mutate drops, doubles or swaps fields of a line, or changes a character.
func mutate(random *rand.Rand, line string) string {
	name, value, _ := strings.Cut(line, "=")
	fields := strings.Split(value, ",")
	i, j := random.IntN(len(fields)), random.IntN(len(fields))
	b := []byte(value)
	at := random.IntN(len(b) + 1)
	const odd = `,,::./-#"= *!0159abfhzX[]@`
	c := odd[random.IntN(len(odd))]
	switch random.IntN(8) {
	case 0:
		fields = append(fields[:i:i], fields[i+1:]...)
	case 1:
		fields = append(fields[:i:i], fields[j:]...)
	case 2:
		fields[i], fields[j] = fields[j], fields[i]
	case 3:
		fields[i] = ""
	case 4:
		fields[i] = `"` + fields[i] + `"`
	case 5:
		return name + "=" + string(b[:at]) + string(c) + string(b[at:])
	case 6:
		return name + "=" + string(b[:at]) + string(b[min(at+1, len(b)):])
	default:
		return name + "=" + string(b[:at]) + string(c) + string(b[min(at+1, len(b)):])
	}
	return name + "=" + strings.Join(fields, ",")
}

// intended tells an intended difference by what is said of it: by us of what dnsmasq accepts, and by dnsmasq of
// what we do.
func intended(ours error, said string) bool {
	if ours == nil {
		return leftToDNS.MatchString(said)
	}
	return stricter.MatchString(ours.Error())
}

var (
	stricter = regexp.MustCompile("tag has no name|is neither set:TAG nor tag:TAG|vendor class is missing|directory is missing|interface name is missing|" +
		"gives a tag, but|asks for a tag, but|options up to 255|neither an IPv4 address nor a name|more than FILE,SERVERNAME|more than CSA|" +
		"is not an IPv4 address|is not a netmask of one|without tftp-root|40 bytes at least|NUL|longer than 1023|such as 52:54:00|" +
		"not bytes in hexadecimal$|: not a domain name$|has room for|do not fit|a byte must not")
	idn       = regexp.MustCompile("^(domain|.*(host|record|name|zone|target|domain))=.*[A-Z]") // capitals wake it
	leftToDNS = regexp.MustCompile("multiple names|Name or service not known|CNAME|bad interface name|no search directive|LUASCRIPT|only one resolv.conf")
)
