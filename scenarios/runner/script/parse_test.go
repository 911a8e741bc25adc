package script

import (
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/emulator/link"
)

const whole = `# A scenario with every verb.
lan     192.168.9.0/24 house=192.168.9.1 server=192.168.9.2
server  dnsmasq.conf
content /tftpboot small omit=a.c32 omit=b.c32 truncate=linux:1K scale=1M
image   /media/x.iso ./tree
guest   pc firmware=ipxe-bios nic=virtio machine=q35 mac=52:54:00:12:34:56 ip=192.168.9.100 mem=2G uuid=00112233-4455-6677-8899-aabbccddeeff serial=SN42 disk=1G idle=e1000,rtl8139 boot=default
house   ra=off siaddr=192.168.9.1 delay=1s
house   192.168.9.3 proxy=on file=evil.0 option=43:0x060108 option=66:192.168.9.3
fault   server drop=69
[sim] fault wire loss=2% duplicate=0.01 reorder=1% delay=2ms
[sim] fault wire loss=1% burst=3 corrupt=1% jitter=1ms bandwidth=10M mtu=1400
fault   server offer=3s error=linux:64K oack=windowsize:16 read=20ms
fault   server strip=60 answer=68 http=302:http://192.168.9.77/ type=text/plain
fault   server answer=192.168.9.7
fault   cut pc house after=1s for=2s
expect  pc offer pxelinux.0 from=server siaddr=192.168.9.2 within=3s
key     pc ret
reset   pc
[tap] poweroff pc
[tap] cut pc
[tap] plug pc
[qemu] screen pc 'Press F8'
[real] host link down eth0
[real] host addr add eth0 192.168.9.3/24
[real] host mv /tftpboot/a /tftpboot/b
[real] host reload
[!qemu] expect pc handoff linux
[real] [server:ours] expect pc console 'a = b'
! expect pc error
expect  pc retries<=3
golden  pc x.golden
[!qemu] cmp pc.modules want
fails   'expect pc handoff linux' cause='no kernel'
[tap] skip 'not here'
-- dnsmasq.conf --
port=0
-- want --
`

