package machines

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/bootrig/bootrig/wire/event"
)

// A bench has one machine, and says in words what happens to it and to its server.
type bench struct {
	t      *testing.T
	book   *Book
	disk   map[place]string
	broken error
	now    time.Time
	far    bool // what it is given is fetched from others
	told   []string
}

func newBench(t *testing.T) *bench {
	b := &bench{t: t, disk: map[place]string{}, now: start}
	b.restart()
	return b
}

// restart is a server that was killed, and started anew.
func (b *bench) restart() {
	b.book = &Book{Keep: b.keep, Tell: event.Func(func(e event.Event) { b.told = append(b.told, e.Text) })}
	var notes []Note
	for at, text := range b.disk {
		notes = append(notes, Note{at.kind, at.mac, text})
	}
	for _, err := range b.book.Load(notes) {
		b.t.Error(err)
	}
}

func (b *bench) keep(notes []Note) error {
	if b.broken != nil {
		return b.broken
	}
	for _, n := range notes {
		if b.disk[place{n.Kind, n.MAC}] = n.Text; n.Text == "" {
			delete(b.disk, place{n.Kind, n.MAC})
		}
	}
	return nil
}

// askers are who asks for an address, by the words of a story.
var askers = map[string]event.Attributes{
	"rom":      event.Attrs("class", firmware, "arch", "x86PC (0)"),
	"ipxe":     event.Attrs("class", firmware, "arch", "x86PC (0)", "user", "iPXE", "ipxe", "eb03010000"),
	"script":   event.Attrs("class", firmware, "arch", "x86PC (0)", "user", "iPXE", "ipxe", "eb03010000", "had", "192.168.9.100"),
	"undionly": event.Attrs("class", firmware, "arch", "x86PC (0)", "user", "iPXE", "ipxe", "eb03010001"),
	"uefi":     event.Attrs("class", "PXEClient:Arch:00007:UNDI:003001", "arch", "EFI x86-64 (7)"),
	"http":     event.Attrs("class", "HTTPClient:Arch:00016:UNDI:003001", "arch", "EFI x86-64 HTTP (16)"),
	"u-boot":   event.Attrs("class", "U-Boot.armv8", "arch", "ARM 64-bit UEFI (11)"),
	"d-i":      event.Attrs("class", "d-i"),
	"ipconfig": event.Attrs("class", "Linux ipconfig"),
	"system":   "",
	"bootp":    "",
}

// happens has something happen. It says whether the machine, which may have asked, is one for installing.
func (b *bench) happens(word string) (asked, install bool) {
	name, arg, _ := strings.Cut(word, "=")
	fact := func(kind event.Kind, path string) {
		e := event.Event{Time: b.now, Kind: kind, Source: "server", Client: mac, Path: path}
		if kind == event.HTTPResponse {
			e.Code = 200
		}
		b.book.Record(e)
		b.hurry()
	}
	if attrs, asks := askers[name]; asks {
		return true, b.asks(name, attrs)
	}
	switch name {
	case "once":
		b.ok(b.book.Once(mac, []string{"install"}, arg, b.now))
	case "set":
		b.ok(b.book.Set(mac, []string{"install"}))
	case "unset":
		b.ok(b.book.Set(mac, nil))
	case "done":
		b.ok(b.book.Done(mac))
	case "4011":
		return true, len(b.book.Asked(event.Event{Time: b.now, Kind: event.Request, Client: mac})) > 0
	case "get":
		fact(event.RRQ, arg)
		fact(event.Got, arg)
	case "page":
		fact(event.HTTPRequest, arg)
		fact(event.HTTPResponse, arg)
	case "late": // the end of what was under way at a reset
		fact(event.HTTPResponse, arg)
	case "miss":
		fact(event.RRQ, arg)
		fact(event.Miss, arg)
	case "callback":
		fact(event.Installed, "")
	case "elsewhere":
		b.far = true
	case "killed":
		b.restart()
	default:
		d, err := time.ParseDuration(word)
		b.ok(err)
		b.now = b.now.Add(d)
	}
	return false, false
}

