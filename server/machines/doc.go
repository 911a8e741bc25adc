// Package machines answers: which machines have been here, and how far did each come?
//
// A Book takes the facts of a server, which name machines by their MACs, and keeps one Machine for each: what it is,
// and its last boot, as far as the server saw it. What a machine does behind the last file that it fetched no server
// sees.
//
// It also knows how machines are marked. A Mark is tags that a machine has besides those that the configuration gives,
// for good, or for its next boot: so a machine is installed once, and boots its disk after.
//
// # When a boot begins
//
// A machine that boots sends a DISCOVER, and so may each program of its chain: an iPXE, its script, the installer. Only
// firmware begins a boot, and it is told from the rest by what it says of itself: options 60, 93, 77 and 175 are those
// of the program that began the last boot, but something was fetched since, so the machine was reset; or it was silent
// for a minute, which no program is but for menus. An iPXE that firmware loaded begins none, nor does one that has an
// address, as in a script that says dhcp, nor an installer, however long it was silent. Beside that a system that asks
// after a minute counts as a boot: it has come from the disk.
//
// # When a mark begins and ends
//
// The mark for the next boot begins with the first answer to firmware that begins one, holds through all that is asked
// until the next, and is over before the first answer to that. A ROM that fetched nothing and tries again keeps it.
// Where files are fetched from another server, or by a machine that is not known by its address, nobody sees whether
// they were: there a minute of silence between two boots is enough.
//
// What becomes of a mark is kept before the answer that depends on it leaves (Settle), and a mark before who made it
// hears of it. The rest may be kept a little later (Save). Where nothing can be kept nobody is marked, and what becomes
// of marks is in memory until it can.
//
// # When it ends
//
// When nothing more is to be expected, which is longer for some firmware than for other, Expire ends a boot with a
// verdict: it booted, as far as a server sees, or why it did not (internal/verdict). If more is heard of it later it goes on,
// and ends once more.
//
// # Limitations
//
// Of more than 4,096 machines those are remembered that were heard last, and those that are marked. A boot that begins
// from the disk, without asking firmware, ends no mark; the next that does ends it. Where a server is killed in the
// moment after the first file of a boot, and nothing is fetched from the next, a mark holds for one boot more.
package machines
