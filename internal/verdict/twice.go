package verdict

import (
	"fmt"
	"net/netip"
	"slices"
)

// silences are the causes that may have that of two hosts with one address behind them.
func silences() []func(*Boot) *found {
	return []func(*Boot) *found{dead4011, deadTFTP, deadHTTP, noAck, stalled, blocksLost, answeredElsewhere, serverRestarted}
}

func addressTwice(b *Boot) *found {
	lease := b.of(otherAck).last
	if lease.Kind == "" {
		lease, _ = b.offered()
	}
	own, _ := netip.ParseAddr(lease.Attr("yiaddr"))
	next, _ := siaddr(b.brought())
	for _, a := range []struct {
		addr netip.Addr
		of   string
	}{{b.server(), "the boot server's"}, {next, "the next server's"}, {sender(lease), "the DHCP server's"}, {own, "the machine's"}} {
		t := b.of(twice + what(a.addr.String()))
		if t.n > 0 && slices.ContainsFunc(silences(), func(find func(*Boot) *found) bool { return find(b) != nil }) {
			return certain(fmt.Sprintf("two hosts have %s, %s address: %s and %s", a.addr, a.of, t.last.Attr("first"), t.last.Attr("other")), t.last)
		}
	}
	return nil
}
