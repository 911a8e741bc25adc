// Package tap is labs whose hosts are processes: servers of any kind behind TAPs, in namespaces of their own. All else
// of an emulator.Lab is there, too: scripted guests, QEMU's sockets, hosts of this process.
//
// # Usage
//
// In a test, package taptest does all of it in one call. Elsewhere a run is one re-executed child. Its parent calls
// Exec; the program's main begins with
//
//	if tap.Child() {
//		os.Exit(tap.Main(run))
//	}
//
// and run, inside, makes a Lab and starts hosts on it:
//
//	lab, err := tap.NewLab(emulator.LabConfig{})
//	...
//	defer lab.Close()
//	server, err := lab.Host(tap.HostSpec{
//		Name: "server", NICs: []tap.NIC{{MAC: mac, Prefix: netip.MustParsePrefix("192.168.9.2/24")}},
//		Argv:  []string{"dnsmasq", "-d", "-C", "/etc/mine.conf"},
//		Binds: []tap.Bind{{Host: "mine.conf", Inside: "/etc/mine.conf"}, {Host: "tree", Inside: "/tftpboot", ReadOnly: true}},
//	})
//	...
//	_, err = server.Expect(ctx, regexp.MustCompile(`TFTP root`))
//	...
//	result, err := lab.Boot(ctx, emulator.GuestConfig{Profile: profile, MAC: mac})
//
// Lab.Host hides the method of emulator.Lab with that name, for hosts of this process: lab.Lab.Host is that.
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
// The child's tmpfs lies over /run: what the host has there the child finds by Outside.
// In a user namespace only one user exists: a server that changes to another one is refused.
//
// # Why
//
// There is no kernel bridge. The LAN forwards between all ports itself, in the same code as in
// emulator/sim: every frame passes one place, with finished checksums, where faults, filters, captures
// and observers see it, and the kernel's part is one TAP for each server.
//
// A server process sees the directories that the host's programs are in, read-only, so that any installed
// server runs as it is. What a scenario says may be a stranger's, and configurations can start programs: so the
// server is in a mount namespace of its own in which nothing else is left (no home, no device, no file that only
// root may read), and has the capabilities of a network server and no other.
package tap
