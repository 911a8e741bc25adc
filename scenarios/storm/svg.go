package storm

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// The picture, in pixels.
const (
	left, right, top, bottom = 70, 850, 50, 370
	picture                  = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 430" font-family="sans-serif" font-size="14">
<title>Boots over time</title>
<rect width="900" height="430" fill="white"/>
`
)

// A curve is how many have done something, over the time. The dashes tell curves apart without colour.
type curve struct {
	name, colour, dashes string
	when                 []time.Duration // sorted
}

// SVG draws how many clients were switched on, had booted, and were lost, over the time of their storms.
func (t *Tally) SVG(w io.Writer) error {
	curves := []curve{{name: "switched on", colour: "#666", dashes: "2 3"}, {name: "booted", colour: "#0a6"}, {name: "lost", colour: "#c22", dashes: "8 4"}}
	span := time.Millisecond
	for _, b := range t.Boots {
		end := 1
		if b.Lost != nil {
			end = 2
		}
		curves[0].when = append(curves[0].when, b.Began)
		curves[end].when = append(curves[end].when, b.Ended)
		span = max(span, b.Ended)
	}
	var s strings.Builder
	s.WriteString(picture)
	axes(&s, span, len(t.Boots))
	for i, c := range curves {
		slices.Sort(c.when)
		style := fmt.Sprintf(`fill="none" stroke="%s" stroke-width="2" stroke-dasharray="%s"`, c.colour, c.dashes)
		fmt.Fprintf(&s, "<polyline %s points=\"%s\"/>\n", style, c.points(span, len(t.Boots)))
		at := left + 220*i
		fmt.Fprintf(&s, "<path %s d=\"M%d 25h40\"/><text x=\"%d\" y=\"30\">%s: %d</text>\n", style, at, at+48, c.name, len(c.when))
	}
	s.WriteString("</svg>\n")
	_, err := io.WriteString(w, s.String())
	return err
}

// points is the curve, once for each pixel at most, and to the right edge.
func (c curve) points(span time.Duration, all int) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%d,%d", left, bottom)
	last := left
	for i, when := range c.when {
		x := left + int(when*(right-left)/span)
		if x > last || i == 0 {
			fmt.Fprintf(&s, " %d,%d", x, height(i, all))
		}
		last = x
		if i+1 == len(c.when) || left+int(c.when[i+1]*(right-left)/span) > x {
			fmt.Fprintf(&s, " %d,%d", x, height(i+1, all))
		}
	}
	fmt.Fprintf(&s, " %d,%d", right, height(len(c.when), all))
	return s.String()
}

func height(n, all int) int { return bottom - n*(bottom-top)/max(all, 1) }

// axes are the frame, with four marks a side.
func axes(s *strings.Builder, span time.Duration, all int) {
	fmt.Fprintf(s, "<path d=\"M%d %dV%dH%d\" fill=\"none\" stroke=\"black\"/>\n", left, top, bottom, right)
	for i := range 5 {
		x, y := left+i*(right-left)/4, height(i*all/4, all)
		fmt.Fprintf(s, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", x, bottom+22, short(span*time.Duration(i)/4))
		fmt.Fprintf(s, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%d</text>\n", left-8, y+5, i*all/4)
	}
	fmt.Fprintf(s, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">time since the storm began</text>\n", (left+right)/2, bottom+45)
}
