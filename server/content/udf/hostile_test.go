package udf_test

import (
	"bytes"
	"regexp"
	"testing"

	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
	"github.com/bootrig/bootrig/server/content/udf"
)

// one is an image with one file, x, whose file entry is described.
func one(kind byte, how, size int, descriptors ...[]byte) func() *small {
	return func() *small {
		s := newVolume("ONE")
		icb := s.data("")
		s.fileEntry(icb, kind, how, size, join(descriptors...))
		s.ids = append(s.ids, identifier(atRootFiles, "x", 0, icb)...)
		return s.finish()
	}
}

// component is one of a link's.
func component(kind byte, name string) []byte {
	var id []byte
	if name != "" {
		id = cs0(name)
	}
	return append([]byte{kind, byte(len(id)), 0, 0}, id...)
}

// patched changes a descriptor of the image, and seals it again.
func patched(at, id, location, size int, patch func(b []byte)) func() *small {
	return func() *small {
		s := newSmall().finish()
		b := s.b[at*block:][:size]
		patch(b)
		seal(b, id, location)
		return s
	}
}

var hostile = map[string]struct {
	make func() *small
	want string // a regular expression of the one error
}{
	"nothing wrong": {func() *small { return newSmall().finish() }, ``},
	"a directory that holds itself": {func() *small {
		s := newVolume("X")
		s.ids = append(s.ids, identifier(atRootFiles, "loop", 2, atRoot)...)
		return s.finish()
	}, `^readdir loop: the directory holds itself: it is "." above it$`},
	"two directories with the same records": {func() *small {
		s := newVolume("X")
		again := s.data("")
		s.ids = append(s.ids, identifier(atRootFiles, "again", 2, again)...)
		s.finish()
		s.fileEntry(again, 4, long, len(s.ids), longAD(len(s.ids), s.next-1))
		return s
	}, `^readdir again: the directory lies where another does, at byte 534528 of the image$`},
	"an identifier that is none": {func() *small {
		s := newVolume("X")
		s.ids = append(s.ids, "something else that is long enough to be read"...)
		return s.finish()
	}, `^readdir \.: no UDF file identifier at byte 532520$`},
	"an identifier that is truncated": {func() *small {
		s := newVolume("X")
		s.ids = append(s.ids, identifier(atRootFiles, "a longer name", 0, atRoot)[:40]...)
		return s.finish()
	}, `^readdir \.: the UDF file identifier at byte 532520 is truncated$`},
	"no file entry": {func() *small {
		s := newVolume("X")
		s.ids = append(s.ids, identifier(atRootFiles, "x", 0, atFileSet)...)
		return s.finish()
	}, `^open x: no UDF file entry at byte 526336$`},
	"a file entry outside the image": {func() *small {
		s := newVolume("X")
		s.ids = append(s.ids, identifier(atRootFiles, "x", 0, 1<<30)...)
		return s.finish()
	}, `^open x: a descriptor is said to lie at byte 2199023781888, and the image ends at 659456: is the download whole\?$`},
	"a file outside the image":              {one(5, short, 100, shortAD(100, 1<<31)), `^open x: it lies at bytes 4398047037440 to 4398047037540, and the image ends at 659456: is the download whole\?$`},
	"a file in a partition that is none":    {one(5, long, 100, append(longAD(100, 1)[:8], 7, 0, 0, 0, 0, 0, 0, 0)), `^open x: there is no partition 7 in the UDF volume, which has 1$`},
	"a file larger than its parts":          {one(5, short, 101, shortAD(100, 1)), `^open x: it has 101 bytes, and its parts only 100$`},
	"a file larger than any":                {one(5, short, -1, shortAD(100, 1)), `^open x: the UDF file entry at byte 532480 is longer than its block, or its file larger than any$`},
	"descriptors of an unknown kind":        {one(5, 5, 10, shortAD(100, 1)), `^open x: the UDF file entry at byte 532480 has allocation descriptors of the unknown kind 5$`},
	"descriptors that continue in no block": {one(5, short, 10, shortAD(3<<30|block, atFileSet)), `^open x: no UDF allocation extent descriptor at byte 526336, or one that is longer than its block$`},
	"descriptors without end": {func() *small {
		s := newVolume("X")
		more := make([]byte, 24)
		le.PutUint32(more[20:], 8)
		at := s.next
		s.data(string(seal(join(more, shortAD(3<<30|block, at)), 258, at)))
		s.add("x", "1", short, shortAD(3<<30|block, at))
		return s.finish()
	}, `^open x: the UDF file entry at byte 534528 has more than 1024 blocks of allocation descriptors$`},
	"extents without end": {func() *small {
		s := newVolume("X")
		more := make([]byte, 24)
		le.PutUint32(more[20:], 2000)
		at := s.next
		s.data(string(seal(join(more, bytes.Repeat(shortAD(1, atRoot), 249), shortAD(3<<30|block, at)), 258, at)))
		s.add("x", "1", short, shortAD(3<<30|block, at))
		return s.finish()
	}, `^open x: the UDF file entry at byte 534528 has more than 65536 extents$`},
	"a directory of 4 GiB": {func() *small {
		s := newVolume("X")
		s.finish()
		s.fileEntry(atRoot, 4, long, 1<<32, longAD(1<<30-1, atRootFiles))
		return s
	}, `^readdir \.: the directory has 4096 MiB of records, and 64 may be$`},
	"a link":             {one(12, embedded, 18, component(3, ""), component(4, ""), component(5, "target")[:10]), `^readlink x: the link whose UDF file entry lies at byte 532480 is truncated$`},
	"a link without end": {one(12, short, 1<<20, shortAD(1<<20, 1)), `^readlink x: the link whose UDF file entry lies at byte 532480 has more than 4096 bytes$`},
	"a file of strategy 4096": {func() *small {
		s := one(5, embedded, 1, []byte("1"))()
		b := s.at(atFree)
		b[20], b[21] = 0, 16
		seal(b[:177], 261, atFree)
		return s
	}, `^open x: the UDF file entry at byte 532480 has strategy 4096, and 4 is supported$`},
	"a descriptor whose sum is wrong": {func() *small {
		s := one(5, embedded, 1, []byte("1"))()
		s.at(atFree)[4]++
		return s
	}, `^open x: no UDF file entry at byte 532480$`},
}

