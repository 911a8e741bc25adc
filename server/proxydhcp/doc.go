// Package proxydhcp answers: what does this DHCP packet deserve from a server that gives no addresses?
//
// Decide is a pure function of the configuration and one packet, and says for every answer and every
// silence which rule made it. server/dhcpd carries the packets.
//
// # Why
//
// The rules are dnsmasq's (rfc2131.c, dhcp_reply), since that is what labs run, with the differences
// that server/config/dnsmasq lists: siaddr is never 0, because iPXE drops a proxy offer whose siaddr is 0
// (ipxe/ipxe#954), and a boot file alone is enough to be answered.
//
// A proxy never answers the DHCPREQUEST that a client sends to port 67 to take its lease: that is
// between the client and the DHCP server. On port 4011 it answers the source port of the request: 68
// for iPXE, 4011 for EDK2 (captures A and B).
//
// A Config says more than dnsmasq.conf can, as bootrig.yaml does: the form of an OFFER (Offer), iPXE chains
// (Boot.Script), the URI of UEFI HTTP boot without a vendor line (Boot.Archs). Port 4011 is answered in full
// whatever the form, since firmware differs in when it asks there.
//
// A second network on a wire (Shared) is one of those that a client may be answered from, and other Ports are
// in every decision, since some answers go to the port that was asked from and some to the client's.
//
// A lease says what to boot in the same packet as the address, so server/lease asks here what that is (Booting),
// and leaves boot items and port 4011 to Decide.
//
// # Limitations
//
// A menu announces no multicast discovery unless sub-options 6 and 7 are configured. Signed boot files
// (BIS, credentials) are refused, as by dnsmasq. A relayed DISCOVER is answered if a range says that the
// relay's network is ours.
package proxydhcp
