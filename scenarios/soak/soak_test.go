package soak

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bootrig/bootrig/emulator"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/emulator/tap"
	"github.com/bootrig/bootrig/emulator/tap/taptest"
	"github.com/bootrig/bootrig/server/embedded"
)

func TestMain(m *testing.M) {
	taptest.Child(m)
	m.Run()
}

const (
	durationVar = "BOOTRIG_SOAK"        // how long it takes; make soak sets it
	binaryVar   = "BOOTRIG_SOAK_BINARY" // the program, which the test builds before it enters its namespaces
)

const conf = `port=0
dhcp-range=192.168.16.0,192.168.31.255,2m
no-ping
dhcp-match=set:efi,option:client-arch,7
dhcp-match=set:efi,option:client-arch,9
dhcp-boot=bootrig.0
dhcp-boot=tag:efi,bootrig-x64.efi
enable-tftp
tftp-root=/soak/tree
`

var (
	server   = netip.MustParsePrefix("192.168.9.2/16")
	attacker = netip.MustParsePrefix("192.168.9.3/16")
	reader   = netip.MustParsePrefix("192.168.9.4/16")
)

func TestSoak(t *testing.T) {
	if tap.Available() == nil && os.Getenv(binaryVar) == "" {
		t.Setenv(binaryVar, build(t))
	}
	taptest.Run(t, func(t *testing.T) {
		for name, r := range map[string]rules{
			"as many files as it wants": {4096, time.Second / 10},
			"64 files":                  {64, 5 * time.Second},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				soak(t, r, duration(t))
			})
		}
	})
}

// rules are what is different from server to server.
type rules struct {
	files int // that it may have open

	// abandon is how often a download is. Whoever has acknowledged a block has its place for 30 s of silence, and
	// with 64 files there are 18.
	abandon time.Duration
}

func duration(t *testing.T) time.Duration {
	text := os.Getenv(durationVar)
	if text == "" {
		return 20 * time.Second
	}
	d, err := time.ParseDuration(text)
	must(t, err)
	return d
}

// build makes the program.
func build(t *testing.T) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "bootrig")
	if out, err := exec.Command("go", "build", "-o", to, "github.com/bootrig/bootrig/cmd/bootrig").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return to
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A scene is a server and all who are at it.
type scene struct {
	*testing.T
	lab     *tap.Lab
	seen    *watched
	content []byte // of the file that is fetched by HTTP

	ends ends // how the server says that downloads of the machines ended

	boots, again, fetches atomic.Int64
	mu                    sync.Mutex
	failed                []string
}

// fail remembers what a healthy machine suffered.
func (s *scene) fail(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed = append(s.failed, fmt.Sprintf(format, args...)); len(s.failed) <= 10 {
		s.Errorf("%v: %s", time.Now().Format(time.TimeOnly), s.failed[len(s.failed)-1])
	}
}

func soak(t *testing.T, r rules, length time.Duration) {
	lab, err := tap.NewLab(emulator.LabConfig{LAN: server.Masked(), NoHouse: true})
	must(t, err)
	defer lab.Close()
	every := min(max(length/20, time.Second), time.Minute)
	s := &scene{T: t, lab: lab}
	dir, state := s.tree(), fmt.Sprintf("/soak/state/%d.db", r.files)
	host := s.host("server", server, tap.HostSpec{
		Argv:   []string{"sh", "-c", fmt.Sprintf("ulimit -n %d; exec /soak/bootrig serve -C /soak/dnsmasq.conf -i eth0 --http 80 --state %s", r.files, state)},
		Env:    []string{fmt.Sprintf("GODEBUG=scheddetail=1,schedtrace=%d", every.Milliseconds()/2)},
		Binds:  []tap.Bind{{Host: dir, Inside: "/soak"}, {Host: os.Getenv(binaryVar), Inside: "/soak/bootrig", ReadOnly: true}},
		Grace:  20 * time.Second, // a machine that does all this is busy, and downloads by HTTP are given 3 s
		Stdout: &s.ends, Stderr: &goroutines{},
	})
	_, err = host.Expect(t.Context(), regexp.MustCompile(` ready: `))
	must(t, err)

	ctx, cancel := context.WithTimeout(t.Context(), length)
	defer cancel()
	var all sync.WaitGroup
	for n := range machines {
		all.Go(func() { s.boot(ctx, n) })
	}
	from := s.host("reader", reader, tap.HostSpec{})
	all.Go(func() { s.fetch(ctx, from) })
	s.attack(ctx, &all, s.host("attacker", attacker, tap.HostSpec{}), r)
	s.watch(ctx, every, state)
	all.Wait()
	t.Logf("in %v with %d files: %d machines booted, %d of them not at once, %d files were fetched by HTTP, %d failed\n%s\n%s",
		length, r.files, s.boots.Load(), s.again.Load(), s.fetches.Load(), len(s.failed), s.seen, &s.ends)
	s.judge()
	if s.boots.Load() == 0 || s.fetches.Load() == 0 {
		t.Error("nothing was served")
	}
	if s.again.Load() > max(s.boots.Load()/100, 2) {
		t.Errorf("%d of %d machines had to be switched on again", s.again.Load(), s.boots.Load())
	}
	if err := host.Stop(); err != nil {
		t.Errorf("the server ended: %v\n%s", err, host.Tail(20))
	}
}

