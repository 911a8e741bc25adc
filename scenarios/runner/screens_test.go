package runner

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAScreenThatIsTheSameIsKeptOnce(t *testing.T) {
	for name, c := range map[string]struct{ shots, want [][2]string }{
		"each is another":             {[][2]string{{"asking", "a"}, {"told", "b"}, {"end", "c"}}, [][2]string{{"asking", "1"}, {"told", "2"}, {"end", "end"}}},
		"nothing moves":               {[][2]string{{"asking", "a"}, {"told", "a"}, {"loaded", "a"}}, [][2]string{{"asking", "1"}}},
		"an old screen comes again":   {[][2]string{{"asking", "a"}, {"told", "b"}, {"loaded", "a"}}, [][2]string{{"asking", "1"}, {"told", "2"}, {"loaded", "3"}}},
		"nothing moves up to the end": {[][2]string{{"asking", "a"}, {"told", "b"}, {"end", "b"}}, [][2]string{{"asking", "1"}, {"told, and at the end", "end"}}},
		"the end is all there is":     {[][2]string{{"end", "a"}}, [][2]string{{"end", "end"}}},
	} {
		var a album
		files := []string{"1", "2", "3"}
		for n, s := range c.shots {
			file := files[n]
			if s[0] == atEnd {
				file = atEnd
			}
			a.add(Screen{At: s[0], File: file}, []byte(s[1]))
		}
		var got [][2]string
		for _, s := range a.shots {
			got = append(got, [2]string{s.At, s.File})
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
