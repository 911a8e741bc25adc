package report

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/bootrig/bootrig/internal/teller"
	"github.com/bootrig/bootrig/scenarios/runner"
)

// What the page of a CI step holds: GitHub shows no summary of more than 1 MiB.
const (
	maxMarkdown = 900 << 10
	maxDetails  = 50
)

// AppendMarkdown puts results behind what a file has: a CI server's steps share one.
func AppendMarkdown(path string, results []runner.Result) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(markdown(results))
	return errors.Join(err, f.Close())
}

// markdown tells what failed, and then all in a table.
func markdown(results []runner.Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "### bootrig: %s\n\n", Sum(results))
	details := 0
	for _, r := range results {
		if r.Outcome != runner.Failed && r.Outcome != runner.Wrong {
			continue
		}
		if details++; details <= maxDetails {
			detail(&b, r)
		}
	}
	if details > maxDetails {
		fmt.Fprintf(&b, "%d more failed.\n\n", details-maxDetails)
	}
	b.WriteString("| scenario | world | server | result | time |\n| --- | --- | --- | --- | ---: |\n")
	for n, r := range results {
		if b.Len() > maxMarkdown {
			fmt.Fprintf(&b, "\n%d runs more are left out.\n", len(results)-n)
			break
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s %s | %s |\n", plain(Name(r)), r.World, plain(r.Server), Signs[r.Outcome], plain(Verdict(r)), brief(r.Elapsed))
	}
	b.WriteString("\n")
	return b.String()
}

// Signs tell outcomes apart without colour.
var Signs = map[runner.Outcome]string{runner.Passed: "✓", runner.Failed: "✗", runner.NotTested: "–", runner.Wrong: "!"}

// detail is what the terminal says of a run, to be unfolded.
func detail(b *strings.Builder, r runner.Result) {
	const longest = 8 << 10
	var told strings.Builder
	_ = Result(&told, r) // nothing can fail in memory
	if r.Outcome == runner.Wrong {
		fmt.Fprintf(&told, "  %s\n", strings.ReplaceAll(r.Reason, "\n", "\n  "))
	}
	text := told.String()
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "") + "\n[cut]\n"
	}
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	fmt.Fprintf(b, "<details><summary>%s %s as %s, server %s: %s</summary>\n\n%stext\n%s%s\n\n</details>\n\n",
		Signs[r.Outcome], plain(Name(r)), r.World, plain(r.Server), plain(Verdict(r)), fence, text, fence)
}

// plain is a text that Markdown has no other meaning for, in a table too.
func plain(text string) string {
	var b strings.Builder
	for _, r := range teller.Clean(text) {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '&':
			b.WriteString("&amp;")
		case strings.ContainsRune("\\`*_[]>|~#@:!", r):
			b.WriteRune('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
