package bench

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// A column says something of a row; "" is nothing.
type column struct {
	name string
	cell func(Row) string
}

// columns are those of a result; first is the server that the others are compared with.
func (r Result) columns(first string) []column {
	digits := func(v float64) string {
		if v >= 100 {
			return fmt.Sprintf("%.0f", v)
		}
		return fmt.Sprintf("%.3g", v)
	}
	return []column{
		{"server", func(row Row) string { return row.Server }},
		{r.Unit.Name, func(row Row) string { return some(len(row.Samples), digits(row.Value.Median)) }},
		{"from - to", func(row Row) string {
			return some(len(row.Samples)-1, digits(row.Value.Min)+" - "+digits(row.Value.Max))
		}},
		{first + " is", func(row Row) string {
			if row.Ratio.Median == 0 || row.Server == first {
				return ""
			}
			return fmt.Sprintf("%.2f x", row.Ratio.Median)
		}},
		{"CPU s/GB", row(perGB, "%.2f")},
		{"CPU ms", row(func(s Sample) float64 {
			if s.Bytes > 0 {
				return 0
			}
			return float64(s.CPU.Milliseconds())
		}, "%.0f")},
		{"CPU µs each", row(func(s Sample) float64 {
			if r.Point.DHCP == nil || s.Clients == s.Failed {
				return 0
			}
			return float64(s.CPU.Microseconds()) / float64(s.Clients-s.Failed)
		}, "%.0f")},
		{"MiB", row(func(s Sample) float64 { return float64(s.Memory) / mib }, "%.0f")},
		{"files", row(func(s Sample) float64 { return float64(s.Files) }, "%.0f")},
		{"resends", row(func(s Sample) float64 { return float64(s.Resends) }, "%.0f")},
		{"failed", row(func(s Sample) float64 { return float64(s.Failed) }, "%.0f")},
		{"p50", took(func(s Sample) time.Duration { return s.P50 })},
		{"p99", took(func(s Sample) time.Duration { return s.P99 })},
		{"round trip", row(func(s Sample) float64 { return float64(s.Trip.Nanoseconds()) / 1000 }, "%.1f µs")},
		{"in the server", func(row Row) string {
			return some(int(row.Stay), fmt.Sprintf("%.1f µs", float64(row.Stay.Nanoseconds())/1000))
		}},
		{"load", row(func(s Sample) float64 { return 100 * s.Load / float64(max(s.Cores, 1)) }, "%.0f %%")},
		{"lost by the load", row(func(s Sample) float64 { return float64(s.Dropped) }, "%.0f")},
	}
}

func some(n int, text string) string {
	if n <= 0 {
		return ""
	}
	return text
}

func perGB(s Sample) float64 {
	if s.Bytes == 0 {
		return 0
	}
	return s.CPU.Seconds() / (float64(s.Bytes) / 1e9)
}

// row is a column of medians; 0 is nothing.
func row(value func(Sample) float64, format string) func(Row) string {
	return func(r Row) string {
		var values []float64
		for _, s := range r.Samples {
			values = append(values, value(s))
		}
		f := of(values)
		if f.Max == 0 {
			return ""
		}
		return fmt.Sprintf(format, f.Median)
	}
}

func took(value func(Sample) time.Duration) func(Row) string {
	return row(func(s Sample) float64 { return value(s).Seconds() * 1000 }, "%.0f ms")
}

// Text writes a result as a table in Markdown, without columns in which nothing is.
func (r Result) Text(w io.Writer) error {
	cols := r.columns(r.Rows[0].Server)
	table := make([][]string, len(r.Rows))
	cols = slices.DeleteFunc(cols, func(c column) bool {
		return !slices.ContainsFunc(r.Rows, func(row Row) bool { return c.cell(row) != "" })
	})
	var head []string
	for _, c := range cols {
		head = append(head, c.name)
		for i, row := range r.Rows {
			table[i] = append(table[i], cmp.Or(c.cell(row), "-"))
		}
	}
	var s strings.Builder
	fmt.Fprintf(&s, "### %s: %s\n\n", r.Point.Name, r.Point.What)
	lines(&s, head, table)
	r.phases(&s)
	for _, row := range r.Rows {
		if why := row.why(); why != "" {
			fmt.Fprintf(&s, "\n%s: %s\n", row.Server, why)
		}
	}
	s.WriteString("\n")
	_, err := io.WriteString(w, s.String())
	return err
}

// why is what went wrong, at first.
func (r Row) why() string {
	if r.Error != "" {
		return r.Error
	}
	for _, s := range r.Samples {
		if s.Why != "" {
			return s.Why
		}
	}
	return ""
}

// lines write a table whose columns are as wide as they have to be.
func lines(s *strings.Builder, head []string, table [][]string) {
	wide := make([]int, len(head))
	for _, cells := range append([][]string{head}, table...) {
		for i, cell := range cells {
			wide[i] = max(wide[i], len(cell))
		}
	}
	line := func(cells []string) {
		for i, cell := range cells {
			if i == 0 {
				fmt.Fprintf(s, "| %-*s |", wide[i], cell)
			} else {
				fmt.Fprintf(s, " %*s |", wide[i], cell)
			}
		}
		s.WriteString("\n")
	}
	line(head)
	for i := range head {
		switch i {
		case 0:
			s.WriteString("| " + strings.Repeat("-", wide[i]) + " |")
		default:
			s.WriteString(" " + strings.Repeat("-", wide[i]-1) + ": |")
		}
	}
	s.WriteString("\n")
	for _, cells := range table {
		line(cells)
	}
}

// phases write the medians of each phase of a boot.
func (r Result) phases(s *strings.Builder) {
	var table [][]string
	head := []string{"median of"}
	for _, row := range r.Rows {
		all := map[string][]float64{}
		for _, sample := range row.Samples {
			for _, p := range sample.Phases {
				if !slices.Contains(head, p.Name) {
					head = append(head, p.Name)
				}
				all[p.Name] = append(all[p.Name], p.Took.Seconds())
			}
		}
		if len(row.Samples) == 0 {
			continue
		}
		cells := []string{row.Server}
		for _, name := range head[1:] {
			cells = append(cells, fmt.Sprintf("%.2f s", of(all[name]).Median))
		}
		table = append(table, cells)
	}
	if len(head) > 1 {
		s.WriteString("\n")
		lines(s, head, table)
	}
}
