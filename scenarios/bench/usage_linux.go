package bench

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/prometheus/procfs"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// used is what the processes of a net namespace have used, with the children that they have waited for.
type used struct {
	cpu    time.Duration
	memory int64 // the most of each
	files  int
}

// look reads it.
func look(ns netns.NsHandle) (u used) {
	var ours unix.Stat_t
	if unix.Fstat(int(ns), &ours) != nil {
		return u
	}
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		var its unix.Stat_t
		if err != nil || pid == os.Getpid() || unix.Stat(fmt.Sprintf("/proc/%d/ns/net", pid), &its) != nil || its.Ino != ours.Ino {
			continue
		}
		u.add(pid)
	}
	return u
}

// add adds a process, unless it has ended meanwhile.
func (u *used) add(pid int) {
	p, err := procfs.NewProc(pid)
	if err != nil {
		return
	}
	if s, err := p.Stat(); err == nil {
		const tick = time.Second / 100 // USER_HZ (proc(5)), the same everywhere
		u.cpu += time.Duration(s.UTime+s.STime)*tick + time.Duration(s.CUTime+s.CSTime)*tick
	}
	if s, err := p.NewStatus(); err == nil {
		u.memory += int64(s.VmHWM)
	}
	if n, err := p.FileDescriptorsLen(); err == nil {
		u.files += n
	}
}

// A meter looks now and then what a server uses, from begin to end.
type meter struct {
	ns    netns.NsHandle
	stop  chan struct{}
	done  chan struct{}
	began used
	most  used
	load  time.Duration
	at    time.Time
}

func newMeter(ns netns.NsHandle) *meter {
	m := &meter{ns: ns, stop: make(chan struct{}), done: make(chan struct{}), began: look(ns), load: ownCPU(), at: time.Now()}
	m.most = m.began
	go m.run()
	return m
}

// run looks five times a second, or as often as that takes a twentieth of the load's time.
func (m *meter) run() {
	defer close(m.done)
	for next := time.Second / 5; ; {
		timer := time.NewTimer(next)
		select {
		case <-m.stop:
			timer.Stop()
			return
		case <-timer.C:
		}
		began := time.Now()
		m.take()
		next = max(time.Second/5, 20*time.Since(began))
	}
}

func (m *meter) take() {
	now := look(m.ns)
	m.most = used{max(m.most.cpu, now.cpu), max(m.most.memory, now.memory), max(m.most.files, now.files)}
}

// end fills in what was used since the beginning.
func (m *meter) end(s *Sample) {
	took, own := time.Since(m.at), ownCPU()-m.load
	close(m.stop)
	<-m.done
	m.take()
	s.CPU, s.Memory, s.Files = m.most.cpu-m.began.cpu, m.most.memory, m.most.files
	s.Load = float64(own) / float64(took)
}

// ownCPU is what the load has used, its tools too.
func ownCPU() (total time.Duration) {
	for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var u unix.Rusage
		if unix.Getrusage(who, &u) == nil {
			total += time.Duration(u.Utime.Nano() + u.Stime.Nano())
		}
	}
	return total
}

// pin has all threads of this process run on some cores: those that they start do so too.
func pin(cores []int) error {
	for seen := -1; ; {
		tasks, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return err
		}
		if len(tasks) == seen {
			return nil
		}
		seen = len(tasks)
		for _, t := range tasks {
			tid, err := strconv.Atoi(t.Name())
			if err == nil {
				err = unix.SchedSetaffinity(tid, set(cores))
			}
			if err != nil && !errors.Is(err, unix.ESRCH) { // it has ended
				return err
			}
		}
	}
}
