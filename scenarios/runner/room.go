package runner

import (
	"context"
	"runtime"
	"sync"

	"github.com/prometheus/procfs"
	"golang.org/x/sync/semaphore"

	"github.com/bootrig/bootrig/scenarios/runner/script"
)

// A room is what this host has for real machines: a processor core for each, since TCG emulates a machine on one
// core and two that share it exhaust each other's patience, and memory.
type room struct {
	cores, megabytes         *semaphore.Weighted
	mostCores, mostMegabytes int64
}

// here is the room that all runs of this process share.
var here = sync.OnceValue(func() *room { return newRoom(runtime.NumCPU(), freeMegabytes()) })

func newRoom(cores int, megabytes int64) *room {
	r := &room{mostCores: max(1, int64(cores)), mostMegabytes: max(1, megabytes)}
	r.cores, r.megabytes = semaphore.NewWeighted(r.mostCores), semaphore.NewWeighted(r.mostMegabytes)
	return r
}

// qemuMegabytes is what a machine takes beside its memory: QEMU's translated code, the files of the run.
const qemuMegabytes = 512

// enter waits until there is room for a run's machines. A run that is larger than the host waits until it is alone.
func (r *room) enter(ctx context.Context, guests []script.Guest) (leave func(), err error) {
	cores, megabytes := min(int64(len(guests)), r.mostCores), int64(0)
	for _, g := range guests {
		megabytes += g.Memory>>20 + qemuMegabytes
	}
	megabytes = min(megabytes, r.mostMegabytes)
	if err := r.cores.Acquire(ctx, cores); err != nil {
		return nil, err
	}
	if err := r.megabytes.Acquire(ctx, megabytes); err != nil {
		r.cores.Release(cores)
		return nil, err
	}
	return func() { r.megabytes.Release(megabytes); r.cores.Release(cores) }, nil
}

// freeMegabytes is what can be had without swapping. Where no /proc says, the cores are the limit.
func freeMegabytes() int64 {
	const unknown = 1 << 40
	proc, err := procfs.NewDefaultFS()
	if err != nil {
		return unknown
	}
	m, err := proc.Meminfo()
	if err != nil || m.MemAvailableBytes == nil {
		return unknown
	}
	return int64(*m.MemAvailableBytes >> 20)
}
