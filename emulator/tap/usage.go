package tap

import "time"

// Usage is what the processes of a host have used.
type Usage struct {
	CPU    time.Duration // of those that run now, since they started
	Memory int64         // resident bytes
}
