package bench

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
)

// An asked is what perfdhcp says of one run.
type asked struct {
	sent, missing int
	rate          float64 // answers a second
	delay         float64 // ms, on average
}

// dhcp asks at one rate, or looks for the highest of which hardly an answer is missing.
func (r *round) dhcp(ctx context.Context) (Sample, error) {
	if rate := r.Point.DHCP.Rate; rate > 0 {
		return r.metered(func(s *Sample) error {
			a, err := r.ask(ctx, rate)
			s.Value, s.Clients, s.Failed = a.delay, a.sent, a.missing
			return err
		})
	}
	return highest(func(rate int) (Sample, error) {
		return r.metered(func(s *Sample) error {
			a, err := r.ask(ctx, rate)
			s.Value, s.Clients, s.Failed = a.rate, a.sent, a.missing
			return err
		})
	})
}

var (
	exchange = regexp.MustCompile(`(?s)sent packets: (\d+)\s+received packets: (\d+)\s+drops: (-?\d+).*?avg delay: ([\d.]+) ms`)
	seconds  = 2
)

// ask has perfdhcp ask for some seconds. Of the four packets of an address the one that is missing most counts, and the
// delays add up.
func (r *round) ask(ctx context.Context, rate int) (a asked, err error) {
	args := []string{"-4", "-l", card, "-r", strconv.Itoa(rate), "-R", "50000", "-p", strconv.Itoa(seconds)}
	if !r.Point.DHCP.Leases {
		args = append(args, "-i", "-o", "60,"+hex.EncodeToString([]byte("PXEClient:Arch:00000:UNDI:002001")), "-o", "93,0000", "-o", "94,010201")
	}
	out, err := r.command(ctx, "/usr/sbin/perfdhcp", args...)
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 3) { // 3: some were dropped
		return a, fmt.Errorf("perfdhcp: %w: %s", err, out)
	}
	return a, a.read(out)
}

func (a *asked) read(out []byte) error {
	all := exchange.FindAllSubmatch(out, -1)
	for _, m := range all {
		sent, err1 := strconv.Atoi(string(m[1]))
		received, err2 := strconv.Atoi(string(m[2]))
		delay, err3 := strconv.ParseFloat(string(m[4]), 64)
		if err := errors.Join(err1, err2, err3); err != nil {
			return err
		}
		a.sent, a.delay, a.rate = max(a.sent, sent), a.delay+delay, float64(received)/float64(seconds)
		a.missing = max(a.missing, sent-received)
	}
	if len(all) == 0 || a.sent == 0 {
		return fmt.Errorf("perfdhcp asked nothing: %s", out)
	}
	return nil
}
