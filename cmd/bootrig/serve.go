package main

import (
	"context"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/bootrig/bootrig/server/host"
	"github.com/bootrig/bootrig/wire/event"
)

// ServeCmd is `bootrig serve`.
type ServeCmd struct {
	source
	stated
	logged
	Watch bool   `name:"watch" help:"Read the configuration again as soon as one of its files changes."`
	User  string `name:"user" placeholder:"NAME" help:"Become this user, or UID[:GID], before anything is answered; root stays root. Default: who called sudo, else the user bootrig if there is one, else nobody."`

	Metrics string `name:"metrics" placeholder:"[ADDR:]PORT" help:"Answer Prometheus at http://ADDR:PORT/metrics, and health checks at /healthz. Default of ADDR: 127.0.0.1, this host alone."`
	DryRun  bool   `name:"dry-run" help:"Tell what would be answered to DHCP and PXE, and send nothing: no answer, no file, no probe of an address. Another server on this host keeps its ports."`
	Print   bool   `name:"print" help:"Show what would be made for machines that boot media, menus and all, as a txtar archive, and serve nothing."`
}

// Help is what `bootrig serve --help` adds.
func (ServeCmd) Help() string {
	return `It answers PXE clients only, gives no addresses and leaves the DHCP server beside it alone, even on the same host. With address ranges (dhcp-range=START,END, or leases in a bootrig.yaml) it is the DHCP server of an isolated lab itself. Every answer and every silence is told with the line of the configuration that decided.

Examples:

  sudo bootrig serve
      x86 BIOS and x64 UEFI machines on every network of this host boot a small program
      that prints which server it reached: the quickest proof that the wire is right.

  sudo bootrig serve netboot.tar.gz
      a netboot tree as it was downloaded, with its own menus. The same unpacked:
      sudo bootrig serve ./netboot

  sudo bootrig serve XenServer.iso
      an image, which is neither mounted nor copied: a menu that starts its installer,
      for BIOS and UEFI machines, and its packages over HTTP, at a URL that is printed.

  sudo bootrig serve debian.tar.gz xcp-ng.iso
      both, with one menu. Each is below its name: http://SERVER/debian/, http://SERVER/xcp-ng/

  sudo bootrig serve ./mine XenServer.iso
      the image, and ./mine over it: what lies there goes before what the image has.

  sudo bootrig serve debian.tar.gz --seed ./answers
      the same for machines that are to ask nobody: preseed.cfg, ks.cfg, user-data,
      answerfile.xml or autoinst.xml in ./answers, each for the installers that read it.

  sudo bootrig serve -C dnsmasq.conf --dry-run
      what it would answer to the machines of this network, which hear nothing of it: the
      server that they have, on this host or another, goes on as it does.

  bootrig serve XenServer.iso --print
      which machine would be given what, with every menu that would be made; nothing is served.

  sudo bootrig serve -C dnsmasq.conf --http 80=/mnt/xeniso
      the configuration you have, and an installation source over HTTP.

  bootrig convert dnsmasq.conf >bootrig.yaml && sudo bootrig serve -c bootrig.yaml
      the same in readable words, which say more: offers, iPXE scripts, HTTP.

What a PATH is, is told by what is in it, never by its name: bootrig media show PATH. With media there is HTTP too, on
port 80 unless --http names another, since installers fetch the rest by it. One medium lies at the top of what is
served. Of several each lies in a directory called like its file, without .iso or .tar.gz. Beside media, a directory
that is none is an overlay: it is laid over all of them, and an earlier one over a later one. What is made on the fly,
menus, boot programs and disk images, lies below bootrig/; --print shows it.

A .tar.gz, .tar.xz or .tar.zst of more than a few MiB is unpacked once, into the directory unpacked beside the file of
--state; a restart finds it there. What is not used for 30 days goes when something new comes.

Boot programs are those of the medium, of the directories of --programs, and of this host's packages, in this order.
What is missing is told, with the package that has it.

With --seed the menu starts an installer that asks nobody after 10 seconds: every machine that boots from the network
may lose what is on its disks. Answer files are given to whoever asks by HTTP; a password in one is no secret. In a
directory called as a machine is, by its MAC address, name or UUID, lie that machine's own.

Links and addresses may come and go while it runs, and those it is to serve may not be there yet: it says what it
waits for, and a service manager is told when it is ready (Type=notify, Type=notify-reload).

SIGHUP, and bootrig reload, read the configuration again, with every file that it names: what differs is told in a line
each and counts from the next packet on; transfers and leases stay. If there is a mistake it is told, and all stays as
it was. Files in dhcp-hostsdir, dhcp-optsdir and hostsdir count as soon as they come or change, and with --watch every
file does.

What happens is told in a line each, what a client sent in it escaped. What repeats is told four times and then counted
("...: 9 times more in 9s"), and of more than a thousand lines of one kind in a minute the rest is counted: neither a
machine that boots and boots nor a flood fills a disk. -v leaves nothing out. For programs --log json has levels and
fields, and --json every fact as it is. What goes to systemd's journal has its priorities, and leaves the time to it.

Sockets of systemd are used where they fit, whatever their names (LISTEN_FDS): of TFTP (69), of HTTP, and with
BindToDevice= of 4011, and of 67 if addresses are given or requests relayed.

When nothing more is to be expected of a machine's boot a line says how it ended: booted, as far as a server sees, or the
most likely cause that it did not, how sure that is, and what to do.

Root's rights are given up before anything is answered. What was started by sudo goes on as who called it, else as the
user bootrig if there is one, else as nobody, or as --user says, with the capabilities CAP_NET_BIND_SERVICE and
CAP_NET_RAW alone, so that links may still come and go. Whoever started it, it opens nothing from then on but what it was
started with (Landlock, as far as the kernel has it), and starts no program: a conf-script runs at the start only, and a
configuration that names other directories later wants another start. What it serves has to be readable for that user,
which is looked at first. The directory of --state is given to him if nothing but the server's own lies in it.

^C ends it. Ports 67, 69, 80 and 4011 want root, or once:
  sudo setcap cap_net_bind_service,cap_net_raw+ep $(command -v bootrig)

Exit code: 0 ended by ^C, 1 something is wrong (one line says what), 2 used wrongly.`
}