func (b *bench) asks(name string, attrs event.Attributes) bool {
	e := event.Event{Time: b.now, Kind: event.Discover, Source: "server", Client: mac, Attrs: attrs}
	if name == "bootp" {
		e.Kind = event.BOOTP
	}
	given := b.book.Asked(e)
	if len(given) > 0 || name != "system" { // else nobody answers it
		b.book.Answered(e, !b.far)
	}
	b.book.Settle(b.now)
	b.book.Record(e)
	_, install := given["install"]
	return install
}

// hurry is what its owner does when it is told to.
func (b *bench) hurry() {
	select {
	case <-b.book.Hurry():
		b.ok(b.book.Save())
	default:
	}
}

func (b *bench) ok(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Error(err)
	}
}

// In a story a + or - says whether who asks is one for installing. A second passes with each word.
func TestAMarkIsForOneBoot(t *testing.T) {
	for name, story := range map[string]string{
		"the next boot, and its disk after":          "rom- get=pxelinux.0 once rom+ get=pxelinux.0 get=linux rom- get=x rom-",
		"nobody who was not marked":                  "rom- get rom-",
		"a machine that was never heard":             "once rom+ get rom-",
		"the whole chain":                            "once rom+ get=undionly.kpxe ipxe+ get=menu.ipxe script+ page=/linux 4011+ d-i+ ipconfig+ rom-",
		"a chain that is begun by an iPXE":           "once ipxe+ get=boot.ipxe script+ page=/linux ipxe-",
		"another iPXE that one loads":                "once ipxe+ get=undionly.kpxe undionly+ page=/linux ipxe-",
		"UEFI":                                       "once uefi+ 4011+ get=grubx64.efi get=linux uefi-",
		"UEFI that tries HTTP after PXE":             "once uefi+ get=a http+ page=/b uefi-",
		"HTTP boot":                                  "once http+ page=/linux http-",
		"a program that calls itself something else": "once u-boot+ get u-boot-",
		"BOOTP": "once bootp+ get bootp-",
		"a ROM that fetched nothing, and tries again":          "once rom+ rom+ rom+ get rom-",
		"one that finds no file":                               "once rom+ miss=x rom+ miss=x 10m rom+ get rom-",
		"one that tries again the next day":                    "once rom+ 24h rom+ get rom-",
		"one that was asking when it was marked":               "rom- 4s once rom+ get rom-",
		"a chain that was under way when it was marked":        "rom- get=undionly.kpxe once ipxe- page=/linux d-i- rom+ get ipxe+ page rom-",
		"one that loads its iPXE when the server starts":       "once ipxe+ page=/linux 10s rom- ",
		"an installer that is silent for half an hour":         "once rom+ get 30m d-i+ get ipconfig+ 30m d-i+ rom-",
		"one that asks when the mark is over":                  "once rom+ get=a rom- get=b 30m d-i- system-",
		"a system that asks before it is rebooted":             "once system- d-i- 24h system- rom+ get rom-",
		"somebody who looks at a menu for long":                "once rom+ get=pxelinux.0 20m ipxe+ get=linux rom-",
		"a boot on the next day":                               "once rom+ get 24h rom-",
		"a ROM that was changed since":                         "once rom+ get 24h ipxe-",
		"a boot while the server was not there":                "once rom+ get killed 5m rom-",
		"a reset in the middle of a file":                      "once rom+ get=linux late=initrd rom- rom-",
		"a file that was under way at the reset that began it": "rom- get once rom+ late=initrd rom+ get rom-",
		"files that are elsewhere":                             "elsewhere once rom+ ipxe+ 2m rom- 2m rom-",
		"a ROM that tries again where files are elsewhere":     "elsewhere once rom+ 4s rom+ 8s rom+ 2m rom-",
		"a server that is killed before the boot":              "once killed rom+ get rom-",
		"a server that is killed in it":                        "once rom+ killed ipxe+ get killed ipxe+ get killed rom- killed rom-",
		"a server that is killed before a file is fetched":     "once rom+ killed rom+ killed get killed rom-",
		"a callback":                            "once rom+ get callback d-i- rom-",
		"a callback of the time before":         "rom- get once callback rom+ get rom-",
		"hand":                                  "once rom+ get done 4011- rom-",
		"hand, before it begins":                "once done rom-",
		"a second mark":                         "once rom+ get rom- get once rom+ get rom-",
		"until a callback, over several boots":  "once=callback rom+ get 10m rom+ get killed 24h rom+ get callback rom-",
		"until a callback, whatever is fetched": "once=callback rom+ get=callback rom+ callback rom-",
		"until a file":                          "once=done.txt rom+ get=linux rom+ get=linux page=/a/done.txt rom- get=linux rom-",
		"until a file, by its whole name":       "once=a/done.txt rom+ get=b/done.txt rom+ get=/a/done.txt rom-",
		"until a file, as Windows names it":     `once=Boot\BCD rom+ get=\Boot\BCD rom-`,
		"until a file, whoever calls back":      "once=done.txt rom+ callback rom+ get=done.txt rom-",
		"a file that is not there":              "once=done.txt rom+ miss=done.txt rom+ get=done.txt rom-",
		"for good":                              "set rom+ get rom+ system+ d-i+ killed rom+ get callback rom+ unset rom- killed rom-",
		"for good, and once":                    "set once rom+ get rom+ unset rom- ",
	} {
		b := newBench(t)
		for i, word := range strings.Fields(story) {
			b.now = b.now.Add(time.Second)
			want := strings.HasSuffix(word, "+")
			asked, install := b.happens(strings.TrimRight(word, "+-"))
			if install != want || asked != (want || strings.HasSuffix(word, "-")) {
				t.Errorf("%s: %s, the word %d of %q: it is one for installing: %v", name, word, i+1, story, install)
			}
		}
	}
}

