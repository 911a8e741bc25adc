package server_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"go.uber.org/goleak"

	"github.com/bootrig/bootrig/server"
	"github.com/bootrig/bootrig/server/config"
	"github.com/bootrig/bootrig/server/dhcp"
)

// A life is a lab that changes while its transfers run: stage by stage, and each transfer goes as far as its stage.
type life struct {
	*server.Server
	t       *testing.T
	dir     string
	host    *netlink.Handle // of the server's namespace
	clients netns.NsHandle  // their namespace
	links   []dhcp.Link
	stages  []*stage
}

// A stage begins when it is opened, and is over when every transfer by the link that stays has come so far.
type stage struct {
	open    chan struct{}
	reached sync.WaitGroup
}

const (
	changes   = 50
	perStage  = 2 * 512  // bytes of TFTP
	perStream = 64 << 10 // of HTTP
	transfers = 200
	streams   = 20 // of these by HTTP

	sizeOfFile, sizeOfStream = changes*perStage + 700, changes*perStream + 700
)

// version is what a file holds in one version of the tree: no block of it is that of another version, nor like
// the next.
func version(n, size int) []byte {
	data := make([]byte, 0, size)
	for i := 0; len(data) < size; i++ {
		data = binary.BigEndian.AppendUint32(data, uint32(n)<<24|uint32(i))
	}
	return data[:size]
}

func TestTwoHundredTransfersSurviveChangesFlapsAndReplacedRoots(t *testing.T) {
	defer goleak.VerifyNone(t)
	l := &life{t: t, dir: t.TempDir()}
	for n := range changes + 1 {
		s := &stage{open: make(chan struct{})}
		s.reached.Add(transfers)
		if n > 0 {
			s.reached.Add((transfers+2)/3 - transfers)
		}
		l.stages = append(l.stages, s)
	}
	for n := 1; n <= 4; n++ {
		l.write(fmt.Sprintf("v%d/f", n), version(n, sizeOfFile))
		l.write(fmt.Sprintf("v%d/stream", n), version(n, sizeOfStream))
	}
	l.try(os.Symlink("v1", l.dir+"/root"))
	files := descriptors()
	if err := inNamespace(t, l.live); err != nil {
		t.Error(err)
	}
	if now := descriptors(); len(now) > len(files) {
		t.Errorf("there are files open that were not: before %v, now %v", files, now)
	}
}

// descriptors are the open files of this process.
func descriptors() (all []string) {
	links, _ := filepath.Glob("/proc/self/fd/*")
	for _, link := range links {
		if what, err := os.Readlink(link); err == nil { // not that of the directory itself
			all = append(all, what)
		}
	}
	slices.Sort(all)
	return all
}

func (l *life) try(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Error(err)
	}
}

func (l *life) write(name string, data []byte) {
	path := filepath.Join(l.dir, name)
	l.try(os.MkdirAll(filepath.Dir(path), 0o755))
	l.try(os.WriteFile(path, data, 0o644))
}

// live serves in the namespace of its thread, until all is over.
func (l *life) live() (err error) {
	if l.clients, err = wires(); err != nil {
		return err
	}
	defer l.clients.Close()
	if err := l.settle(); err != nil {
		return err
	}
	if l.host, err = netlink.NewHandle(); err != nil {
		return err
	}
	defer l.host.Close()
	for n := range 3 {
		name := fmt.Sprintf("eth%d", n)
		card, err := l.host.LinkByName(name)
		if err != nil {
			return err
		}
		l.links = append(l.links, dhcp.Link{Name: name, Index: card.Attrs().Index, Prefix: netip.MustParsePrefix(fmt.Sprintf("10.0.%d.2/24", n))})
	}
	if l.Server, err = server.New(l.config(0)); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(l.t.Context())
	over := make(chan struct{})
	go func() {
		defer close(over)
		defer cancel()
		<-l.Ready()
		l.all()
	}()
	err = l.Run(ctx)
	cancel()
	<-over
	return err
}

// settle gives the clients addresses: of unanswered requests one has no more than a share.
func (l *life) settle() error {
	clients, err := netlink.NewHandleAt(l.clients)
	if err != nil {
		return err
	}
	defer clients.Close()
	for n := range 12 {
		card, err := clients.LinkByName(fmt.Sprintf("eth%d", n%3))
		if err != nil {
			return err
		}
		addr, err := netlink.ParseAddr(fmt.Sprintf("10.0.%d.%d/24", n%3, 3+n/3))
		if err != nil {
			return err
		}
		if err := clients.AddrReplace(card, addr); err != nil {
			return err
		}
	}
	return nil
}

