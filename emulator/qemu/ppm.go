package qemu

import (
	"bytes"
	"errors"
	"fmt"
	"image"
)

// decodePPM reads the kind of PPM that QEMU's screendump writes: "P6\nW H\n255\n" and three bytes a
// pixel (QEMU, ui/ui-qmp-cmds.c). It is for QEMU before 7.1.
func decodePPM(raw []byte) (image.Image, error) {
	var w, h, depth int
	r := bytes.NewReader(raw)
	if _, err := fmt.Fscanf(r, "P6\n%d %d\n%d\n", &w, &h, &depth); err != nil {
		return nil, fmt.Errorf("ppm: %w", err)
	}
	const most = 1 << 14 // pixels a side; no card here has more
	if w <= 0 || h <= 0 || w > most || h > most || depth != 255 {
		return nil, fmt.Errorf("ppm: %d x %d with depth %d", w, h, depth)
	}
	pixels := raw[len(raw)-r.Len():]
	if len(pixels) < 3*w*h {
		return nil, errors.New("ppm: it ends too early")
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		copy(img.Pix[4*i:], pixels[3*i:3*i+3])
		img.Pix[4*i+3] = 0xff
	}
	return img, nil
}