func TestWhatBecomesOfAMarkIsTold(t *testing.T) {
	b := newBench(t)
	for _, word := range strings.Fields("once rom get rom once=x rom get=y/x once rom callback") {
		b.now = b.now.Add(time.Second)
		b.happens(word)
	}
	want := []string{"install begins", "install is over: its next boot began", "install begins", "install is over: y/x was fetched",
		"install begins", "install is over: its installer called back"}
	if diff := cmp.Diff(want, b.told); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAMarkSaysWhatIsWanted(t *testing.T) {
	for want, story := range map[string]string{
		"install at its next boot":                        "once",
		"install in this boot":                            "once rom get",
		"install at its next boot, until it calls back":   "once=callback",
		"install in this boot, until it fetches done.txt": "once=done.txt rom",
		"install":                           "set",
		"install; install at its next boot": "set once",
		"":                                  "once done",
	} {
		b := newBench(t)
		b.happens("rom")
		for _, word := range strings.Fields(story) {
			b.now = b.now.Add(2 * time.Minute)
			b.happens(word)
		}
		got := ""
		if m := b.book.Machines()[0].Mark; m != nil {
			got = m.String()
		}
		if got != want {
			t.Errorf("after %q it is %q, want %q", story, got, want)
		}
	}
}

// What cannot be kept is refused, if somebody would be given more by it.
func TestAMarkThatCannotBeKept(t *testing.T) {
	full := errors.New("the disk is full")
	b := newBench(t)
	b.happens("once")
	b.broken = full
	if err := b.book.Set(mac, []string{"rescue"}); !errors.Is(err, full) {
		t.Errorf("set: %v", err)
	}
	if got := b.book.Machines()[0].Mark.String(); got != "install at its next boot" {
		t.Errorf("it is marked %q", got)
	}
	if err := b.book.Done(mac); !errors.Is(err, full) || len(b.book.Machines()) > 0 {
		t.Errorf("done: %v, and it is marked", err)
	}
	b.broken = nil
	b.ok(b.book.Save())
	if len(b.disk) > 0 {
		t.Errorf("kept is %v", b.disk)
	}
}

// A boot that begins while nothing can be kept is kept as soon as that works again.
func TestWhatCouldNotBeKeptIsKeptLater(t *testing.T) {
	b := newBench(t)
	b.happens("once")
	b.broken = errors.New("the disk is full")
	if _, install := b.happens("rom"); !install {
		t.Error("it boots nobody")
	}
	if err := b.book.Save(); err == nil {
		t.Error("it says nothing")
	}
	b.broken = nil
	b.now = b.now.Add(2 * time.Second)
	b.book.Settle(b.now)
	b.restart()
	if got := b.book.Machines()[0].Mark.String(); got != "install in this boot" {
		t.Errorf("kept is %q", got)
	}
}

func TestMarkedMachinesAreNotCrowdedOut(t *testing.T) {
	b := newBench(t)
	for _, word := range []string{"once", "rom", "get"} {
		b.happens(word)
	}
	for n := range bound + 3 {
		b.book.Record(event.Event{Kind: event.Discover, Client: stranger(n), Time: b.now.Add(time.Hour)})
	}
	b.now = b.now.Add(2 * time.Hour)
	if _, install := b.happens("rom"); install {
		t.Error("it was forgotten that it fetched something")
	}
}

func TestWhoWasSilentLongestIsCrowdedOutAfterARestart(t *testing.T) {
	var before, after Book
	before.Keep = func([]Note) error { return nil }
	for n := range bound {
		before.Record(event.Event{Kind: event.Discover, Client: stranger(n), Time: start.Add(time.Duration(n))})
	}
	before.Record(event.Event{Kind: event.Discover, Client: stranger(0), Time: start.Add(bound)})
	notes, _ := before.take(before.waiting(false))
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(notes), func(i, j int) { notes[i], notes[j] = notes[j], notes[i] })
	after.Record(event.Event{Kind: event.Discover, Client: stranger(bound + 1), Time: start.Add(time.Minute)})
	if wrong := after.Load(notes); len(wrong) > 0 {
		t.Fatal(wrong)
	}
	after.Record(event.Event{Kind: event.Discover, Client: stranger(bound), Time: start.Add(time.Hour)})
	var got []string
	for _, m := range after.Machines()[:2] {
		got = append(got, m.MAC)
	}
	if diff := cmp.Diff([]string{stranger(0), stranger(3)}, got); diff != "" {
		t.Errorf("who is left (-want +got):\n%s", diff)
	}
}

