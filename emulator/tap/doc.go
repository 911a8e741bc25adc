// Package tap is the world in real time: servers as processes behind TAPs, guests in this process or
// in QEMU, and one link.LAN between them.
//
// # Usage
//
// A run is one re-executed child. Its parent calls Exec; the program's main (and TestMain) begins with
//
//	if tap.Child() {
//		os.Exit(tap.Main(run))
//	}
//
// and run, inside, makes a Lab and starts hosts on it:
//
//	lab := tap.NewLab(lan)
//	server, err := lab.Host(tap.HostSpec{
//		Name: "server", NICs: []tap.NIC{{MAC: mac, Prefix: prefix}},
//		Argv:  []string{tap.Self, "serve", "-C", "/etc/dnsmasq.conf"},
//		Binds: []tap.Bind{{Host: tree, Inside: "/tftpboot", ReadOnly: true}},
//	})
//	_, err = server.Expect(ctx, regexp.MustCompile(`listening`))
//	err = lab.Run(ctx)
//
// # Cancellation
//
// The child is pid 1 of its own pid namespace, so its end is the end of every process, link, mount and
// temporary file of the run. It ends when its work does, when the context of Exec does, when its parent
// is killed (Pdeathsig, and a pipe that closes with the parent), and in no other way.
//
// # Limitations
//
// Linux only, with root or a user namespace that may open /dev/net/tun: Available says what is missing.
// The child's tmpfs lies over /run, so a file below /run cannot be a scenario's content.
// In a user namespace only one user exists: a server that changes to another one is refused.
//
// # Why
//
// There is no kernel bridge. The LAN forwards between all ports itself, in the same code as in
// emulator/sim: every frame passes one place, with finished checksums, where faults, filters, captures
// and observers see it, and the kernel's part is one TAP for each server.
//
// A server process sees the host's own directories, read-only, so that any installed server runs
// as it is; only the paths a scenario names are its own.
package tap