// Run serves until ^C.
func (c *ServeCmd) Run(ctx context.Context) error {
	if c.Print {
		return c.print()
	}
	hangUp, stop := endure()
	defer stop()
	links, err := host.New()
	if err != nil {
		return err
	}
	defer links.Close()
	log := newLog(os.Stdout, c.logged)
	defer log.Close()
	measured, err := c.listenMetrics()
	if err != nil {
		return err
	}
	if measured != nil {
		defer measured.Close()
	}
	s, err := c.begin(links, log)
	if err != nil {
		return err
	}
	defer s.Close()
	group, ctx := errgroup.WithContext(ctx)
	ctx, cancel := context.WithCancel(ctx)
	group.Go(func() error { defer cancel(); return s.server.Run(ctx) })
	group.Go(func() error { log.manager.patient(ctx, s.server.Ready()); return nil })
	group.Go(func() error { s.alive(ctx); return nil })
	group.Go(func() error { <-ctx.Done(); log.manager.stopping(); return nil })
	group.Go(func() error { s.follow(ctx, links); return nil })
	group.Go(func() error { s.remember(ctx); return nil })
	group.Go(func() error { s.hear(ctx, hangUp); return nil })
	group.Go(func() error { s.judge(ctx); return nil })
	if s.control != nil {
		answer := func(words []string, say func(string)) int { return s.command(ctx, words, say) }
		group.Go(func() error { return s.control.Serve(ctx, answer) })
	}
	if measured != nil {
		group.Go(func() error { return s.measure(ctx, measured) })
	}
	return group.Wait()
}

// judge tells what became of boots, when nothing more is to be expected of them. Who hears nothing of us boots elsewhere.
func (s *serving) judge(ctx context.Context) {
	if s.DryRun {
		return
	}
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			for _, e := range s.machines.Expire(now) {
				s.log.Record(e)
				s.metrics.Record(e)
			}
		}
	}
}

// follow tells the server when its host changes.
func (s *serving) follow(ctx context.Context, links *host.Watcher) {
	for err := links.Watch(ctx, s.move); err != nil; err = links.Watch(ctx, s.move) {
		s.log.say(event.Fault, "", err.Error())
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
	}
}

// hear reads the configuration again at SIGHUP, and when files change that count at once.
func (s *serving) hear(ctx context.Context, hangUp <-chan os.Signal) {
	changed := make(chan struct{})
	if s.files != nil {
		var files sync.WaitGroup
		defer files.Wait()
		files.Go(func() {
			s.files.Run(ctx, func() {
				select {
				case changed <- struct{}{}:
				case <-ctx.Done():
				}
			})
		})
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangUp:
			_, _ = s.reload(true) // it was told
		case <-changed:
			_, _ = s.reload(false)
		}
	}
}