func TestMachinesAreKnownAfterARestart(t *testing.T) {
	b := newBench(t)
	for _, word := range []string{"set", "rom", "get=pxelinux.0", "10m"} {
		b.happens(word)
	}
	before := b.book.Machines()
	b.ok(b.book.Save())
	b.restart()
	if diff := cmp.Diff(before, b.book.Machines(), cmp.AllowUnexported(Machine{}, chain{}, asker{}, Once{}), cmpopts.IgnoreFields(Machine{}, "at", "judging", "xid"), cmpopts.IgnoreUnexported(Boot{})); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	if known, err := b.book.Forget(mac); !known || err != nil {
		t.Errorf("forget: %v, %v", known, err)
	}
	b.ok(b.book.Save())
	if len(b.disk) > 0 {
		t.Errorf("kept is %v", b.disk)
	}
}

func TestTags(t *testing.T) {
	for _, tag := range []string{"install", "rack-2", "Ubuntu_24.04"} {
		if err := CheckTag(tag); err != nil {
			t.Error(err)
		}
	}
	for _, tag := range []string{"", "!install", "#x", "-f", "a,b", "a b", "tag:x", "x*", "a\nb", "\x1b[2J"} {
		if err := CheckTag(tag); err == nil {
			t.Errorf("%q is taken for a tag", tag)
		}
	}
}

// Many machines that begin at once are all kept before they are answered, and Save keeps the rest, however many.
func TestManyAreKeptAtOnce(t *testing.T) {
	b := newBench(t)
	asks := func(n int) {
		e := event.Event{Time: b.now, Kind: event.Discover, Client: stranger(n), Attrs: askers["rom"]}
		b.book.Asked(e)
		b.book.Answered(e, true)
		b.book.Record(e)
	}
	for n := range 3 * part {
		b.ok(b.book.Once(stranger(n), []string{"install"}, "", b.now))
		asks(n)
	}
	b.book.Settle(b.now)
	begun := 0
	for at, text := range b.disk {
		if at.kind == markNote && strings.Contains(text, `"began"`) {
			begun++
		}
	}
	if begun != 3*part {
		t.Errorf("%d marks are kept as begun", begun)
	}
	for n := range 2 * part {
		asks(3*part + n)
	}
	b.ok(b.book.Save())
	if n := len(b.disk); n != (3+3+2)*part {
		t.Errorf("%d notes are kept", n)
	}
}
