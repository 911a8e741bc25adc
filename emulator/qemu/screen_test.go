package qemu

import (
	"bytes"
	"fmt"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAPPMBecomesThePNGOfTheSamePicture(t *testing.T) {
	ppm := append([]byte("P6\n3 2\n255\n"), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0x20, 17, 18)
	path := filepath.Join(t.TempDir(), "screen.png")
	if err := writePNG(path, bytes.NewReader(ppm)); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		want := color.NRGBA{ppm[11+3*i], ppm[12+3*i], ppm[13+3*i], 255}
		if got := color.NRGBAModel.Convert(img.At(i%3, i/3)); got != want {
			t.Errorf("pixel %d is %v, want %v", i, got, want)
		}
	}
}

func TestPPMsThatAreNone(t *testing.T) {
	for name, raw := range map[string]string{
		"empty":              "",
		"grey":               "P5\n1 1\n255\nx",
		"too short":          "P6\n2 2\n255\nabcdef",
		"no size":            "P6\n0 0\n255\n",
		"negative":           "P6\n-1 -1\n255\nabc",
		"sixteen bit colour": "P6\n1 1\n65535\nabcdef",
		"huge":               "P6\n99999 99999\n255\nabc",
	} {
		if img, err := decodePPM([]byte(raw)); err == nil {
			t.Errorf("%s: %v", name, img.Bounds())
		}
	}
}

func FuzzPPM(f *testing.F) {
	f.Add([]byte("P6\n1 1\n255\nabc"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		img, err := decodePPM(raw)
		if err != nil {
			return
		}
		b := img.Bounds()
		again := fmt.Appendf(nil, "P6\n%d %d\n255\n", b.Dx(), b.Dy())
		for y := range b.Dy() {
			for x := range b.Dx() {
				r, g, bl, _ := img.At(x, y).RGBA()
				again = append(again, byte(r>>8), byte(g>>8), byte(bl>>8))
			}
		}
		back, err := decodePPM(again)
		if err != nil || !cmp.Equal(img, back) {
			t.Fatalf("it reads back differently: %v", err)
		}
	})
}

func TestScreenText(t *testing.T) {
	page := bytes.Repeat([]byte{' ', 7}, vgaColumns*vgaRows)
	write := func(row, col int, text string) {
		for i := range len(text) {
			page[2*(row*vgaColumns+col+i)] = text[i]
		}
	}
	write(0, 2, "boot:\xb3")
	write(3, 0, "x\x00y")
	if diff := cmp.Diff([]string{"  boot:", "", "", "x y"}, screenText(page)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := screenText(page[:100]); len(got) != 0 {
		t.Errorf("half a line gives %q", got)
	}
}
