package bench

import "slices"

// Figures are what several rounds come to.
type Figures struct {
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
}

// of leaves out the best and the worst, if something is left then.
func of(values []float64) Figures {
	if len(values) == 0 {
		return Figures{}
	}
	values = slices.Sorted(slices.Values(values))
	if len(values) > 2 {
		values = values[1 : len(values)-1]
	}
	n := len(values)
	return Figures{Median: (values[(n-1)/2] + values[n/2]) / 2, Min: values[0], Max: values[n-1]}
}
