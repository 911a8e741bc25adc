package iso9660_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bootrig/bootrig/server/content/iso9660"
	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
)

// rootRecords is what the root has in a hostile image, beside a file that is right.
func rootRecords(records ...[]byte) func(small) {
	right := newRecord("RIGHT.;1", atFile, 5, 0, join(px(0o100644), nm("right")))
	return func(s small) { s.directory(atRoot, atRoot, append([][]byte{right}, records...)...) }
}

// inner is where the first record of sub lies that is not its own.
const inner = 2 * (34 + 36)

var hostile = map[string]struct {
	spoil func(small)
	want  string // a regular expression of the errors
}{
	"a directory that holds itself": {rootRecords(newRecord("LOOP", atRoot, sector, directoryFlag, nm("loop"))),
		`^readdir loop: the directory holds itself: it is "." above it$`},
	"two directories that hold each other": {func(s small) {
		s.directory(atSub, atRoot, newRecord("UP", atRoot, sector, directoryFlag, nm("up")))
	}, `^readdir sub/up: the directory holds itself: it is "." above it$`},
	"a relocated directory that is the one it lies in": {rootRecords(newRecord("LOOP", atRoot, 0, 0, join(nm("loop"), cl(atRoot)))),
		`^readdir loop: the directory holds itself`},
	"a relocated directory outside the image": {rootRecords(newRecord("FAR", 1<<30, 0, 0, join(nm("far"), cl(1<<30)))),
		`^open far: a directory is said to lie at byte 2199023255552, and the image ends at 49152: is the download whole\?$`},
	"a relocated directory where there is none": {rootRecords(newRecord("NONE", atFile, 0, 0, join(nm("none"), cl(atPrimary)))),
		`^open none: (no directory begins at|the directory record at) byte 32768`},
	"directories that overlap": {func(s small) {
		clear(s.at(atMore))
		s.directory(atRoot, atRoot, newRecord("A", atSub, 2*sector, directoryFlag, nm("a")), newRecord("B", atMore, sector, directoryFlag, nm("b")))
	}, `^readdir b: the directory lies where another does, at byte 43008 of the image$`},
	"a directory outside the image": {rootRecords(newRecord("FAR", 1<<31, sector, directoryFlag, nm("far"))),
		`^readdir far: it lies at bytes 4398046511104 to 4398046513152, and the image ends at 49152: is the download whole\?$`},
	"a directory of 4 GiB": {rootRecords(newRecord("HUGE", atSub, 1<<32-sector, directoryFlag, nm("huge"))),
		`^readdir huge: the directory has 4095 MiB of records, and 64 may be$`},
	"a file outside the image": {rootRecords(newRecord("FAR.;1", smallSectors-1, sector+1, 0, nm("far"))),
		`^open far: it lies at bytes 47104 to 49153, and the image ends at 49152: is the download whole\?$`},
	"a file whose parts end": {rootRecords(newRecord("PARTS.;1", atFile, 5, moreFlag, nm("parts"))),
		`^readdir \.: the file whose record lies at byte \d+ has more parts, and they do not follow$`},
	"a file in parts, another's between": {rootRecords(newRecord("PARTS.;1", atFile, 5, moreFlag, nm("parts")), newRecord("X.;1", atFile, 5, 0, nil)),
		`^readdir \.: the file whose record lies at byte \d+ has more parts, and they do not follow$`},
	"a directory in parts": {rootRecords(newRecord("PARTS", atSub, sector, moreFlag|directoryFlag, nm("parts"))),
		`^readdir \.: the directory whose record lies at byte \d+ has several parts$`},
	"a record longer than its sector":     {rootRecords(newRecord("SUB", atSub, inner+40, directoryFlag, nm("sub"))), `^readdir sub: the directory record at byte \d+ is truncated$`},
	"a record shorter than any":           {func(s small) { s.at(atSub)[inner] = 20 }, `^readdir sub: the directory record at byte \d+ is truncated$`},
	"a record with a name longer than it": {func(s small) { s.at(atSub)[inner+32] = 200 }, `^readdir sub: the directory record at byte \d+ is truncated$`},
	"a record without a name":             {func(s small) { s.at(atSub)[inner+32] = 0 }, `^readdir sub: the directory record at byte \d+ is truncated$`},
	"continuation areas without end":      {func(s small) { clear(s.at(atMore)); copy(s.at(atMore), ce(atMore, 0, 105)) }, `^open LONG: the directory record at byte \d+ has more than 32 continuation areas$`},
	"a continuation area across a block":  {rootRecords(newRecord("X.;1", atFile, 5, 0, join(nm("x"), ce(atMore, 2000, 100)))), `^open x: the directory record at byte \d+ has a continuation area of 100 bytes at 2000 of a block$`},
	"a continuation area of 4 GiB":        {rootRecords(newRecord("X.;1", atFile, 5, 0, join(nm("x"), ce(atMore, 1, -1)))), `^open x: the directory record at byte \d+ has a continuation area of 4294967295 bytes at 1 of a block$`},
	"a continuation area outside":         {rootRecords(newRecord("X.;1", atFile, 5, 0, join(nm("x"), ce(1<<31, 0, 100)))), `^open x: the directory record at byte \d+ has a continuation area behind the end of the image$`},
	"a truncated CE":                      {rootRecords(newRecord("X.;1", atFile, 5, 0, join(nm("x"), use("CE", []byte{1})))), `^open x: the directory record at byte \d+ has a truncated system use entry, "CE"$`},
	"a truncated entry":                   {rootRecords(newRecord("X.;1", atFile, 5, 0, join(nm("x"), []byte{'P', 'X', 200, 1}))), `^open x: the directory record at byte \d+ has a truncated system use entry, "PX"$`},
	"an entry of no length":               {rootRecords(newRecord("X.;1", atFile, 5, 0, join(nm("x"), []byte{'P', 'X', 0, 1}))), `^open x: the directory record at byte \d+ has a truncated system use entry, "PX"$`},
	"a PX without a mode":                 {rootRecords(newRecord("X.;1", atFile, 5, 0, join(nm("x"), use("PX", nil)))), `^open x: the directory record at byte \d+ has a truncated system use entry, "PX"$`},
	"a name without end": {func(s small) {
		copy(s.at(atMore), join(ce(atMore, 0, 105), nm(strings.Repeat("n", 72))))
	}, `^open n+: the directory record at byte \d+ has a name of more than 1024 bytes$`},
	"a link without end": {func(s small) {
		rootRecords(newRecord("X.;1", 0, 0, 0, join(px(0o120777), nm("x"), ce(atMore, 0, 28+207))))(s)
		copy(s.at(atMore), join(ce(atMore, 0, 28+207), sl(strings.Repeat("t", 200))))
	}, `^readlink x: the directory record at byte \d+ has a link of more than 4096 bytes$`},
	"a truncated link": {rootRecords(newRecord("X.;1", 0, 0, 0, join(px(0o120777), nm("x"), use("SL", []byte{0, 0, 9})))),
		`^readlink x: the directory record at byte \d+ has a truncated link$`},
	"a file in zisofs": {rootRecords(newRecord("X.;1", atFile, 5, 0, join(nm("x"), use("ZF", make([]byte, 12))))),
		`^open x: it is compressed by zisofs, which is not supported: the image must be made without it$`},
	"an interleaved file": {func(s small) {
		r := newRecord("X.;1", atFile, 5, 0, nm("x"))
		r[26] = 1
		rootRecords(r)(s)
	}, `^open x: its bytes are interleaved with another file's, which is not supported$`},
	"a link without a target": {rootRecords(newRecord("A.;1", 0, 0, 0, join(px(0o120777), nm("x"))), newRecord("B.;1", 0, 0, 0, join(px(0o120777), nm("y"), sl("x")))),
		`^readlink x: file does not exist$`},
	"a link that is its own target": {rootRecords(newRecord("A.;1", 0, 0, 0, join(px(0o120777), nm("x"), sl("x")))), ``},
}

