package bench

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"
)

// The picture, in pixels: for each point a bar a server, one below the other.
const (
	barLeft, barRight = 200, 760
	barHeight, barGap = 14, 4
	pointGap          = 26
)

// colours are those of the servers; they tell apart for who sees no colours by their lightness.
var colours = []string{"#0a6", "#124", "#57a", "#b52", "#e96", "#777", "#bbb"}

// SVG draws the medians of some results, each in parts of the best of its point, with the range of its rounds.
func SVG(all []Result) string {
	var names []string
	var s strings.Builder
	y := 20
	for _, r := range all {
		fmt.Fprintf(&s, "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s: %s (%s)</text>\n", 10, y, html.EscapeString(r.Point.Name), html.EscapeString(r.Point.What), r.Unit.Name)
		y += 8
		most := 0.0
		for _, row := range r.Rows {
			most = max(most, row.Value.Max)
		}
		for _, row := range r.Rows {
			if !slices.Contains(names, row.Server) {
				names = append(names, row.Server)
			}
			bar(&s, row, y, cmp.Or(most, 1), colours[slices.Index(names, row.Server)%len(colours)])
			y += barHeight + barGap
		}
		y += pointGap
	}
	return fmt.Sprintf("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 900 %[1]d\" font-family=\"sans-serif\" font-size=\"12\">\n"+
		"<title>Servers side by side</title>\n<rect width=\"900\" height=\"%[1]d\" fill=\"white\"/>\n%s</svg>\n", y, s.String())
}

func bar(s *strings.Builder, row Row, y int, most float64, colour string) {
	x := func(v float64) int { return barLeft + int(v/most*(barRight-barLeft)) }
	base := y + barHeight - 3
	fmt.Fprintf(s, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", barLeft-8, base, html.EscapeString(row.Server))
	if len(row.Samples) == 0 {
		fmt.Fprintf(s, "<text x=\"%d\" y=\"%d\">failed</text>\n", barLeft, base)
		return
	}
	v := row.Value
	fmt.Fprintf(s, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n", barLeft, y, x(v.Median)-barLeft, barHeight, colour)
	fmt.Fprintf(s, "<path d=\"M%d %dH%d\" stroke=\"black\"/>\n", x(v.Min), y+barHeight/2, x(v.Max))
	fmt.Fprintf(s, "<text x=\"%d\" y=\"%d\">%.3g</text>\n", x(v.Max)+6, base, v.Median)
}