func TestEveryVerbIsRead(t *testing.T) {
	f, err := Parse("whole.txtar", []byte(strings.Replace(whole, "fails   ", "[sim] fails ", 1)))
	if err != nil {
		t.Fatal(err)
	}
	mac, _ := net.ParseMAC("52:54:00:12:34:56")
	addr := netip.MustParseAddr
	want := []any{
		Lan{"", netip.MustParsePrefix("192.168.9.0/24"), addr("192.168.9.1"), addr("192.168.9.2")},
		Server{Config: "dnsmasq.conf"},
		Content{"/tftpboot", false, "small", "", []string{"a.c32", "b.c32"}, map[string]int64{"linux": 1024}, 1 << 20},
		Content{"/media/x.iso", true, "", "./tree", nil, map[string]int64{}, 0},
		Guest{"pc", "ipxe-bios", "virtio", "q35", mac, addr("192.168.9.100"),
			[16]byte{0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}, 2 << 30, "", Knobs{"SN42", 1 << 30, []string{"e1000", "rtl8139"}, true}},
		House{NoRA: true, SIAddr: addr("192.168.9.1"), Delay: time.Second},
		House{Addr: addr("192.168.9.3"), Proxy: true, File: "evil.0", Options: map[uint8][]byte{43: {6, 1, 8}, 66: []byte("192.168.9.3")}},
		Fault{Drop: 69},
		Fault{Wire: link.Faults{Loss: 0.02, Duplicate: 0.01, Reorder: 0.01, Delay: 2 * time.Millisecond}},
		Fault{Wire: link.Faults{Loss: 0.01, Burst: 3, Corrupt: 0.01, Jitter: time.Millisecond, Bandwidth: 10_000_000, MTU: 1400}},
		Fault{Offers: []time.Duration{3 * time.Second}, Error: "linux", ErrorAt: 64 << 10, Option: "windowsize", Value: "16", Read: 20 * time.Millisecond},
		Fault{Strip: 60, Port: 68, Status: 302, URL: "http://192.168.9.77/", Type: "text/plain"},
		Fault{From: addr("192.168.9.7")},
		Fault{Cut: Cut{"pc", "house", time.Second, 2 * time.Second}},
		Expect{"pc", "offer", "pxelinux.0", nil, "server", []Field{{"siaddr", "192.168.9.2"}}, 3 * time.Second, 0},
		Act{"pc", Press, "ret"},
		Act{"pc", Reset, ""},
		Act{"pc", PowerOff, ""},
		Act{"pc", Unplug, ""},
		Act{"pc", Plug, ""},
		Screen{"pc", regexp.MustCompile("Press F8")},
		Host{Do: LinkDown, Card: "eth0"},
		Host{Do: AddrAdd, Card: "eth0", Addr: netip.MustParsePrefix("192.168.9.3/24")},
		Host{Do: Move, From: "/tftpboot/a", To: "/tftpboot/b"},
		Host{Do: Reload},
		Expect{"pc", "handoff", "", nil, "", []Field{{"kind", "linux"}}, 0, 0},
		Expect{"pc", "console", "", regexp.MustCompile("a = b"), "", nil, 0, 0},
		Expect{"pc", "error", "", nil, "", nil, 0, 0},
		Count{"pc", "retries", 3},
		Golden{"pc", "x.golden"},
		Cmp{"pc", "modules", "want"},
		Fails{"expect pc handoff linux", regexp.MustCompile("no kernel")},
		Skip{"not here"},
	}
	var got []any
	verbs := map[string]bool{"relay": true} // which wants two lans: lans_test.go has it
	for _, s := range f.Steps {
		got = append(got, s.Statement)
		verbs[strings.TrimLeft(strings.Fields(s.Text)[0], "! ")] = true
	}
	for _, v := range Verbs() {
		if !verbs[v.Name] {
			t.Errorf("%s is not in it", v.Name)
		}
	}
	same := []cmp.Option{
		cmp.Comparer(func(a, b netip.Addr) bool { return a == b }),
		cmp.Comparer(func(a, b netip.Prefix) bool { return a == b }),
		cmp.Comparer(func(a, b *regexp.Regexp) bool { return a == b || a != nil && b != nil && a.String() == b.String() }),
	}
	if diff := cmp.Diff(want, got, same...); diff != "" {
		t.Errorf("statements (-want +got):\n%s", diff)
	}
}

