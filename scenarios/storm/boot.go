package storm

import "time"

// A Boot is what became of one client.
type Boot struct {
	LAN     int           `json:"lan"`    // from 0
	Client  int           `json:"client"` // of its LAN, from 1
	MAC     string        `json:"mac"`
	Profile string        `json:"profile"`
	Began   time.Duration `json:"began"` // after the beginning of its storm
	Ended   time.Duration `json:"ended"`
	Took    Took          `json:"took"`
	Again   int           `json:"again,omitempty"` // packets that were sent again, by it or to it
	Lost    *Loss         `json:"lost,omitempty"`
}

// A Loss is why a machine did not boot.
type Loss struct {
	Text     string `json:"text"`               // as its program says it
	Cause    string `json:"cause,omitempty"`    // what that means, where it is known
	Patience bool   `json:"patience,omitempty"` // nothing was wrong but silence, and its program waits no longer
	Again    string `json:"replay,omitempty"`   // the command that shows this boot alone
}
