// Command bootrig is a netboot server that proves it boots.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/bootrig/bootrig/scenarios/bench"
	"github.com/bootrig/bootrig/scenarios/runner"
	"github.com/bootrig/bootrig/scenarios/storm"
)

type cli struct {
	Serve    ServeCmd    `cmd:"" help:"Serve a netboot directory, a tarball, an ISO image, or what a dnsmasq.conf or bootrig.yaml says, beside the DHCP server you have."`
	Reload   ReloadCmd   `cmd:"" help:"Have the server that runs read its configuration again."`
	Machines MachinesCmd `cmd:"" help:"Which machines the server that runs has heard of, and how far each came."`
	Leases   LeasesCmd   `cmd:"" help:"Which addresses the server that runs has given, and to whom."`
	Check    CheckCmd    `cmd:"" help:"Read configuration and content, open no socket, and say what is wrong as file:line."`
	Explain  ExplainCmd  `cmd:"" help:"Tell why machines in a capture, or on a wire, did not boot, whoever served them."`
	Convert  ConvertCmd  `cmd:"" help:"Print a dnsmasq.conf as bootrig.yaml, the same configuration in readable words."`
	Media    MediaCmd    `cmd:"" help:"What people download: which media are known, what one is, and families of your own."`
	Unpack   UnpackCmd   `cmd:"" help:"Write what was downloaded, with menus and boot programs, as plain files that any TFTP and HTTP server can serve."`
	Test     TestCmd     `cmd:"" help:"Run scenarios: which boot chains complete, and what crosses the wire on the way."`
	Matrix   MatrixCmd   `cmd:"" help:"Boot many real machines from several servers, and print a table of who came how far."`
	Boot     BootCmd     `cmd:"" help:"Boot one guest and tell its story live."`
	Storm    StormCmd    `cmd:"" help:"Boot many scripted machines at once: whom the server loses and why, how long each phase takes, and what the server needs."`
	Bench    BenchCmd    `cmd:"" help:"Measure servers side by side: how fast, at what price, and how many times faster than another."`
	Firmware FirmwareCmd `cmd:"" help:"List the firmware of real machines, and which versions of it are here."`
	Profile  ProfileCmd  `cmd:"" help:"Where the server that runs spends its time, and what holds its memory."`
	Version  VersionCmd  `cmd:"" help:"Say which bootrig this is."`

	Completion CompletionCmd `cmd:"" help:"Print a script that completes commands and flags in a shell."`
	Manual     ManualCmd     `cmd:"" help:"Print the manual page."`
}

const description = `A netboot server that proves it boots: proxyDHCP, TFTP and HTTP beside the DHCP server you may not touch.

  sudo bootrig serve                      # machines boot a program that says whom it reached
  sudo bootrig serve netboot.tar.gz       # serve a netboot tree as it was downloaded,
  sudo bootrig serve XenServer.iso        # or an ISO image, to BIOS and UEFI machines
  sudo bootrig serve -C dnsmasq.conf      # serve what your dnsmasq.conf says
  bootrig check -C dnsmasq.conf           # is it right?
  bootrig convert dnsmasq.conf            # the same in readable words
  bootrig test scenarios/ubuntu.txtar     # does it boot?`

func main() {
	bench.Child()
	runner.Child(storm.Act()) // a lab's child is this program once more, and never gets past this line
	os.Exit(run(os.Args[1:]))
}

// run is main with an exit code: 0 well, 1 wrong, 2 used wrongly.
func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second ^C ends the program at once
	parser, err := kong.New(&cli{},
		kong.Name("bootrig"), kong.Description(description),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		panic(err) // the struct tags above are wrong: no input can cause it
	}
	command, err := parser.Parse(flagsFirst(parser.Model, args))
	if err != nil {
		fmt.Fprintf(os.Stderr, "bootrig: %v (bootrig --help tells more)\n", err)
		return int(exitUsage)
	}
	if err := command.Run(); err != nil {
		return report(err)
	}
	return 0
}

// report prints an error, unless its sender has printed it, and finds its exit code.
func report(err error) int {
	var code exitCode
	if errors.As(err, &code) {
		return int(code)
	}
	fmt.Fprintf(os.Stderr, "bootrig: %v\n", err)
	return 1
}
