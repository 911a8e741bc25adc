// Package verdict answers: what became of this machine's boot, and why?
//
// A Boot takes the facts of one boot of one machine, as the wire showed them or as a server tells them, and gives
// its Story: how far it came, what should have come next, the most likely cause with its evidence and what to do
// about it, and how sure that is. Who cannot hear something, as a server hears no lease of another, judges by what
// should have followed. Boots tells those of a capture, and a Watch those of a wire, each when it ends.
//
// Causes are a table, in the order in which they are looked for: each is a pure function over a Boot. There is no
// clock in here: Deadline says when silence counts, which depends on who is silent.
//
// # Limitations
//
// What a machine does behind the last file that it fetched nobody sees on the wire. A boot that ended with a kernel,
// or with a program that may be all of a system, counts as booted, and its Story says how sure that is.
//
// A Boot remembers the last names that were asked for, of DHCP the last message of each kind, and of the boots before it
// how the last ones went. Whether somebody resets the machine, or it does so by itself, only their beat tells.
package verdict
