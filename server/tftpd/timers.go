package tftpd

// timers is a heap (container/heap) of transfers, the earliest deadline first; of equal ones the oldest
// transfer, so that a simulation runs the same way each time.
type timers []*running

func (t timers) Len() int { return len(t) }

func (t timers) Less(i, j int) bool {
	if t[i].at.Equal(t[j].at) {
		return t[i].xfer < t[j].xfer
	}
	return t[i].at.Before(t[j].at)
}

func (t timers) Swap(i, j int) {
	t[i], t[j] = t[j], t[i]
	t[i].index, t[j].index = i, j
}

// Push and Pop are container/heap's.
func (t *timers) Push(x any) {
	r := x.(*running)
	r.index = len(*t)
	*t = append(*t, r)
}

func (t *timers) Pop() any {
	last := len(*t) - 1
	r := (*t)[last]
	(*t)[last] = nil
	*t = (*t)[:last]
	r.index = -1
	return r
}