func TestAPlanHoldsWhatItsEnvironmentAsksFor(t *testing.T) {
	f, err := Parse("whole.txtar", []byte(strings.Replace(whole, "fails   ", "[sim] fails ", 1)))
	if err != nil {
		t.Fatal(err)
	}
	for env, want := range map[Env][]string{
		{"sim", "ours"}:    {"expect pc offer pxelinux.0 from=server siaddr=192.168.9.2 within=3s", "key pc ret", "reset pc", "expect pc handoff linux", "! expect pc error", "expect pc retries<=3", "golden pc x.golden", "cmp pc.modules want"},
		{"qemu", "ours"}:   {"expect pc offer pxelinux.0 from=server siaddr=192.168.9.2 within=3s", "key pc ret", "reset pc", `screen pc 'Press F8'`, "host link down eth0", "host addr add eth0 192.168.9.3/24", "host mv /tftpboot/a /tftpboot/b", "host reload", "expect pc console 'a = b'", "! expect pc error", "expect pc retries<=3", "golden pc x.golden"},
		{"tap", "dnsmasq"}: {"expect pc offer pxelinux.0 from=server siaddr=192.168.9.2 within=3s", "key pc ret", "reset pc", "poweroff pc", "cut pc", "plug pc", "host link down eth0", "host addr add eth0 192.168.9.3/24", "host mv /tftpboot/a /tftpboot/b", "host reload", "expect pc handoff linux", "! expect pc error", "expect pc retries<=3", "golden pc x.golden", "cmp pc.modules want"},
	} {
		p := f.Plan(env)
		var got []string
		for _, s := range p.Steps {
			got = append(got, s.Text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("steps in %v (-want +got):\n%s", env, diff)
		}
		if (env.World == "tap") != (p.Skip == "not here") {
			t.Errorf("in %v the scenario is skipped for %q", env, p.Skip)
		}
		if faults := len(p.Faults); (env.World == "sim") != (faults == 7) {
			t.Errorf("%d faults in %v", faults, env)
		}
	}
}

func TestAllMistakesAreReportedAtOnce(t *testing.T) {
	const src = `lan 192.168.9.0/24 house=192.168.8.1 server=nowhere
server missing.conf
content tftpboot small truncate=linux
guest pc firmware=ipxe-bios mac=52:54 ip=10.0.0.1 uuid=12 lan=b boot=disk
[nowhere] key pc ret
frobnicate
expect pc got a b
expect pd got a
expect pc gto a
expect pc console '('
expect pc retries<=many
! golden pc x.golden
golden pc ../x
cmp pc.memory want
house ra=maybe
fault moon drop=1
fault server
fails 'expect pc got z'
relay a b
expect pc got a stage=2
expect pc offer flie=x from=moon
host link sideways eth0
host addr add eth0 192.168.9.3
host mv ../a b
host mv /a b
host dance
expect 'pc
`
	_, err := Parse("bad.txtar", []byte(src))
	want := `bad.txtar:1: lan: server=nowhere is not an IPv4 address
bad.txtar:1: lan: house=192.168.8.1 is not in 192.168.9.0/24
bad.txtar:2: the archive has no file "missing.conf"
bad.txtar:3: content: "tftpboot" is not a clean absolute path such as /tftpboot
bad.txtar:3: content: truncate=linux is not NAME:SIZE
bad.txtar:4: guest: mac=52:54 is not a MAC address such as 52:54:00:12:34:56
bad.txtar:4: guest: uuid=12 is not a UUID
bad.txtar:4: guest: boot=disk is not default, the firmware's own order
bad.txtar:5: bad condition [nowhere]: unknown condition [nowhere]; there are [sim] [tap] [qemu] [real] [server:ours] [server:dnsmasq] [server:other], each with ! before it
bad.txtar:6: unknown verb "frobnicate"; there are lan, relay, server, content, image, guest, house, fault, key, reset, poweroff, cut, plug, screen, host, expect, golden, cmp, fails, skip
bad.txtar:7: expect: unexpected word "b"
bad.txtar:9: expect: unknown kind of fact "gto"; there are KINDS
bad.txtar:10: expect: text "(" is not a pattern: error parsing regexp: missing closing ): ` + "`(`" + `
bad.txtar:11: expect: "many" is not a number
bad.txtar:12: golden: ! cannot stand before it
bad.txtar:13: golden: "../x" is not a name beside the scenario, or below, such as ubuntu.golden
bad.txtar:14: cmp: "pc.memory" cannot be compared: GUEST.modules can
bad.txtar:15: house: ra=maybe is neither on nor off
bad.txtar:16: fault: a fault is server, wire or cut, not "moon"
bad.txtar:16: fault: unknown option drop=
bad.txtar:17: fault: it says no fault: server has drop=, siaddr=, offer=, error=, oack=, read=, strip=, answer=, http= and type=, wire loss=, burst=, duplicate=, reorder=, corrupt=, delay=, jitter=, bandwidth= and mtu=
bad.txtar:18: fails: cause= is missing
bad.txtar:20: expect: stage=2 is not yet runnable
bad.txtar:21: expect: from=moon is neither house nor server nor an address
bad.txtar:21: expect: unknown field flie=; there are FIELDS
bad.txtar:22: host: "link sideways" is neither link up, link down, addr add nor addr del
bad.txtar:23: host: "192.168.9.3" is not an address in its network, such as 192.168.9.3/24
bad.txtar:24: host: "../a" is neither a clean absolute path nor a file beside the configuration
bad.txtar:25: host: one name is absolute, and the other is beside the configuration
bad.txtar:26: host: "dance" is not one of link, addr, mv, truncate, reload, kill and start
bad.txtar:27: a quote is opened and never closed`
	want = strings.Replace(want, "KINDS", strings.Join(kindNames(), " "), 1)
	want = strings.Replace(want, "FIELDS", strings.Join(fields, " "), 1)
	if err == nil {
		t.Fatal("no mistake was found")
	}
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(err.Error(), "\n")); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}

