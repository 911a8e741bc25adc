package matrix

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/scenarios/runner"
)

// Table writes Markdown: a line for each path and firmware, a column for each server. Rows that differ in card and
// board alone share a line.
func Table(w io.Writer, rows []Row, servers []string, records []Record) error {
	var b strings.Builder
	b.WriteString("| path | firmware | cards | " + strings.Join(servers, " | ") + " |\n")
	b.WriteString("| --- | --- | --- |" + strings.Repeat(" --- |", len(servers)) + "\n")
	for _, group := range groups(rows) {
		first := group[0]
		cells := []string{fmt.Sprintf("[%s](%s)", first.Path(), first.Scenario), first.Firmware, cards(group)}
		for _, server := range servers {
			cells = append(cells, cell(group, server, records))
		}
		for _, c := range cells {
			b.WriteString("| " + strings.ReplaceAll(c, "|", "\\|") + " ")
		}
		b.WriteString("|\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func groups(rows []Row) (list [][]Row) {
	for _, r := range rows {
		i := slices.IndexFunc(list, func(g []Row) bool { return g[0].Scenario == r.Scenario && g[0].Firmware == r.Firmware })
		if i < 0 {
			list = append(list, []Row{r})
			continue
		}
		list[i] = append(list[i], r)
	}
	return list
}

// hardware is what tells a row from the others of its line.
func (r Row) hardware() string {
	name := r.NIC
	if name == "" {
		name = "its own"
	}
	if r.Machine != "" {
		name += " on " + r.Machine
	}
	return name
}

// cards of a line, board by board.
func cards(group []Row) string {
	var boards []string
	names := map[string][]string{}
	for _, r := range group {
		if names[r.Machine] == nil {
			boards = append(boards, r.Machine)
		}
		names[r.Machine] = append(names[r.Machine], Row{NIC: r.NIC}.hardware())
	}
	for i, board := range boards {
		boards[i] = strings.Join(names[board], ", ")
		if board != "" {
			boards[i] = board + ": " + boards[i]
		}
	}
	return strings.Join(boards, "; ")
}

// cell tells of those that boot how long they took, and of each reason not to whose it is.
func cell(group []Row, server string, records []Record) string {
	var spent []time.Duration
	var reasons []string
	whose := map[string][]string{}
	for _, row := range group {
		r, found := Find(records, row, server)
		if found && r.Outcome == runner.Passed {
			spent = append(spent, r.Elapsed)
			continue
		}
		reason := "-"
		if found {
			reason = string(r.Outcome) + ": " + teller.Clean(r.Why)
		}
		if whose[reason] == nil {
			reasons = append(reasons, reason)
		}
		whose[reason] = append(whose[reason], row.hardware())
	}
	var parts []string
	if len(spent) > 0 {
		parts = append(parts, booted(len(spent), len(group))+seconds(spent))
	}
	for _, reason := range reasons {
		if len(group) > 1 && len(whose[reason]) < len(group) {
			reason = strings.Join(whose[reason], ", ") + ": " + reason
		}
		parts = append(parts, reason)
	}
	return strings.Join(parts, "; ")
}

func booted(some, all int) string {
	if all == 1 {
		return ""
	}
	return fmt.Sprintf("%d of %d: ", some, all)
}

// seconds is from the shortest to the longest.
func seconds(spent []time.Duration) string {
	from, to := slices.Min(spent).Round(time.Second), slices.Max(spent).Round(time.Second)
	if from == to {
		return fmt.Sprintf("%d s", from/time.Second)
	}
	return fmt.Sprintf("%d-%d s", from/time.Second, to/time.Second)
}
