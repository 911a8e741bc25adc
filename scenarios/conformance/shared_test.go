package conformance

import (
	"testing"

	"github.com/bootrig/bootrig/internal/peer"
)

// TestTheRealDnsmasqSharesWiresAlike asks where the network that shares a wire is, and where it is not.
func TestTheRealDnsmasqSharesWiresAlike(t *testing.T) { against(t, sharesWiresAlike) }

func sharesWiresAlike(t *testing.T, d peer.Program) {
	const ranges = "dhcp-range=192.168.20.50,192.168.20.60\ndhcp-range=192.168.9.50,192.168.9.60\n" +
		"dhcp-host=00:1b:21:01:02:03,192.168.30.7\ndhcp-range=192.168.30.100,192.168.30.150,255.255.255.0\n"
	asking := kinds()[0]
	for name, conf := range map[string]string{
		"by the name of the interface":    ranges + "shared-network=eth0,192.168.30.0\n",
		"by the address of the interface": ranges + "shared-network=192.168.20.1,192.168.30.0\n",
	} {
		t.Run(name, func(t *testing.T) {
			alike(t, d, wiring{conf: conf}, []wireQuestion{
				{asking.questions()[0], asking, clientsWire},
				{asking.questions()[0], asking, otherWire},
			})
		})
	}
}