// tree is what the server's root shows.
func (s *scene) tree() (dir string) {
	s.Helper()
	dir = s.TempDir()
	s.content = make([]byte, 1<<20)
	for i := range s.content {
		s.content[i] = byte(i * i >> 7)
	}
	files := map[string][]byte{"dnsmasq.conf": []byte(conf), "tree/big": s.content, "bootrig": nil, "state/here": nil}
	for _, name := range []string{"bootrig.0", "bootrig-x64.efi"} {
		program, err := embedded.Read(name)
		must(s.T, err)
		files["tree/"+name] = program
	}
	for name, content := range files {
		at := filepath.Join(dir, name)
		must(s.T, os.MkdirAll(filepath.Dir(at), 0o755))
		must(s.T, os.WriteFile(at, content, 0o644))
	}
	return dir
}

func (s *scene) host(name string, addr netip.Prefix, spec tap.HostSpec) *tap.Host {
	s.Helper()
	last := addr.Addr().As4()[3]
	spec.Name, spec.NICs = name, []tap.NIC{{MAC: net.HardwareAddr{0x52, 0x54, 0, 1, 0, last}, Prefix: addr}}
	h, err := s.lab.Host(spec)
	must(s.T, err)
	if g, ok := spec.Stderr.(*goroutines); ok {
		s.seen = &watched{running: g}
	}
	return h
}

// machines are how many boot at a time. They take 3 to 12 seconds, for which ROMs wait for offers.
const machines = 12

// patience is how long a machine may take that boots while all that goes on, and how long a download may stand still.
const patience = time.Minute

// tries is how often a machine is switched on until it counts as one that does not boot. Firmware has no more patience
// than it has, and shares two processors with the server, the enemies and whatever else runs here.
const tries = 3

// boot boots one machine after the other, of every firmware.
func (s *scene) boot(ctx context.Context, n int) {
	profiles := slices.DeleteFunc(rom.Profiles(), func(p rom.Profile) bool { return p.HTTP.Boot })
	for i := 0; ctx.Err() == nil; i++ {
		firmware := profiles[(n+i)%len(profiles)]
		err := s.switchOn(ctx, n, i, firmware)
		for try := 1; err != nil && try < tries && ctx.Err() == nil; try++ {
			s.again.Add(1)
			err = s.switchOn(ctx, n, i, firmware)
		}
		switch {
		case err == nil:
			s.boots.Add(1)
		case ctx.Err() == nil:
			s.fail("a machine with %s did not boot, tried %d times: %v", firmware.Name, tries, err)
		}
		pause(ctx, 200*time.Millisecond)
	}
}

func (s *scene) switchOn(ctx context.Context, n, i int, firmware rom.Profile) error {
	patient, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err := s.lab.Boot(patient, emulator.GuestConfig{
		Name: fmt.Sprintf("pc%d", n), Profile: firmware, MAC: net.HardwareAddr{0x52, 0x54, 0, 2, byte(n), byte(i % 4)}, Seed: uint64(i),
	})
	return err
}

// in dials from a host.
func in(h *tap.Host) func(ctx context.Context, network, addr string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (c net.Conn, err error) {
		failed := h.In(func() error {
			c, err = (&net.Dialer{Timeout: 10 * time.Second}).DialContext(ctx, network, addr)
			return err
		})
		return c, failed
	}
}

// pause waits, with a little chance in it, so that nobody keeps time with anybody.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d/2 + rand.N(d)):
	}
}
