package server

import "testing"

func TestOpenFilesAreDealtOut(t *testing.T) {
	for _, c := range []struct {
		rule          string
		files, wanted int
		want          limits
		transfers     int
		told          bool
	}{
		{"not known, or without end", 0, 0, limits{0, 64, 2000, 1024}, 2000, false},
		{"not known, and more are wanted", 0, 9000, limits{0, 64, 2000, 1024}, 9000, false},
		{"plenty", 20_000, 0, limits{20_000, 64, 2000, 1024}, 2000, false},
		{"plenty, and more transfers are wanted", 20_000, 5000, limits{20_000, 64, 2000, 1024}, 5000, false},
		{"more than plenty", 20_000, 50_000, limits{20_000, 64, 2000, 1024}, 15_388, true},
		{"what a shell has", 1024, 0, limits{1024, 64, 416, 208}, 416, true},
		{"and that is enough for what is configured", 1024, 50, limits{1024, 64, 416, 208}, 50, false},
		{"few", 64, 0, limits{64, 4, 18, 9}, 18, true},
		{"next to none", 16, 0, limits{16, 1, 3, 1}, 3, true},
	} {
		l := limitsOf(c.files)
		if l != c.want {
			t.Errorf("%s: %+v, want %+v", c.rule, l, c.want)
		}
		if n := l.transfers(c.wanted); n != c.transfers {
			t.Errorf("%s: %d transfers, want %d", c.rule, n, c.transfers)
		}
		if told := l.short(c.wanted); (told != "") != c.told {
			t.Errorf("%s: told %q", c.rule, told)
		}
		if all := l.Ports + l.transfers(c.wanted) + 2*l.Conns; c.files >= 64 && all > c.files-20 {
			t.Errorf("%s: %d of %d files are dealt out", c.rule, all, c.files)
		}
	}
}