func TestAHostileImageIsOneLine(t *testing.T) {
	for name, c := range hostile {
		t.Run(name, func(t *testing.T) {
			s := newSmall()
			c.spoil(s)
			image, err := iso9660.Open(bytes.NewReader(s), int64(len(s)))
			if err != nil {
				t.Fatal(err)
			}
			names, errs := isotest.Walk(image, 100)
			if names == 0 || c.want == "" && len(errs) > 0 || c.want != "" && len(errs) != 1 {
				t.Fatalf("of %d names: %v", names, errs)
			}
			for _, link := range []string{"x", "y"} {
				if _, err := image.Stat(link); err != nil && strings.Contains(err.Error(), "\n") {
					t.Error(err)
				}
			}
			if c.want != "" && !regexp.MustCompile(c.want).MatchString(errs[0].Error()) {
				t.Errorf("it says %q, and not %s", errs[0], c.want)
			}
		})
	}
}

func TestAnImageThatIsNoneIsOneLine(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(small) small
		want  string
	}{
		"nothing":            {func(s small) small { return nil }, `no ISO 9660 image, or a truncated one: 0 bytes end before the volume descriptors do`},
		"a page of HTML":     {func(s small) small { return bytes.Repeat([]byte("<html>"), 10000) }, `no ISO 9660 image: no volume descriptor at byte 32768`},
		"the first sectors":  {func(s small) small { return s[:atJoliet*sector+100] }, `no ISO 9660 image, or a truncated one: 34916 bytes end before the volume descriptors do`},
		"the descriptors":    {func(s small) small { return s[:atRoot*sector] }, `a directory is said to lie at byte 38912, and the image ends at 38912: is the download whole?`},
		"no primary":         {func(s small) small { s.at(atPrimary)[0] = 3; return s }, `the image has no primary volume descriptor`},
		"blocks of 0 bytes":  {func(s small) small { s.at(atPrimary)[129] = 0; return s }, `the volume descriptor at byte 32768 has blocks of 0 bytes: 512, 1024 and 2048 are known`},
		"a root that is not": {func(s small) small { s.at(atPrimary)[156+25] = 0; return s }, `the root of the volume descriptor at byte 32768 is no directory`},
		"descriptors without end": {func(s small) small {
			s = append(s, make(small, 100*sector)...)
			for n := atTerminator; n < 100; n++ {
				copy(s.at(n), s.at(atPrimary))
			}
			return s
		}, `the image has more than 64 volume descriptors`},
	} {
		t.Run(name, func(t *testing.T) {
			s := c.spoil(newSmall())
			_, err := iso9660.Open(bytes.NewReader(s), int64(len(s)))
			if err == nil || err.Error() != c.want {
				t.Errorf("it says %q, and not %q", err, c.want)
			}
		})
	}
}

