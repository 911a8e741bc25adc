package content

import (
	"encoding/binary"
	"hash/crc32"
	"strings"
	"testing"
)

// TestTheScriptOfUBootHasItsSums is what U-Boot looks at before it runs one.
func TestTheScriptOfUBootHasItsSums(t *testing.T) {
	image := uboot("")
	body := image[64:]
	if got := binary.BigEndian.Uint32(image[24:]); got != crc32.ChecksumIEEE(body) {
		t.Errorf("sum of the data %#x", got)
	}
	told := binary.BigEndian.Uint32(image[4:])
	clear(image[4:8])
	if want := crc32.ChecksumIEEE(image[:64]); told != want {
		t.Errorf("sum of the header %#x, want %#x", told, want)
	}
	text := body[8:]
	if int(binary.BigEndian.Uint32(body)) != len(text) || int(binary.BigEndian.Uint32(image[12:])) != len(body) || !strings.HasPrefix(string(text), "echo bootrig: ") {
		t.Errorf("%q", body)
	}
}
