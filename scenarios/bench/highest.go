package bench

// allowed is the part of the answers that may be missing, beside those that came and the load had no room for.
const allowed = 0.001

// borne tells whether a server bears the rate at which it was asked.
func (s Sample) borne() bool {
	return s.Clients > 0 && float64(s.Failed-s.Dropped) <= allowed*float64(s.Clients)
}

// highest looks for the highest rate that a server bears, and gives what was measured where most answers came: twice as
// many as long as it bears them, and then four times the middle.
func highest(ask func(rate int) (Sample, error)) (best Sample, err error) {
	const first, last, halvings = 1000, 500_000, 4
	try := func(rate int) (good bool, err error) {
		s, err := ask(rate)
		if good = err == nil && s.borne(); good && s.Value > best.Value {
			best = s
		}
		return good, err
	}
	low, high := 0, first
	for {
		good, err := try(high)
		if err != nil {
			return best, err
		}
		if !good || high > last {
			break
		}
		low, high = high, 2*high
	}
	for range halvings {
		middle := (low + high) / 2
		good, err := try(middle)
		if err != nil {
			return best, err
		}
		if good {
			low = middle
		} else {
			high = middle
		}
	}
	return best, nil
}
