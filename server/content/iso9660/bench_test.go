package iso9660_test

import (
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/bootrig/bootrig/server/content/iso9660"
	"github.com/bootrig/bootrig/server/content/iso9660/isotest"
)

func BenchmarkOpen(b *testing.B) {
	f, err := os.Open(isotest.Make(b, full(sound), "-r"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	info, _ := f.Stat()
	for name, then := range map[string]func(*iso9660.Image){
		"an image": func(*iso9660.Image) {},
		"and a file beside 3,000": func(i *iso9660.Image) {
			if _, err := i.Open("Packages/package-with-a-name-1234.x86_64.rpm"); err != nil {
				b.Fatal(err)
			}
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				i, err := iso9660.Open(f, info.Size())
				if err != nil {
					b.Fatal(err)
				}
				then(i)
			}
		})
	}
}

func BenchmarkName(b *testing.B) {
	image := open(b, isotest.Make(b, full(sound), "-r"))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := image.Lstat("Packages/package-with-a-name-1234.x86_64.rpm"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRead compares a file of an image with one of a directory, in blocks as TFTP and HTTP read them.
func BenchmarkRead(b *testing.B) {
	const list, name, size = "boot/vmlinuz size=32M\n", "boot/vmlinuz", 32 << 20
	file, err := open(b, isotest.Make(b, list, "-r")).Open(name)
	if err != nil {
		b.Fatal(err)
	}
	beside, err := os.DirFS(isotest.Tree(b, list)).Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer beside.Close()
	for of, r := range map[string]io.ReaderAt{"image": file.(io.ReaderAt), "directory": beside.(io.ReaderAt)} {
		for _, block := range []int{1408, 32 << 10} {
			b.Run(fmt.Sprintf("%s/%d", of, block), func(b *testing.B) {
				b.SetBytes(int64(block))
				buf, at := make([]byte, block), int64(0)
				for b.Loop() {
					if _, err := r.ReadAt(buf, at); err != nil {
						b.Fatal(err)
					}
					if at += int64(block); at+int64(block) > size {
						at = 0
					}
				}
			})
		}
	}
}
