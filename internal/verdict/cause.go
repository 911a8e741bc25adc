package verdict

import "github.com/bootrig/bootrig/wire/event"

// A Cause is a way for boots to end early.
type Cause struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Shows   string `json:"shows"`             // what shows it
	Refutes string `json:"refutes,omitempty"` // what shows that it is another
	Fix     string `json:"fix"`               // what to do
	Source  string `json:"source"`            // where the rule is from

	find    func(*Boot) *found
	despite bool // it shows in what was fetched, whatever the machine said that it did with that
}

// Sure is how sure a finding is.
type Sure string

// The words of it.
const (
	Certain  Sure = "certain"  // the facts leave no other
	Likely   Sure = "likely"   // it is what most often looks so
	Possible Sure = "possible" // it looks so, as others do
)

// found is what a cause's function says.
type found struct {
	sure Sure
	text string
	by   []event.Event
}

func certain(text string, by ...event.Event) *found  { return &found{Certain, text, by} }
func likely(text string, by ...event.Event) *found   { return &found{Likely, text, by} }
func possible(text string, by ...event.Event) *found { return &found{Possible, text, by} }

// sees is what was found, but no more than likely where facts are missing that would make it certain.
func (b *Boot) sees(f *found) *found {
	if f != nil && !b.Witnessed {
		f.sure = Likely
	}
	return f
}

// Causes are all, those that are looked for first at the front.
func Causes() []Cause {
	var all []Cause
	for _, some := range [][]Cause{answerCauses(), offerCauses(), leaseCauses(), reachCauses(), fileCauses(), programCauses(), silentCauses(), menuCauses(), guestCauses()} {
		all = append(all, some...)
	}
	return all
}

// Booted, Unknown and UnderWay are the verdicts that are no cause, and AtMenu the cause that is no fault.
const (
	Booted   = "booted"
	Unknown  = "unknown"
	UnderWay = "under-way"
	AtMenu   = "at-menu"
)

// The causes that are of more than one boot.
const (
	backAgain = "came-back"
	rebooted  = "reboot-loop"
)
