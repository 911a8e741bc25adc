package tap

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/bootrig/bootrig/emulator/link"
)

// parent is a program that starts one run, as bootrig does: its own end, or ^C, must end the run.
func parent(context.Context) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT)
	defer stop()
	s, err := Exec(ctx, ChildSpec{
		Env:   []string{roleVar + "=run", quickRace},
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
	})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	s.Wait()
	fmt.Println("the parent ends")
	return 0
}

// longRun is a run with all that could survive it: servers, a daemon that one of them left behind and
// that ignores SIGTERM, a guest on a socket, a temporary file. It obeys what it reads.
func longRun(ctx context.Context) int {
	l := Drive(link.NewLAN(1))
	ended := make(chan error, 1)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { ended <- l.Run(ctx) }()
	if err := populate(ctx, l); err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("up")
	go obey(l, cancel)
	<-ctx.Done()
	fmt.Println(<-ended)
	fmt.Println("the run ends")
	return 0
}

func populate(ctx context.Context, l *Lab) error {
	if _, err := os.CreateTemp("", "bootrig-survivor-"); err != nil {
		return err
	}
	hosts := []HostSpec{self("echo"), self("stubborn")}
	hosts[1].Name, hosts[1].Grace = "stubborn", 10*time.Millisecond
	hosts[1].NICs = []NIC{{MAC: net.HardwareAddr{0x52, 0x54, 0, 0, 0, 3}, Prefix: netip.MustParsePrefix("192.168.9.3/24")}}
	for i, line := range []string{"^listening$", "^daemon"} {
		h, err := l.Host(hosts[i])
		if err != nil {
			return err
		}
		if _, err := h.Expect(ctx, regexpOf(line)); err != nil {
			return err
		}
	}
	wire, _, err := l.Socket("guest", 0)
	if err != nil {
		return err
	}
	defer wire.Close()
	_, err = os.StartProcess("/proc/self/exe", []string{"guest", "again"}, &os.ProcAttr{
		Env: []string{roleVar + "=stubborn"}, Files: []*os.File{nil, nil, nil, wire},
	})
	return err
}

// obey does what is asked on the standard input: "say WORD" asks the echo server, "end" ends.
func obey(l *Lab, end func()) {
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		word, ok := strings.CutPrefix(in.Text(), "say ")
		if !ok {
			end()
			return
		}
		client := ask(7, word, func(answer string) { fmt.Println("heard", answer) })
		plugClient(l, client)
		<-client.done
	}
}
