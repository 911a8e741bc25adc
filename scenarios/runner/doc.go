// Package runner runs scenarios: boot chains that are written down as text files, with our server or any
// other beside a plain DHCP server, and guests that must come up.
//
// # Usage
//
//	result, err := runner.Run(ctx, runner.Request{Name: "ubuntu.txtar", Source: text, World: runner.Sim})
//
// The program's main (or TestMain) begins with [Child], since a run in real time is this program again in
// namespaces of its own.
//
// Read it in this order: a script.File is settled into a Plan and the trees that are served (plan.go); a lab
// is the switch with all that is plugged into it (lab.go, networks.go); a run drives it (run.go) in virtual
// time (sim.go) or in real time (real.go, in the child of child.go); the judge says how it went (judge.go,
// steps); and evidence is kept for people (evidence.go).
//
// # Cancellation
//
// A run ends with its context. A run in real time then takes all its processes, links and files with
// it, also when the program is killed; a simulated one has none.
//
// # Limitations
//
// IPv4. The simulated world holds our own server only: other servers are processes.
//
// # Why
//
// The three worlds share everything that judges: the LAN, the house, the faults, the witness at the
// guest's port, the verdict and the golden traces. They differ in what stands behind two ports of the
// LAN: the server is a machine in this process or a process of its own, the guest is scripted or QEMU.
package runner
