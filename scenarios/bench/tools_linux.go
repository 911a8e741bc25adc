package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/bootrig/bootrig/scenarios/bench/load"
)

// tool is one TFTP client of somebody else's.
func (r *round) tool(ctx context.Context, s *Sample) error {
	name, to := load.Name(0), filepath.Join(r.at.own, "got")
	server, blksize := serverAddr.String(), strconv.Itoa(common)
	args := map[string][]string{
		"curl":  {"-s", "-S", "--tftp-blksize", blksize, "-o", to, "tftp://" + server + "/" + name},
		"atftp": {"--get", "--option", "blksize " + blksize, "-r", name, "-l", to, server},
		"tftp":  {"-m", "binary", server, "-c", "get", name, to},
	}[r.Point.Tool.Name]
	began := time.Now()
	out, err := r.command(ctx, r.Point.Tool.Name, args...)
	took := time.Since(began)
	if err != nil {
		return fmt.Errorf("%s: %w: %s", r.Point.Tool.Name, err, out)
	}
	return s.fetched(took, []string{to}, r.Point.Tool.Size)
}

// http is curl, with one connection.
func (r *round) http(ctx context.Context, s *Sample) error {
	h := r.Point.HTTP
	url, to := "http://"+serverAddr.String()+"/", filepath.Join(r.at.own, "got")
	var names, list []string
	for i := range h.Files {
		names = append(names, to+strconv.Itoa(i))
		list = append(list, fmt.Sprintf("url = %q\noutput = %q\n", url+load.Name(i), names[i]))
	}
	config := filepath.Join(r.at.own, "curlrc")
	if err := os.WriteFile(config, []byte(strings.Join(list, "")), 0o600); err != nil {
		return err
	}
	began := time.Now()
	out, err := r.command(ctx, "curl", "-s", "-S", "--fail", "-K", config)
	took := time.Since(began)
	if err != nil {
		return fmt.Errorf("curl: %w: %s", err, out)
	}
	return s.fetched(took, names, h.Size)
}

// fetched compares what came with what was to come.
func (s *Sample) fetched(took time.Duration, names []string, size int64) error {
	for i, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		same, err := load.SameFile(f, i, size)
		f.Close()
		if err != nil {
			return err
		}
		if !same {
			return fmt.Errorf("%s is not what is served as %s", name, load.Name(i))
		}
		s.Bytes += size
	}
	s.Clients, s.Value = 1, float64(s.Bytes)/1e6/took.Seconds()
	return nil
}

// dropped are the datagrams that found no room in the load's sockets.
func (p *place) dropped() (n int, err error) {
	var text []byte
	err = in(p.load, func() error {
		text, err = os.ReadFile("/proc/thread-self/net/snmp")
		return err
	})
	if err != nil {
		return 0, err
	}
	var names []string
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] != "Udp:":
		case names == nil:
			names = words
		default:
			for i, name := range names {
				if name == "RcvbufErrors" && i < len(words) {
					return strconv.Atoi(words[i])
				}
			}
		}
	}
	return 0, fmt.Errorf("/proc/net/snmp has no RcvbufErrors: %q", text)
}
