// Package rom is scripted PXE firmware: what a network card's boot ROM does from power on until a boot
// program runs, or until it gives up and says why.
//
// One ROM is one machine.Machine. The order of the conversations is common to all: DISCOVER, REQUEST, the proxy on
// port 4011, the menu, boot server discovery, TFTP or HTTP. Most of what differs between ROM families is data, a [Profile]:
// what they send, how long they wait, what they print. What a table cannot say is code: how iPXE takes offers as
// they come, and how EDK2 gathers them by slots, sorts them into classes and finds a boot server (edk2slots.go,
// edk2class.go). A profile chooses between the two with Collect.Slots.
//
// [Profiles] boot by PXE or UEFI HTTP boot. [Boards] are firmware such as U-Boot, which hears no proxy and tries one boot after
// the other, [Try], and Raspberry Pis, which read files of their own choice, [Fixed]. [Versions] and [Odd] are others of both.
//
// A profile declares its evidence, since a client imitated from a specification proves less than one imitated
// from a capture. Profiles of your own are data too: change one of these, or begin with none, and Check it.
package rom
