// Package bench answers: which netboot server is the fastest at what, and at what price?
//
// # Usage
//
//	points, err := bench.Choose("tftp/")
//	...
//	report, err := bench.Run(ctx, bench.Config{Servers: servers, Points: points, Rounds: 9}, tell)
//	...
//	err = report.Text(os.Stdout)
//
// A Point is one load. Each server that can bear it does so in each round, one after the other, and starts anew for it:
// A B C, A B C. The first round warms the machine up and does not count, and of each server's the best and the worst do
// not. A ratio is of two servers in the same round, since a machine that does something else does it to both.
//
// Server and load are in net namespaces of their own with a cable between (or, where it is to lose or delay, a lab of
// emulator/tap), on processor cores of their own. All of a run is one child (see emulator/tap) that leaves nothing behind.
//
// # Limitations
//
// Linux, root, and two cores. The cable is two ends of one veth, which has no speed of its own: what a packet costs is what
// the two kernels need. What the kernel does for a packet counts for whoever sent it. A server that leaves work to
// children that it does not wait for is not charged for those that ended between two looks at it.
package bench
