package verdict

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/bootrig/bootrig/wire/event"
)

// guestCauses are those that only the machine's own words show.
func guestCauses() []Cause {
	return []Cause{
		{
			ID: "secure-boot", Name: "Secure Boot refuses a program",
			Shows: "the console says Access Denied, or Security Violation", Refutes: "the program runs",
			Fix: "serve programs that are signed by a key of the firmware (shim, and what it takes), or turn Secure Boot off", Source: "UEFI 2.10, section 32.5; EDK2 BdsDxe",
			find: func(b *Boot) *found {
				if !b.denied() {
					return nil
				}
				return certain(strings.TrimSuffix("Secure Boot refuses "+b.program, " "), b.outcome().said)
			},
		},
		{
			ID: "kernel-panic", Name: "The kernel stops",
			Shows: "the console has a panic", Refutes: "it goes on",
			Fix: "see its text: memory, a RAM disk that is missing or of another kernel, a root that is not there", Source: "the kernel's own words",
			find: func(b *Boot) *found {
				if !panics.MatchString(b.outcome().said.Text) {
					return nil
				}
				return certain("the kernel stops: "+b.outcome().said.Text, b.outcome().said)
			},
		},
		{
			ID: "installer-file-missing", Name: "The installer asks for what is not there",
			Shows: "the system that was started asks for files, and gets none of them", Refutes: "it got one",
			Fix: "put the file there, or name another in the kernel's arguments (preseed, ks=, inst.repo=, url=)", Source: "what it asked for",
			find: func(b *Boot) *found {
				if i := b.outcome().installing; i.missed > 0 && i.got == 0 && b.stage == Installing {
					return likely(fmt.Sprintf("the system that was started asks for %s, which is not there", i.lastMiss.Path), i.lastMiss)
				}
				return nil
			},
		},
		{
			ID: rebooted, Name: "The machine boots the same again and again",
			Shows: "three boots of the same program and kernel, or to the disk, each begun as long behind the last; five within an hour; or one behind an installer that said it is done", Refutes: "another kernel; firmware that tries again by itself, which had no kernel and is soon back",
			Fix: "if it was installed, have it boot from its disk: put that before the network in its boot order, or answer it from the network once (bootrig machines once MAC, a menu's local boot); else see its console: a watchdog, or a kernel that stops (panic=), resets it", Source: "danderson/netboot issue 134; cobbler, pxe_just_once; Documentation/admin-guide/kernel-parameters.txt, panic=",
			find: reboots, despite: true,
		},
		{
			ID: gaveUp, Name: "The machine gave up",
			Shows: "it says so", Fix: "see its words", Source: "the console",
			find: func(b *Boot) *found {
				if b.outcome().said.Kind != event.Error {
					return nil
				}
				text := b.outcome().said.Text
				if why := b.outcome().said.Attr("cause"); why != "" {
					text += ": " + why
				}
				return possible(text, b.outcome().said)
			},
		},
	}
}

const gaveUp = "gave-up"

var panics = regexp.MustCompile(`(?i)\bpanic\b`)

// denied tells that Secure Boot refused something, in the words of EDK2 or of shim.
func (b *Boot) denied() bool {
	return strings.Contains(b.outcome().said.Text, "Access Denied") || strings.Contains(b.outcome().said.Text, "Security Violation")
}
