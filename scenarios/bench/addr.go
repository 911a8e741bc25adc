package bench

import "net/netip"

// Who is where. The clients of TFTP are behind the load, as behind a router: they are more than the server's table of
// neighbours would hold.
var (
	lan        = netip.MustParsePrefix("10.44.0.0/16")
	loadAddr   = netip.MustParseAddr("10.44.0.1")
	serverAddr = netip.MustParseAddr("10.44.0.2")
	leasesFrom = netip.MustParseAddr("10.44.16.0")
	leasesTo   = netip.MustParseAddr("10.44.255.250")
	clientNet  = netip.MustParsePrefix("10.45.0.0/16")
	clientAddr = netip.MustParseAddr("10.45.1.1") // of the first
)
