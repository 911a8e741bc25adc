package tap_test

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/netip"
	"os"
	"regexp"

	"github.com/bootrig/bootrig/emulator"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/emulator/tap"
)

// A program that boots a scripted computer against dnsmasq, in namespaces of its own. For tests there is package
// taptest.
func Example() {
	if tap.Child() { // the first question of main
		os.Exit(tap.Main(bootFromDnsmasq))
	}
	child, err := tap.Exec(context.Background(), tap.ChildSpec{Stdout: os.Stdout, Stderr: os.Stderr})
	if err != nil {
		log.Fatal(err)
	}
	if err := child.Wait(); err != nil {
		log.Fatal(err)
	}
}

func bootFromDnsmasq(ctx context.Context) (code int) {
	lab, err := tap.NewLab(emulator.LabConfig{}) // 192.168.9.0/24, with a plain DHCP server at .1
	if err != nil {
		log.Fatal(err)
	}
	defer lab.Close()
	server, err := lab.Host(tap.HostSpec{
		Name:  "server",
		NICs:  []tap.NIC{{MAC: net.HardwareAddr{0x52, 0x54, 0, 0, 0, 2}, Prefix: netip.MustParsePrefix("192.168.9.2/24")}},
		Argv:  []string{"dnsmasq", "-d", "--conf-file=/etc/mine.conf", "--dhcp-leasefile=/tmp/leases", "--pid-file=/tmp/pid"},
		Binds: []tap.Bind{{Host: "mine.conf", Inside: "/etc/mine.conf"}, {Host: "tree", Inside: "/tftpboot", ReadOnly: true}},
	})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := server.Expect(ctx, regexp.MustCompile("TFTP root is")); err != nil {
		log.Fatal(err)
	}
	for _, firmware := range rom.Profiles() {
		if firmware.HTTP.Boot {
			continue // dnsmasq has no HTTP
		}
		_, err := lab.Boot(ctx, emulator.GuestConfig{Profile: firmware, MAC: net.HardwareAddr{0x52, 0x54, 0, 0x12, 0x34, 0x56}})
		fmt.Println(firmware.Name, err)
	}
	return 0
}
