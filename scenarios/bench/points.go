package bench

import (
	"fmt"
	"time"
)

const (
	kib = 1 << 10
	mib = 1 << 20
)

// common is the blksize that iPXE, pxelinux and EDK2 ask for.
const common = 1408

// Points are all, in the order in which they run.
func Points() []Point {
	var all []Point
	tftp := func(name, what string, t TFTP) {
		t.Clients, t.Window, t.Files = max(t.Clients, 1), max(t.Window, 1), max(t.Files, 1)
		all = append(all, Point{Name: "tftp/" + name, What: what, TFTP: &t})
	}
	for _, size := range []int{512, common, 1468, 8192, 65464} {
		tftp(fmt.Sprintf("lockstep/blksize=%d", size), "one client, lock step", TFTP{Blksize: size, Size: min(int64(size)*30_000, 256*mib)})
	}
	for _, window := range []int{4, 16, 64} {
		tftp(fmt.Sprintf("window=%d", window), "one client, RFC 7440", TFTP{Blksize: common, Window: window, Size: 64 * mib})
	}
	tftp("clients=10", "10 clients, one file, lock step", TFTP{Clients: 10, Blksize: common, Size: 8 * mib})
	tftp("clients=100", "100 clients, one file, lock step", TFTP{Clients: 100, Blksize: common, Size: mib})
	tftp("clients=1000", "1,000 clients, one file, lock step", TFTP{Clients: 1000, Blksize: common, Size: 256 * kib})
	tftp("clients=1000/large", "1,000 clients, one file of 1 MiB, lock step", TFTP{Clients: 1000, Blksize: common, Size: mib})
	tftp("clients=1000/different", "1,000 clients, 1,000 files, lock step", TFTP{Clients: 1000, Files: 1000, Blksize: common, Size: 256 * kib})
	tftp("clients=1000/window=16", "1,000 clients, one file", TFTP{Clients: 1000, Window: 16, Blksize: common, Size: 256 * kib})
	tftp("clients=5000", "5,000 clients, one file, lock step", TFTP{Clients: 5000, Blksize: common, Size: 64 * kib})
	for _, in := range []Kind{Tarball, ISO} {
		tftp("in="+string(in), "100 clients, lock step, from an archive", TFTP{Clients: 100, Blksize: common, Size: mib, In: in})
	}
	all = append(all, lossy()...)
	for _, tool := range []string{"curl", "atftp", "tftp"} {
		all = append(all, Point{Name: "tool/" + tool, What: "one file, by this client", Tool: &Tool{tool, 16 * mib}})
	}
	return append(all, others()...)
}

// lossy are one client on a wire that is far, and loses.
func lossy() (all []Point) {
	for _, rtt := range []time.Duration{200 * time.Microsecond, 5 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond} {
		for _, percent := range []float64{0, 0.1, 1, 5} {
			for _, window := range []int{1, 16} {
				// About a second and a half without loss, as far as the round trip decides, but so many that some are lost
				// at 1 %, and that a request which is lost is not most of it.
				blocks := int64(1500*time.Millisecond/max(rtt, 500*time.Microsecond)) * int64(window)
				all = append(all, Point{
					Name: fmt.Sprintf("loss=%g%%/rtt=%gms/window=%d", percent, float64(rtt)/float64(time.Millisecond), window),
					What: "one client on a bad wire",
					Wire: Wire{Loss: percent / 100, RTT: rtt},
					TFTP: &TFTP{Clients: 1, Files: 1, Blksize: common, Window: window, Size: max(blocks, 600) * common},
				})
			}
		}
	}
	return all
}

func others() []Point {
	return []Point{
		{Name: "http/large", What: "one file, by curl", HTTP: &HTTP{1, 1024 * mib}},
		{Name: "http/small", What: "2,000 files of 16 KiB over one connection, by curl", HTTP: &HTTP{2000, 16 * kib}},
		{Name: "dhcp/proxy/latency", What: "OFFERs of a proxy at 1,000 a second, by perfdhcp", DHCP: &DHCP{Rate: 1000}},
		{Name: "dhcp/proxy/rate", What: "the most OFFERs of a proxy of which less than 0.1 % are missing but for those that perfdhcp had no room for", DHCP: &DHCP{}},
		{Name: "dhcp/lease/latency", What: "addresses given at 1,000 a second, by perfdhcp", DHCP: &DHCP{Leases: true, Rate: 1000}},
		{Name: "dhcp/lease/rate", What: "the most addresses given of which less than 0.1 % are missing but for those that perfdhcp had no room for", DHCP: &DHCP{Leases: true}},
		{Name: "storm/100", What: "100 scripted machines boot Xen at once, 1 % loss", Storm: &Storm{100, "scenarios/xenserver-small.txtar"}},
		{Name: "storm/1000", What: "1,000 scripted machines boot Xen at once, 1 % loss", Storm: &Storm{1000, "scenarios/xenserver-small.txtar"}},
		{Name: "boot/ubuntu", What: "a real machine, from power on to its kernel", Boot: &Boot{"scenarios/ubuntu.txtar"}},
		{Name: "boot/xen", What: "a real machine, from power on to its kernel", Boot: &Boot{"scenarios/xenserver.txtar"}},
	}
}
