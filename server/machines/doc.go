// Package machines answers: which machines have been here, and how far did each come?
//
// A Book takes the facts of a server, which name machines by their MACs, and keeps one Machine for each: what it is,
// and its last boot, as far as the server saw it. What a machine does behind the last file that it fetched no server
// sees.
//
// # When a boot begins
//
// A machine that boots sends a DISCOVER, and so may each program of its chain. One begins a boot if the machine was
// silent for a minute, longer than any program of a chain is; or if firmware is offered the file that the boot began
// with, and has fetched something since: it was reset.
//
// # Limitations
//
// Machines are remembered as long as the server runs, and of more than 4,096 those that were heard last.
package machines
