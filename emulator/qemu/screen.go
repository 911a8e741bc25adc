package qemu

import (
	"bytes"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/digitalocean/go-qemu/qmp"
)

// Screenshot writes what is on the screen to path, as PNG. QEMU writes PNG itself since 7.1; what an
// older one gives is converted.
func (g *Guest) Screenshot(path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	args := map[string]any{"filename": path, "format": "png"}
	if _, err := g.domain.Run(qmp.Command{Execute: "screendump", Args: args}); err == nil {
		return nil
	}
	ppm, err := g.domain.ScreenDump()
	if err != nil {
		return fmt.Errorf("screenshot: %w", err)
	}
	defer ppm.Close()
	return writePNG(path, ppm)
}

func writePNG(path string, ppm io.Reader) error {
	raw, err := io.ReadAll(ppm)
	if err != nil {
		return fmt.Errorf("screenshot: %w", err)
	}
	img, err := decodePPM(raw)
	if err != nil {
		return fmt.Errorf("screenshot: %w", err)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return fmt.Errorf("screenshot: %w", err)
	}
	return os.WriteFile(path, out.Bytes(), 0o644)
}

// Text is the screen in text mode, 25 lines at most. In a graphic mode it is what the last text
// program left there, or nothing.
func (g *Guest) Text() ([]string, error) { return g.vga(vgaRows) }

// vga is the card's text memory from its beginning. Linux scrolls by showing another part of it (vgacon), so that its
// last words are rows below those of the first screen.
func (g *Guest) vga(rows int) ([]string, error) {
	dir, err := os.MkdirTemp("", "bootrig-screen-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "vga")
	args := map[string]any{"val": vgaText, "size": vgaColumns * rows * 2, "filename": file}
	if _, err := g.domain.Run(qmp.Command{Execute: "pmemsave", Args: args}); err != nil {
		return nil, fmt.Errorf("text of the screen: %w", err)
	}
	memory, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("text of the screen: %w", err)
	}
	return screenText(memory), nil
}

// The colour text page of a VGA card: a byte of code page 437 and a byte of colour a cell.
const (
	vgaText    = 0xb8000
	vgaColumns = 80
	vgaRows    = 25
	vgaAll     = 32 << 10 / (2 * vgaColumns) // all that the memory holds
)

// screenText is the text of the page, without blank lines at its end. Lines and boxes become blanks.
func screenText(page []byte) []string {
	var lines []string
	for len(page) >= 2*vgaColumns {
		line := make([]byte, vgaColumns)
		for i := range line {
			line[i] = page[2*i]
			if line[i] < ' ' || line[i] > '~' {
				line[i] = ' '
			}
		}
		lines = append(lines, strings.TrimRight(string(line), " "))
		page = page[2*vgaColumns:]
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}
