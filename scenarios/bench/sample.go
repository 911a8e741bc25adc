package bench

import "time"

// A Sample is what one server did in one round of one point.
type Sample struct {
	Value   float64       `json:"value"`             // in the unit of the point
	Bytes   int64         `json:"bytes,omitempty"`   // that came
	CPU     time.Duration `json:"cpu"`               // that the server's processes used
	Memory  int64         `json:"memory"`            // the most bytes that were resident, of all of them together
	Files   int           `json:"files"`             // the most descriptors that were open
	Load    float64       `json:"load"`              // cores that the load was busy on, its tools among it: 1.0 is one whole
	Cores   int           `json:"cores"`             // that it had
	Resends int           `json:"resends,omitempty"` // packets that clients sent again
	Dropped int           `json:"dropped,omitempty"` // packets that the load itself lost, for want of room
	Clients int           `json:"clients,omitempty"`
	Failed  int           `json:"failed,omitempty"` // of the clients
	P50     time.Duration `json:"p50,omitempty"`    // how long a client took
	P99     time.Duration `json:"p99,omitempty"`
	Trip    time.Duration `json:"trip,omitempty"`   // what a block of a lone client in lock step took, the whole round trip
	Stay    time.Duration `json:"stay,omitempty"`   // the median part of it that passed in the server; of a round that does not count
	Phases  []Phase       `json:"phases,omitempty"` // of a boot
	Why     string        `json:"why,omitempty"`    // the first failure
}

// A Phase is a part of a boot.
type Phase struct {
	Name string        `json:"name"`
	Took time.Duration `json:"took"`
}
