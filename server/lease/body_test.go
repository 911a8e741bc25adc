package lease

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/dhcp"
	"github.com/bootrig/bootrig/wire/pxe"
)

func TestOptionsGoOnInTheHeader(t *testing.T) {
	text := func(n int) []byte { return bytes.Repeat([]byte("x"), n) }
	type want struct {
		Main, File, Sname []byte // the numbers of the options
		Lacks             []uint8
	}
	for name, c := range map[string]struct {
		room        int
		file, sname bool // are free
		kept        []extra
		put         []extra
		want        want
	}{
		"of one number, in both": {100, true, true, nil, []extra{{224, text(60)}, {224, []byte("long" + string(text(50)))}, {224, []byte("short")}},
			want{Main: []byte{224, 52, 224}, File: []byte{224}}},
		"all fit":                        {100, true, true, nil, []extra{{224, text(40)}, {225, text(40)}}, want{Main: []byte{224, 225}}},
		"no field is free":               {100, false, false, nil, []extra{{224, text(90)}, {225, text(40)}, {226, text(4)}}, want{Main: []byte{224, 226}, Lacks: []uint8{225}}},
		"the file's field first":         {100, true, true, nil, []extra{{224, text(90)}, {225, text(40)}}, want{Main: []byte{224, 52}, File: []byte{225}}},
		"then the server name's":         {100, true, true, nil, []extra{{224, text(90)}, {225, text(100)}, {226, text(50)}}, want{Main: []byte{224, 52}, File: []byte{225}, Sname: []byte{226}}},
		"a file is named":                {100, false, true, nil, []extra{{224, text(90)}, {225, text(50)}}, want{Main: []byte{224, 52}, Sname: []byte{225}}},
		"a server is named":              {100, true, false, nil, []extra{{224, text(90)}, {225, text(124)}, {226, text(4)}}, want{Main: []byte{224, 52}, File: []byte{225}, Lacks: []uint8{226}}},
		"too long for either":            {100, true, true, nil, []extra{{224, text(200)}, {225, text(40)}}, want{Main: []byte{52, 225}, Lacks: []uint8{224}}},
		"room is kept for what is last":  {100, false, false, []extra{{43, text(50)}}, []extra{{224, text(60)}, {225, text(40)}}, want{Main: []byte{225, 43}, Lacks: []uint8{224}}},
		"short options behind a full go": {100, true, true, nil, []extra{{224, text(87)}, {225, text(40)}, {226, text(1)}}, want{Main: []byte{224, 52, 226}, File: []byte{225}}},
	} {
		t.Run(name, func(t *testing.T) {
			b := body{room: c.room}
			b.keep(c.kept)
			b.open(c.file, c.sname)
			for _, o := range c.put {
				b.put(o.code, o.value)
			}
			b.last(c.kept)
			head := make([]byte, header)
			b.fields(head)
			got := want{Main: numbers(b.main), Lacks: b.lacks}
			if b.at != 0 {
				got.File, got.Sname = numbers(head[108:236]), numbers(head[44:108])
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("options (-want +got):\n%s", diff)
			}
			copy(head[236:], "\x63\x82\x53\x63")
			read, err := dhcp.Parse(slices.Concat(head, b.main, []byte{pxe.OptEnd}))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(read.Options, b.options()); diff != "" {
				t.Errorf("what they say (-bytes +options):\n%s", diff)
			}
			if len(b.main) > c.room {
				t.Errorf("%d bytes of options, there is room for %d", len(b.main), c.room)
			}
		})
	}
}

func TestSubOptionsAreWholeInTheirOption(t *testing.T) {
	sub := func(n int) []byte { return append([]byte{1, byte(n - 2)}, make([]byte, n-2)...) }
	for name, c := range map[string]struct {
		sizes []int
		want  []int // of the options, their end included
	}{
		"few":                    {[]int{10, 20}, []int{31}},
		"as many as just fit":    {[]int{100, 154}, []int{255}},
		"no room for the end":    {[]int{100, 155}, []int{255}},
		"more than one can hold": {[]int{100, 100, 100}, []int{200, 101}},
	} {
		t.Run(name, func(t *testing.T) {
			var subs [][]byte
			for _, n := range c.sizes {
				subs = append(subs, sub(n))
			}
			var got []int
			for _, value := range nested(subs) {
				got = append(got, len(value))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("lengths (-want +got):\n%s", diff)
			}
		})
	}
}

// numbers are those of the options in b, up to their end.
func numbers(b []byte) (found []byte) {
	for len(b) > 1 && b[0] != pxe.OptEnd && b[0] != 0 {
		found = append(found, b[0])
		b = b[2+int(b[1]):]
	}
	return found
}
