package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"

	"golang.org/x/term"
)

// ProfileCmd is `bootrig profile`.
type ProfileCmd struct {
	stated
	Kind    string `arg:"" enum:"cpu,heap,goroutine" help:"What is wanted: cpu, heap or goroutine."`
	Seconds int    `name:"seconds" default:"10" help:"For how long the CPU is watched, ${default} if nothing is said, 300 at most."`
}

// Help is what `bootrig profile --help` adds.
func (ProfileCmd) Help() string {
	return `Where the server of this host spends its time (cpu), what holds its memory (heap), and what it is doing (goroutine), for go tool pprof. It is asked over the control socket, and nowhere else: who may reload it may look into it.

Examples:

  sudo bootrig profile cpu --seconds 30 >cpu.pprof && go tool pprof -top cpu.pprof
  sudo bootrig profile heap >heap.pprof

Exit code: 0 the profile is printed, 1 no server runs, or another profile of its CPU is being made, 2 used wrongly.`
}

// maxWatch bounds for how long one who asks has the server watch itself.
const maxWatch = 300

// Run prints a profile.
func (c *ProfileCmd) Run(ctx context.Context) error {
	if term.IsTerminal(int(os.Stdout.Fd())) {
		return usage(errors.New("a profile is no text: say where it goes, bootrig profile " + c.Kind + " >FILE"))
	}
	lines, err := c.ask(ctx, "profile", c.Kind, strconv.Itoa(c.Seconds))
	if err != nil {
		return err
	}
	profile, err := base64.StdEncoding.DecodeString(strings.Join(lines, ""))
	if err != nil {
		return fmt.Errorf("the server's answer: %w", err)
	}
	_, err = os.Stdout.Write(profile)
	return err
}

// profile answers bootrig profile, in lines of base64.
func profile(ctx context.Context, kind, seconds string, say func(string)) int {
	var out bytes.Buffer
	err := fmt.Errorf("%q is no profile: cpu, heap or goroutine", kind)
	switch kind {
	case "cpu":
		err = watchCPU(ctx, seconds, &out)
	case "heap":
		runtime.GC() // what is held now, not what is garbage
		err = pprof.Lookup(kind).WriteTo(&out, 0)
	case "goroutine":
		err = pprof.Lookup(kind).WriteTo(&out, 0)
	}
	if err != nil {
		say(err.Error())
		return int(exitFailed)
	}
	const line = 3 << 10
	for out.Len() > 0 {
		say(base64.StdEncoding.EncodeToString(out.Next(line)))
	}
	return 0
}

// watchCPU watches it for a while, or until ctx ends.
func watchCPU(ctx context.Context, seconds string, out *bytes.Buffer) error {
	n, err := strconv.Atoi(seconds)
	if err != nil || n < 1 || n > maxWatch {
		return fmt.Errorf("%q is no number of seconds from 1 to %d", seconds, maxWatch)
	}
	if err := pprof.StartCPUProfile(out); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	select {
	case <-time.After(time.Duration(n) * time.Second):
	case <-ctx.Done():
	}
	return nil
}