// TestDirectoriesThatHoldTheNextTwice could be walked in 2^40 ways.
func TestDirectoriesThatHoldTheNextTwice(t *testing.T) {
	const levels = 40
	s := append(newSmall(), make(small, levels*sector)...)
	s.directory(atRoot, atRoot, newRecord("A", smallSectors, sector, directoryFlag, nm("a")))
	for n := range levels - 1 {
		at := smallSectors + n
		s.directory(at, at, newRecord("A", at+1, sector, directoryFlag, nm("a")), newRecord("B", at+1, sector, directoryFlag, nm("b")))
	}
	image, err := iso9660.Open(bytes.NewReader(s), int64(len(s)))
	if err != nil {
		t.Fatal(err)
	}
	names, errs := isotest.Walk(image, 10000)
	if slices.Contains(errs, isotest.ErrTooMany) || len(errs) == 0 {
		t.Errorf("%d names, %d errors", names, len(errs))
	}
	for _, err := range errs {
		if !strings.Contains(err.Error(), "has another name") {
			t.Error(err)
		}
	}
}

// TestNamesWithoutEnd has directories that are as large as they may be, with links as long as they may be.
func TestNamesWithoutEnd(t *testing.T) {
	const directories, size = 20, 4 << 20
	s := append(newSmall(), make(small, directories*size)...)
	copy(s.at(atMore), sl(strings.Repeat("t", 200)))
	var records [][]byte
	for d := range directories {
		at := smallSectors + d*size/sector
		records = append(records, newRecord(string(rune('A'+d)), at, size, directoryFlag, nil))
		for n := range size / sector {
			b := s.at(at + n)
			for i := 0; i+120 < sector; i += 120 {
				name := binary.BigEndian.AppendUint32([]byte("N"), uint32(n*100+i)|0x01010101)
				copy(b[i:], newRecord("X.;1", atFile, 1, 0, join(use("NM", append([]byte{0}, name...)), px(0o120777), ce(atMore, 0, 207))))
				b[i] = 120
			}
		}
	}
	s.directory(atRoot, atRoot, records...)
	image, err := iso9660.Open(bytes.NewReader(s), int64(len(s)))
	if err != nil {
		t.Fatal(err)
	}
	before := heap()
	_, errs := isotest.Walk(image, 10_000_000)
	if held := heap() - before; held > 90<<20 {
		t.Errorf("%d MiB are held, of an image of %d", held>>20, len(s)>>20)
	}
	if len(errs) > 0 {
		t.Errorf("%d errors, the first: %v", len(errs), errs[0])
	}
	runtime.KeepAlive(image)
}

