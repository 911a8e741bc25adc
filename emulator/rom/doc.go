// Package rom is scripted PXE firmware: what a network card's boot ROM does from power on until a boot
// program runs, or until it gives up and says why.
//
// One ROM is one machine.Machine. What differs between ROM families is data, a [Profile]; the order of
// the conversations is common: DISCOVER, REQUEST, the proxy on port 4011, the menu, boot server
// discovery, TFTP. A profile declares its evidence, since a client imitated from a specification proves
// less than one imitated from a capture.
package rom