func TestAHostileImageIsOneLine(t *testing.T) {
	for name, c := range hostile {
		t.Run(name, func(t *testing.T) {
			s := c.make()
			image, err := udf.Open(bytes.NewReader(s.b), int64(len(s.b)))
			if err != nil {
				t.Fatal(err)
			}
			names, errs := isotest.Walk(image, 100)
			if names == 0 || c.want == "" && len(errs) > 0 || c.want != "" && len(errs) != 1 {
				t.Fatalf("of %d names: %v", names, errs)
			}
			if c.want != "" && !regexp.MustCompile(c.want).MatchString(errs[0].Error()) {
				t.Errorf("it says %q, and not %s", errs[0], c.want)
			}
		})
	}
}

func TestAnImageThatIsNoneIsOneLine(t *testing.T) {
	const logical = atSequence + 1
	for name, c := range map[string]struct {
		make func() *small
		want string
	}{
		"nothing":        {func() *small { return &small{} }, `no UDF image, or a truncated one: no anchor in 0 bytes`},
		"a page of HTML": {func() *small { return &small{b: bytes.Repeat([]byte("<html>"), 100000)} }, `no UDF image, or a truncated one: no anchor in 600000 bytes`},
		"what is left of a download": {patched(atSequence+2, 5, atSequence+2, 512, func(b []byte) { le.PutUint32(b[192:], 1_000_000) }),
			`the end of the UDF image is missing: it has 659456 of 2048526336 bytes (0 %): download it again`},
		"no partition of a download": {func() *small { s := newSmall().finish(); s.b = s.b[:atPartition*block]; return s },
			`a descriptor is said to lie at byte 526336, and the image ends at 526336: is the download whole?`},
		"no logical volume": {patched(logical, 1, logical, 512, func([]byte) {}),
			`the volume descriptors at byte 65536 tell of no UDF logical volume`},
		"blocks of 3 bytes":   {patched(logical, 6, logical, 446, func(b []byte) { le.PutUint32(b[212:], 3) }), `the UDF logical volume has blocks of 3 bytes, and a disc has 2048: is it an image of another disk?`},
		"maps without end":    {patched(logical, 6, logical, 446, func(b []byte) { le.PutUint32(b[268:], 1<<31) }), `the partition maps of the UDF logical volume are truncated`},
		"a partition of none": {patched(logical, 6, logical, 446, func(b []byte) { b[444] = 9 }), `the UDF volume has no descriptor of its partition 9`},
		"a metadata partition": {patched(logical, 6, logical, 504, func(b []byte) {
			le.PutUint32(b[264:], 64)
			copy(b[440:], "\x02\x40\x00\x00\x00*UDF Metadata Partition")
		}), `the UDF volume has a partition of the kind "*UDF Metadata Partition", which is not supported`},
		"no file set":                {patched(atPartition, 260, 0, 512, func([]byte) {}), `no UDF file set descriptor at byte 526336`},
		"a root that is a file":      {patched(atPartition+atRoot, 261, atRoot, 192, func(b []byte) { b[27] = 5 }), `the root of the UDF file set, at byte 528384, is no directory`},
		"a root outside the image":   {patched(atPartition, 256, 0, 512, func(b []byte) { le.PutUint32(b[404:], 1<<31) }), `a descriptor is said to lie at byte 4398047037440, and the image ends at 659456: is the download whole?`},
		"a root in no partition":     {patched(atPartition, 256, 0, 512, func(b []byte) { b[408] = 1 }), `there is no partition 1 in the UDF volume, which has 1`},
		"a file set in no partition": {patched(logical, 6, logical, 446, func(b []byte) { b[256] = 1 }), `there is no partition 1 in the UDF volume, which has 1`},
	} {
		t.Run(name, func(t *testing.T) {
			s := c.make()
			_, err := udf.Open(bytes.NewReader(s.b), int64(len(s.b)))
			if err == nil || err.Error() != c.want {
				t.Errorf("it says %q, and not %q", err, c.want)
			}
		})
	}
}

func TestLinksAreRead(t *testing.T) {
	for want, components := range map[string][]byte{
		"../a/ß":  join(component(3, ""), component(5, "a"), component(5, "ß")),
		"/etc/ю":  join(component(2, ""), component(5, "etc"), component(5, "ю")),
		"./x":     join(component(4, ""), component(5, "x")),
		"/":       component(2, ""),
		"long.it": component(5, "long.it"),
	} {
		s := one(12, embedded, len(components), components)()
		image, err := udf.Open(bytes.NewReader(s.b), int64(len(s.b)))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := image.ReadLink("x"); got != want {
			t.Errorf("%q, and not %q: %v", got, want, err)
		}
	}
}
