package tap

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/pin/tftp/v3"
)

// roles are what the test binary can be, beside a test binary.
var roles = map[string]func(ctx context.Context) int{
	"echo":     echo,
	"tftpd":    serveTFTP,
	"stubborn": stubborn,
	"parent":   parent,
	"run":      longRun,
	"nobody":   nobody,
	"answer":   answer,
	"deaf":     deaf,
}

// echo answers datagrams to port 7 until it is told to stop, and then fails if it was given a word.
func echo(context.Context) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	conn, err := net.ListenPacket("udp4", ":7")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	context.AfterFunc(ctx, func() { conn.Close() })
	fmt.Println("listening")
	buf := make([]byte, 2048)
	for {
		n, from, err := conn.ReadFrom(buf)
		if err != nil {
			fmt.Println("goodbye")
			return 0
		}
		conn.WriteTo(buf[:n], from)
	}
}

// serveTFTP serves files by their absolute names.
func serveTFTP(context.Context) int {
	server := tftp.NewServer(func(name string, to io.ReaderFrom) error {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = to.ReadFrom(f)
		return err
	}, nil)
	server.SetBlockSizeNegotiation(false) // else it depends on how soon after "listening" the request comes
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{Port: 69})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println("listening")
	server.Serve(conn)
	return 0
}

// stubborn ignores SIGTERM, and leaves a daemon behind that does the same.
func stubborn(context.Context) int {
	signal.Ignore(syscall.SIGTERM)
	if len(os.Args) == 1 {
		daemon, err := os.StartProcess("/proc/self/exe", []string{"daemon", "again"}, &os.ProcAttr{
			Files: []*os.File{nil, os.Stdout, os.Stderr},
			Sys:   &syscall.SysProcAttr{Setsid: true},
		})
		if err != nil {
			fmt.Println(err)
			return 1
		}
		fmt.Println("daemon", daemon.Pid)
	}
	select {}
}
