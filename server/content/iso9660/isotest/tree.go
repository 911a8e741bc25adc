package isotest

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// Tree is a directory with what the list says, for who makes an image otherwise, or none.
func Tree(t testing.TB, list string) string {
	t.Helper()
	dir := t.TempDir()
	archive := txtar.Parse([]byte(list))
	for n, line := range strings.Split(string(archive.Comment), "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := entry(dir, line); err != nil {
			t.Fatalf("line %d of the list: %q: %v", n+1, line, err)
		}
	}
	for _, file := range archive.Files {
		name := filepath.Join(dir, filepath.FromSlash(file.Name))
		if err := write(name, func(f *os.File) error { _, err := f.Write(file.Data); return err }); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// entry makes what a line of the list says.
func entry(dir, line string) error {
	if link, target, ok := strings.Cut(line, " -> "); ok {
		name := filepath.Join(dir, strings.TrimSpace(link))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		return os.Symlink(strings.TrimSpace(target), name)
	}
	if name, from, ok := strings.Cut(line, " <- "); ok {
		return write(filepath.Join(dir, strings.TrimSpace(name)), func(f *os.File) error {
			source, err := os.Open(strings.TrimSpace(from))
			if err != nil {
				return err
			}
			defer source.Close()
			_, err = io.Copy(f, source)
			return err
		})
	}
	name, rest, _ := strings.Cut(line, " ")
	if strings.HasSuffix(name, "/") {
		return os.MkdirAll(filepath.Join(dir, name), 0o755)
	}
	return files(dir, name, strings.Fields(rest))
}

// files makes one file, or as many as count= says, whose name then has a verb for the number.
func files(dir, name string, words []string) error {
	count, size, sparse := int64(-1), int64(0), false
	for _, word := range words {
		key, value, _ := strings.Cut(word, "=")
		var err error
		switch key {
		case "count":
			count, err = number(value)
		case "size":
			size, err = number(value)
		case "sparse":
			sparse = true
		default:
			err = fmt.Errorf("%q is none of size=, count= and sparse", word)
		}
		if err != nil {
			return err
		}
	}
	names := []string{name}
	if count >= 0 {
		names = nil
		for n := range count {
			names = append(names, fmt.Sprintf(name, n))
		}
	}
	for _, name := range names {
		err := write(filepath.Join(dir, name), func(f *os.File) error { return fill(f, name, size, sparse) })
		if err != nil {
			return err
		}
	}
	return nil
}

// number reads 200, 64K, 8M or 5G.
func number(s string) (int64, error) {
	shift := map[string]int{"K": 10, "M": 20, "G": 30}[s[max(0, len(s)-1):]]
	if shift > 0 {
		s = s[:len(s)-1]
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n << shift, err
}

// fill writes bytes that no other file has, nor another place of this one. A sparse file has them at its
// beginning and end, and around every GiB.
func fill(f *os.File, name string, size int64, sparse bool) error {
	hash := fnv.New64a()
	hash.Write([]byte(name))
	seed := hash.Sum64()
	const piece = 4 << 10
	buf := make([]byte, 0, piece)
	for at := int64(0); at < size; at += piece {
		if sparse && bare(at, size, piece) {
			continue
		}
		buf = buf[:0]
		for word := uint64(at / 8); len(buf) < piece; word++ {
			x := (word ^ seed) * 0x9e3779b97f4a7c15
			buf = binary.LittleEndian.AppendUint64(buf, x^x>>29)
		}
		if _, err := f.WriteAt(buf[:min(piece, size-at)], at); err != nil {
			return err
		}
	}
	return f.Truncate(size)
}

// bare tells whether a sparse file has a hole there.
func bare(at, size, piece int64) bool {
	const gib = 1 << 30
	return at > 0 && at+piece < size && at%gib != 0 && at%gib != gib-piece
}

func write(name string, contents func(*os.File) error) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	return contents(f)
}