// TestManyContinuationAreas has a directory of 1.6 MiB whose records have 40 MiB of continuation areas.
func TestManyContinuationAreas(t *testing.T) {
	const records = 20000
	s := append(newSmall(), make(small, (records/20+1)*sector)...)
	r := newRecord("X.;1", atFile, 5, 0, ce(atMore, 0, sector))
	for n := range records {
		copy(s.at(smallSectors + n/20)[n%20*len(r):], r)
	}
	s.directory(atRoot, atRoot, newRecord("MANY", smallSectors, records/20*sector, directoryFlag, nm("many")))
	image, err := iso9660.Open(bytes.NewReader(s), int64(len(s)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := image.ReadDir("many"); err == nil || err.Error() != "readdir many: the directory has more than 32 MiB of continuation areas" {
		t.Error(err)
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestWhatIsSeenOfOddNames(t *testing.T) {
	for name, c := range map[string]struct {
		records [][]byte
		want    map[string]string // beside right
	}{
		"names that nobody can ask for": {[][]byte{newRecord("A.;1", atFile, 5, 0, nm("../right")), newRecord("B.;1", atFile, 5, 0, nm("..")),
			newRecord("C.;1", atFile, 5, 0, nm(".")), newRecord("D.;1", atFile, 5, 0, nm("/etc/passwd")), newRecord("E.;1", atFile, 5, 0, nm("nul\x00"))}, nil},
		"a name in Latin-1":     {[][]byte{newRecord("A.;1", atFile, 5, 0, nm("Gr\xfc\xdfe"))}, map[string]string{"Grüße": "-r--r--r-- 5"}},
		"a name twice":          {[][]byte{newRecord("A.;1", atFile, 5, 0, nm("x")), newRecord("B.;1", atFile, 4, 0, nm("x"))}, map[string]string{"x": "-r--r--r-- 5"}},
		"a name in two parts":   {[][]byte{newRecord("A.;1", atFile, 5, 0, join(use("NM", []byte("\x01in two ")), nm("parts")))}, map[string]string{"in two parts": "-r--r--r-- 5"}},
		"no name of Rock Ridge": {[][]byte{newRecord("A.B;12", atFile, 5, 0, px(0o104755))}, map[string]string{"A.B": "urwxr-xr-x 5"}},
		"a device":              {[][]byte{newRecord("A.;1", 0, 0, 0, join(nm("null"), px(0o020666)))}, map[string]string{"null": "Dcrw-rw-rw- 0"}},
		"a FIFO and a socket": {[][]byte{newRecord("A.;1", 0, 0, 0, join(nm("p"), px(0o010666))), newRecord("B.;1", 0, 0, 0, join(nm("s"), px(0o140666)))},
			map[string]string{"p": "prw-rw-rw- 0", "s": "Srw-rw-rw- 0"}},
		"a fork of a file":                    {[][]byte{newRecord("A.;1", atFile, 5, 4, nm("fork"))}, nil},
		"a relocated directory's first place": {[][]byte{newRecord("A", atSub, sector, directoryFlag, join(nm("moved"), use("RE", nil)))}, nil},
		"a relocated directory":               {[][]byte{newRecord("A", 0, 0, 0, join(nm("here"), cl(atSub)))}, map[string]string{"here": "drwxr-xr-x 2048"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSmall()
			rootRecords(c.records...)(s)
			image, err := iso9660.Open(bytes.NewReader(s), int64(len(s)))
			if err != nil {
				t.Fatal(err)
			}
			list, err := image.ReadDir(".")
			if err != nil {
				t.Fatal(err)
			}
			want, got := map[string]string{"right": "-rw-r--r-- 5"}, map[string]string{}
			maps.Copy(want, c.want)
			for _, d := range list {
				info, _ := d.Info()
				got[d.Name()] = fmt.Sprint(info.Mode(), " ", info.Size())
				if f, err := image.Open(d.Name()); (err == nil) != (d.IsDir() || d.Type().IsRegular()) {
					t.Errorf("%s is opened: %v, %v", d.Name(), f, err)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
