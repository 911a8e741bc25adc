package verdict

import (
	"fmt"
	"strings"
)

// Page is the table of causes as people read it, in Markdown.
func Page() string {
	var b strings.Builder
	b.WriteString(`# Why a machine does not boot

What ` + "`bootrig serve`, `bootrig machines`, `bootrig explain` and `bootrig test`" + ` tell apart, in the order in which they look for it: the
first that fits is the most likely. This page is made of their table (go test ./internal/verdict -update).

Beside these a boot is ` + "`booted`" + `, as far as it was seen, ` + "`under-way`" + ` where a capture ends in the middle of a file, or
` + "`unknown`" + `. Of firmware that tried one way in vain, and booted by the next, the first is told, and counts as no failure.
`)
	for _, c := range Causes() {
		fmt.Fprintf(&b, "\n## %s\n\n`%s`\n\n- Shows it: %s.\n", c.Name, c.ID, c.Shows)
		if c.Refutes != "" {
			fmt.Fprintf(&b, "- Shows that it is another: %s.\n", c.Refutes)
		}
		fmt.Fprintf(&b, "- What to do: %s.\n- See: %s.\n", c.Fix, c.Source)
	}
	return b.String()
}