// config is the configuration of a stage: each has another machine, and most differ in what sockets there are.
func (l *life) config(n int) server.Config {
	const dhcpOf = "dhcp-range=10.0.0.0,proxy\ndhcp-range=10.0.1.0,proxy\ndhcp-range=10.0.2.0,proxy\ndhcp-boot=a.0\n"
	conf := fmt.Sprintf("dhcp-host=52:54:00:00:00:%02x,ignore\n", n)
	web := config.HTTP{Port: 80, Rule: "--http"}
	tftp := "enable-tftp\ntftp-root=" + l.dir + "/root\n"
	switch n % 10 {
	case 1:
		tftp += "tftp-port-range=28000,28009\n"
	case 2:
		tftp += "tftp-single-port\n"
	case 3:
		tftp += "tftp-max=10\ntftp-no-blocksize\n"
	case 4:
		tftp, web.Dir = "", l.dir+"/root"
	case 5:
		tftp += "tftp-unique-root\ntftp-lowercase\n"
	case 6:
		web.Port = 8080
	case 7:
		web = config.HTTP{}
	case 8:
		conf += "dhcp-range=10.0.0.100,10.0.0.200,255.255.255.0\nno-ping\n"
	case 9:
		tftp += "tftp-port-range=28005,28012\n"
	}
	settings := parse(l.t, dhcpOf+conf+tftp)
	settings.HTTP = web
	return server.Config{Settings: settings, Links: l.links, Waits: true}
}

// all begins the transfers, lets the lab change under them, and looks at what has come.
func (l *life) all() {
	ended := make(chan error, transfers)
	for n := range transfers {
		go func() { ended <- l.transfer(n) }()
	}
	l.stages[0].reached.Wait() // all have begun
	for n := 1; n <= changes; n++ {
		l.flap(n)
		l.replace(n)
		l.try(l.Change(l.config(n)))
		l.look(n)
		close(l.stages[n].open)
		l.stages[n].reached.Wait()
	}
	for range transfers {
		l.try(<-ended)
	}
}

// look asks for what a stage is to serve, and for what it is not to take.
func (l *life) look(n int) {
	web := map[string]string{"10.0.0.2:80": "200 OK", "10.0.0.2:8080": "refused"}
	switch n % 10 {
	case 6:
		web = map[string]string{"10.0.0.2:80": "refused", "10.0.0.2:8080": "200 OK"}
	case 7:
		web = map[string]string{"10.0.0.2:80": "refused"}
	case 9:
		l.is(n, map[int]int{9: 2, 19: 3, 29: 3, 39: 3, 49: 4}[n])
		wrong := l.config(n)
		wrong.Settings.TFTP.Root += "/none"
		if l.Change(wrong) == nil {
			l.t.Errorf("stage %d: a root that is missing is taken", n)
		}
	}
	for at, want := range web {
		if got := fetchFrom(l.clients, at); got != want {
			l.t.Errorf("stage %d: %s says %s, want %s", n, at, got, want)
		}
	}
}

// is wants a transfer that begins now to be of one version.
func (l *life) is(n, want int) {
	got := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := netns.Set(l.clients)
		if err == nil {
			err = fetch("10.0.0.2", "10.0.0.3", want, func(int) {})
		}
		got <- err
	}()
	if err := <-got; err != nil {
		l.t.Errorf("stage %d: %v", n, err)
	}
}

// transfer has one file, the first version, to its end.
func (l *life) transfer(n int) error {
	runtime.LockOSThread() // it ends with us
	link, at := n%3, 0
	done := func() {
		if at == 0 || link == 0 {
			l.stages[at].reached.Done()
		}
		at++
	}
	defer func() {
		for at <= changes { // so that nobody waits for one that failed
			done()
		}
	}()
	per, get := perStage, fetch
	if n%(transfers/streams) == 0 {
		per, get = perStream, stream
	}
	came := func(bytes int) {
		for at <= changes && bytes >= at*per {
			if done(); at <= changes {
				<-l.stages[at].open
			}
		}
	}
	if err := netns.Set(l.clients); err != nil {
		return err
	}
	if err := get(fmt.Sprintf("10.0.%d.2", link), fmt.Sprintf("10.0.%d.%d", link, 3+n/3%4), 1, came); err != nil {
		return fmt.Errorf("transfer %d by eth%d, stage %d: %w", n, link, at, err)
	}
	return nil
}

