// Package scenarios runs boot chains that are written down as text files: our server, or any other,
// beside a house DHCP server, with guests that must come up.
//
// # Usage
//
//	result := scenarios.Run(ctx, scenarios.Request{Name: "ubuntu.txtar", Source: text, World: scenarios.Sim})
//
// The program's main begins with scenarios.Child, since a run in real time is this program again in
// namespaces of its own.
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
package scenarios
