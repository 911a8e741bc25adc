package tap

import (
	"time"

	"github.com/prometheus/procfs"
)

// Usage adds up what the host's processes use. One that has ended counts no more.
func (h *Host) Usage() (u Usage) {
	for _, pid := range h.ns.processes() {
		p, err := procfs.NewProc(pid)
		if err != nil {
			continue // it has ended meanwhile
		}
		if s, err := p.Stat(); err == nil {
			u.CPU += time.Duration(s.CPUTime() * float64(time.Second))
			u.Memory += int64(s.ResidentMemory())
		}
	}
	return u
}
