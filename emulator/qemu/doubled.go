package qemu

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// A program that writes to the serial port itself, as pxelinux does after SERIAL, and to the screen too, which SeaBIOS
// (and EDK2) copy to the same port, is heard twice at once: the copy runs behind by a few letters, then catches up:
//
//	Booting kernel failed:Booting kernel failed:  Invalid argumenInvalid argutment
//
// Where the cursor is sent meanwhile says nothing, so this reads letters in the order in which they came.

const (
	// leastDoubled is the shortest text that is believed to be there twice: "papa" and "----" are words and lines.
	leastDoubled = 5
	// mostReadings bounds the ways to read a line that are followed at once.
	mostReadings = 32
	// mostDoubled bounds a line that is looked at: what speaks twice are loaders, whose lines are short.
	mostDoubled = 1024
)

// single is the text that a line holds twice, letter by letter.
func single(line string) (text string, doubled bool) {
	letters := []rune(line)
	if n := len(letters); n%2 != 0 || n < 2*leastDoubled || n > mostDoubled || !even(letters) {
		return "", false
	}
	if text, doubled = pairs(letters); !doubled {
		text, doubled = unshuffle(letters)
	}
	text = strings.TrimRight(text, " ")
	return text, doubled && len([]rune(text)) >= leastDoubled && strings.ContainsFunc(text, unicode.IsLetter)
}

// even tells whether every letter is there an even number of times, as in two copies of one text.
func even(letters []rune) bool {
	odd := map[rune]bool{}
	for _, r := range letters {
		if odd[r] = !odd[r]; !odd[r] {
			delete(odd, r)
		}
	}
	return len(odd) == 0
}

// pairs is the text of a line in which each letter is followed by its copy.
func pairs(letters []rune) (string, bool) {
	var text []rune
	for i := 0; i < len(letters); i += 2 {
		if letters[i] != letters[i+1] {
			return "", false
		}
		text = append(text, letters[i])
	}
	return string(text), true
}

// A reading is one way to read the beginning of a line: what the program wrote, how much of it the copy has, and
// whose the last letter was.
type reading struct {
	text   string
	copied int
	copy   bool
}

// unshuffle parts the line in the program's text and its copy: each letter is the next one of the copy or a new one of
// the text, and both are tried. Of several texts it is the one for which they take the fewest turns.
func unshuffle(letters []rune) (string, bool) {
	readings := map[reading]int{{}: 0} // and the turns taken
	half := len(string(letters)) / 2
	for _, letter := range letters {
		next := map[reading]int{}
		for r, turns := range readings {
			if strings.HasPrefix(r.text[r.copied:], string(letter)) {
				follow(next, reading{r.text, r.copied + len(string(letter)), true}, turns, r.copy)
			}
			if len(r.text) < half {
				follow(next, reading{r.text + string(letter), r.copied, false}, turns, r.copy)
			}
		}
		readings = likeliest(next)
	}
	turns := func(r reading) int { return readings[r] }
	for _, r := range sorted(readings, turns) {
		if r.copied == len(r.text) {
			return r.text, true
		}
	}
	return "", false
}

// follow notes a reading, if there is none like it that takes fewer turns.
func follow(readings map[reading]int, r reading, turns int, copied bool) {
	if r.copy != copied {
		turns++
	}
	if least, known := readings[r]; !known || turns < least {
		readings[r] = turns
	}
}

// likeliest are those readings that are worth following: those whose copy keeps up best.
func likeliest(readings map[reading]int) map[reading]int {
	if len(readings) > mostReadings {
		behind := func(r reading) int { return len(r.text) - r.copied }
		for _, r := range sorted(readings, behind)[mostReadings:] {
			delete(readings, r)
		}
	}
	return readings
}

// sorted are the readings by what they cost, and by the turns they take.
func sorted(readings map[reading]int, cost func(reading) int) []reading {
	return slices.SortedFunc(maps.Keys(readings), func(a, b reading) int {
		return cmp.Or(cmp.Compare(cost(a), cost(b)), cmp.Compare(readings[a], readings[b]), strings.Compare(a.text, b.text))
	})
}