// fetch has a file by TFTP, block by block; came is told how much there is, and waits as long as it likes.
func fetch(at, from string, want int, came func(bytes int)) error {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.ParseIP(from)})
	if err != nil {
		return err
	}
	defer conn.Close()
	to, last := &net.UDPAddr{IP: net.ParseIP(at), Port: 69}, []byte("\x00\x01f\x00octet\x00")
	var got []byte
	buf := make([]byte, 1000)
	for silent := 0; silent < 600; silent++ {
		_, _ = conn.WriteToUDP(last, to) // the link may be down
		if err := conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
			return err
		}
		n, src, err := conn.ReadFromUDP(buf)
		block := uint16(len(got)/512 + 1)
		switch {
		case err != nil:
			continue
		case n > 4 && buf[1] == 5:
			return fmt.Errorf("after %d bytes: error %d %s", len(got), buf[3], buf[4:n-1])
		case n < 4 || buf[1] != 3 || to.Port != 69 && to.Port != src.Port || binary.BigEndian.Uint16(buf[2:]) != block:
			continue
		}
		silent, to = 0, src
		got = append(got, buf[4:n]...)
		came(len(got))
		last = binary.BigEndian.AppendUint16([]byte{0, 4}, block)
		if n < 4+512 {
			_, _ = conn.WriteToUDP(last, to)
			return same(got, want, sizeOfFile)
		}
	}
	return fmt.Errorf("silence after %d bytes", len(got))
}

// stream has a file by HTTP.
func stream(at, from string, want int, came func(bytes int)) error {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Control: func(_, _ string, raw syscall.RawConn) error {
		return raw.Control(func(fd uintptr) { _ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 64<<10) })
	}}
	conn, err := d.Dial("tcp4", at+":80")
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		return err
	}
	if _, err := io.WriteString(conn, "GET /stream HTTP/1.0\r\n\r\n"); err != nil {
		return err
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var got []byte
	buf := make([]byte, 16<<10)
	for {
		n, err := answer.Body.Read(buf)
		if got = append(got, buf[:n]...); n > 0 {
			came(len(got))
		}
		switch {
		case errors.Is(err, io.EOF):
			return same(got, want, sizeOfStream)
		case err != nil:
			return fmt.Errorf("after %d bytes: %w", len(got), err)
		}
	}
}

func same(got []byte, want, size int) error {
	if all := version(want, size); !bytes.Equal(got, all) {
		at := 0
		for at < min(len(got), len(all)) && got[at] == all[at] {
			at++
		}
		return fmt.Errorf("%d bytes, of %d, are another file's from byte %d on: version %x", len(got), len(all), at, got[at&^3:min(at&^3+1, len(got))])
	}
	return nil
}

// flap takes two of the links away for a while, each at its time.
func (l *life) flap(n int) {
	for i := 1; i <= 2; i++ {
		card, err := l.host.LinkByName(l.links[i].Name)
		if err != nil {
			l.t.Error(err)
			return
		}
		switch phase := (n + i) % 6; {
		case phase == 3 && n < changes-5:
			l.try(l.host.LinkSetDown(card))
		case phase == 0:
			l.try(l.host.LinkSetUp(card))
		default:
			continue
		}
		l.Move(server.Host{Links: l.up()})
	}
}

// up are the links that are.
func (l *life) up() (up []dhcp.Link) {
	for _, link := range l.links {
		card, err := l.host.LinkByName(link.Name)
		l.try(err)
		if err == nil && card.Attrs().Flags&net.FlagUp != 0 {
			up = append(up, link)
		}
	}
	return up
}

// replace puts another tree in the place of the root: a link is turned, a directory moved there, and a link again.
func (l *life) replace(n int) {
	root, is := l.dir+"/root", 0
	switch n {
	case 9:
		l.try(os.Symlink("v2", root+".new"))
		l.try(os.Rename(root+".new", root))
		is = 2
	case 17:
		l.try(os.Remove(root))
		l.try(os.Rename(l.dir+"/v3", root))
		is = 3
	case 46:
		l.try(os.Rename(root, root+".old"))
		l.try(os.Symlink("v4", root))
		is = 4
	}
	if is > 0 {
		l.is(n, is)
	}
}