func TestLinesThatDoNotFitTogetherAreMistakes(t *testing.T) {
	const good = "lan 10.0.0.0/8 house=10.0.0.1 server=10.0.0.2\nserver\nguest pc firmware=ipxe-bios mac=52:54:00:12:34:56 ip=10.0.0.9\n"
	const two = "lan a 10.0.0.0/8 house=10.0.0.1 server=10.0.0.2\nlan b 11.0.0.0/8\nserver\nguest pc firmware=ipxe-bios mac=52:54:00:12:34:56 ip=10.0.0.9 lan=a\n"
	const noName = "it has no name, as lans must have where there are several"
	for name, c := range map[string]struct{ src, want string }{
		"no lan":                          {"server\n", "x:1: there is no lan line"},
		"two lans of one name":            {two + "lan a 11.0.0.0/8\n", "x:5: lan a is there twice"},
		"two lans without names":          {good + "lan 11.0.0.0/8\n", "x:1: " + noName + "\nx:4: lan is there twice\nx:4: " + noName},
		"a guest on no lan":               {two + "guest pd firmware=ipxe-bios mac=52:54:00:12:34:57 ip=10.0.0.8\n", "x:5: lan= is missing: there are several"},
		"a guest on another lan":          {two + "guest pd firmware=ipxe-bios mac=52:54:00:12:34:57 ip=10.0.0.8 lan=c\n", `x:5: there is no lan "c" here`},
		"a relay to nowhere":              {two + "relay b c\n", `x:5: there is no lan "c" here`},
		"a relay from a lan to itself":    {two + "relay b b\n", "x:5: a relay stands between two lans"},
		"a server that stands nowhere":    {"lan 10.0.0.0/8 house=10.0.0.1\nserver\n", "x:1: server= is missing: the server under test stands nowhere"},
		"a card that is not there":        {good + "host link up eth1\n", "x:4: the server has no card eth1: it has one, from eth0 on, for each lan that says server="},
		"a tree in the root is moved":     {good + "content /a small\nhost mv /a /b\n", "x:5: /a is not below the path of a content line, nor beside one: a tree that is moved lies in a directory, as /srv/tftp does in /srv\nx:5: /b is not below the path of a content line, nor beside one: a tree that is moved lies in a directory, as /srv/tftp does in /srv"},
		"the same guest twice":            {good + "guest pc firmware=ipxe-bios mac=52:54:00:12:34:57 ip=10.0.0.8\n", "x:4: guest pc is there twice"},
		"a guest that is not there":       {good + "expect pd error\n", `x:4: there is no guest "pd" here`},
		"an address of another network":   {good + "guest pd firmware=ipxe-bios mac=52:54:00:12:34:57 ip=11.0.0.8\n", "x:4: ip=11.0.0.8 is not in 10.0.0.0/8"},
		"a house of another network":      {good + "house 11.0.0.9\n", "x:4: 11.0.0.9 is on no lan here"},
		"a house in the server's place":   {good + "house 10.0.0.2\n", "x:4: 10.0.0.2 is another host's address"},
		"two further houses in one place": {good + "house 10.0.0.3\nhouse 10.0.0.3\n", "x:5: house 10.0.0.3 is there twice"},
		"an option without a value":       {good + "house option=67:\n", "x:4: house: option=67: is not CODE:TEXT nor CODE:0xHEX"},
		"an option that is no number":     {good + "house option=43:0x6\n", "x:4: house: option=43:0x6 is not CODE:TEXT nor CODE:0xHEX"},
		"another message type":            {good + "house option=53:0x05\n", "x:4: house: option=53:0x05: type and server of its messages are the house's affair"},
		"a cut of a host that is absent":  {good + "fault cut pd house\n", `x:4: "pd" is neither house nor server nor a guest here`},
		"an OFFER that is neither":        {good + "fault server offer=thrice\n", "x:4: fault: offer=thrice is neither never nor twice nor how late it comes, such as 3s"},
		"an ERROR nowhere":                {good + "fault server error=linux\n", `x:4: fault: error=linux: "" is not a size such as 512, 64K, 1M or 2G`},
		"an MTU that no host has":         {good + "fault wire mtu=500\n", "x:4: fault: mtu=500 is not a number from 576 on"},
		"bursts of no losses":             {good + "fault wire burst=3\n", "x:4: fault: burst=3 is how many frames are lost in a row: loss= says how many of all"},
		"fails that names no step":        {good + "fails 'expect pc got a' cause=b\n", `x:4: 0 steps read "expect pc got a"; fails names exactly one`},
		"a step only other worlds have":   {good + "[sim] expect pc got a\n[tap] fails 'expect pc got a' cause=b\n", `x:5: 0 steps read "expect pc got a"; fails names exactly one`},
		"a path that nothing is at":       {good + "[sim] server /media/x.iso\n", "x:4: server is there twice\nx:4: no content or image line puts anything at /media/x.iso"},
		"answers that nothing is at":      {"lan 10.0.0.0/8 house=10.0.0.1 server=10.0.0.2\ncontent /x small\nserver /x seed=/y\n", "x:3: no content or image line puts anything at /y"},
		"an image that is a directory":    {good + "image /x.iso small\ncontent /x.iso small\n", "x:4: /x.iso is an image and a directory\nx:5: /x.iso is an image and a directory"},
		"an image of no kind":             {good + "image /x.img small\n", "x:4: image: /x.img ends in none of .iso .tar.gz, which say what to make"},
		"a path after a configuration":    {"lan 10.0.0.0/8 house=10.0.0.1 server=10.0.0.2\ncontent /x small\nserver /x d.conf\n", `x:3: server: unexpected word "d.conf"`},
		"cmp with a file that is absent":  {good + "cmp pc.modules want\n", `x:4: the archive has no file "want"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("x", []byte(c.src))
			if err == nil || err.Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestAServerIsGivenPaths(t *testing.T) {
	const lab = "lan 10.0.0.0/8 house=10.0.0.1 server=10.0.0.2\ncontent /over\nimage /media/x.iso small\n" +
		"content /answers\nserver /over /media/x.iso http=80 seed=/answers\n-- /answers/ks.cfg --\n-- /over/a --\n-- /media/x.iso/b --\n"
	f, err := Parse("x", []byte(lab))
	if err != nil {
		t.Fatal(err)
	}
	p := f.Plan(Env{World: "sim", Server: "ours"})
	if diff := cmp.Diff(Server{Paths: []string{"/over", "/media/x.iso"}, Seed: "/answers", HTTP: 80}, p.Server); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestGoldenFilesAreNamedForTheServer(t *testing.T) {
	if got := (Golden{File: "ubuntu.golden"}).For("dnsmasq"); got != "ubuntu.dnsmasq.golden" {
		t.Errorf("got %s", got)
	}
}

func TestHelpAndTableNameEveryVerb(t *testing.T) {
	var help, table strings.Builder
	if err := WriteHelp(&help); err != nil {
		t.Fatal(err)
	}
	if err := WriteTable(&table); err != nil {
		t.Fatal(err)
	}
	for _, v := range Verbs() {
		for _, text := range []string{help.String(), table.String()} {
			if !strings.Contains(text, v.Name+" ") {
				t.Errorf("%s is not in\n%s", v.Name, text)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte("[sim] ! expect pc got 'a b' from=server\n-- x --\n"))
	f.Add([]byte("content /a b truncate=x:99999999999G\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		file, err := Parse("fuzz", src)
		if err != nil {
			return
		}
		for _, s := range file.Steps {
			ws, err := words(s.Text)
			if err != nil || join(ws) != s.Text {
				t.Errorf("line %d reads back as %q, was %q: %v", s.Line, join(ws), s.Text, err)
			}
		}
	})
}

func TestAScenarioHasAnEnd(t *testing.T) {
	_, err := Parse("x", []byte(strings.Repeat("key pc ret\n", maxLines+1)))
	if want := "x:5001: a scenario has at most 5000 lines, and this one 5001"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestWhatNobodyCanSeeIsAMistakeInThatWorldOnly(t *testing.T) {
	const lab = "lan 10.0.0.0/8 house=10.0.0.1 server=10.0.0.2\nserver\nguest pc firmware=ipxe-bios mac=52:54:00:12:34:56 ip=10.0.0.9\n"
	for step, blind := range map[string][]Env{
		"expect pc got a":               nil,
		"host addr del eth0 10.0.0.2/8": {{"sim", "ours"}},
		"host truncate /a/b 1K":         nil,
		"host kill":                     nil,
		"expect pc handoff":             {{"qemu", "ours"}, {"qemu", "dnsmasq"}},
		"! expect pc stage 'x'":         {{"qemu", "ours"}, {"qemu", "dnsmasq"}},
		"expect pc http-request /x":     nil,
		"expect pc ignore 'no arch'":    {{"tap", "dnsmasq"}, {"qemu", "dnsmasq"}},
		"cmp pc.modules want":           {{"qemu", "ours"}, {"qemu", "dnsmasq"}},
		"[qemu] expect pc console 'x'":  nil,
	} {
		f, err := Parse("x", []byte(lab+step+"\n-- want --\n"))
		if err != nil && !strings.Contains(err.Error(), "nothing uses the file") {
			t.Fatal(err)
		}
		var got []Env
		for _, env := range []Env{{"sim", "ours"}, {"tap", "ours"}, {"qemu", "ours"}, {"tap", "dnsmasq"}, {"qemu", "dnsmasq"}} {
			if len(f.Blind(f.Plan(env))) > 0 {
				got = append(got, env)
			}
		}
		byName := func(a, b Env) int { return strings.Compare(a.Server+a.World, b.Server+b.World) }
		slices.SortFunc(got, byName)
		slices.SortFunc(blind, byName)
		if diff := cmp.Diff(blind, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step, diff)
		}
	}
}

func TestAFileThatNothingUsesIsAMistakeAtItsLine(t *testing.T) {
	const head = "lan 10.0.0.0/8 house=10.0.0.1 server=10.0.0.2\nserver d.conf\ncontent /srv small\n" +
		"guest pc firmware=ipxe-bios mac=52:54:00:12:34:56 ip=10.0.0.9\ngolden pc g.golden\n-- d.conf --\ndhcp-hostsfile=/lab/hosts\n"
	for name, want := range map[string]string{
		"hosts":               "",
		"/srv/pxelinux.cfg/x": "",
		"g.ours.golden":       "",
		"g.other.golden":      "",
		"/srv2/x":             `x:8: nothing uses the file "/srv2/x": it is below the path of no content line, no configuration, and none names it`,
		"D.conf":              `x:8: nothing uses the file "D.conf": it is below the path of no content line, no configuration, and none names it`,
	} {
		_, err := Parse("x", []byte(head+"-- "+name+" --\ntext\n"))
		if got := fmt.Sprint(err); got != want && (err != nil || want != "") {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// A verb that is read and then means nothing would pass whatever happens.
func TestAStatementThatNothingActsOnIsAMistake(t *testing.T) {
	f, err := Parse("x", []byte("lan 10.0.0.0/8 server=10.0.0.2\nserver\n"))
	if err != nil {
		t.Fatal(err)
	}
	f.Steps = append(f.Steps, Step{Line: 3, Text: "dance", Statement: struct{}{}})
	_, mistakes := f.plan(Env{"sim", "ours"})
	want := []Mistake{{"x", 3, `nothing acts on "dance": this program has an error`}}
	if diff := cmp.Diff(want, mistakes); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}
