package content

import (
	"encoding/binary"
	"hash/crc32"
)

// uboot makes a script of U-Boot: a legacy image, which is 64 bytes with two sums (U-Boot, include/image.h, struct
// legacy_img_hdr), and a list of sizes before the text. It tells whom it reached, as our boot programs do, or boots what a
// file of pxelinux.cfg says.
func uboot(does string) []byte {
	const magic, linux, script = 0x27051956, 5, 6
	text := "echo bootrig: server ${serverip} address ${ipaddr} mac ${ethaddr}\n"
	if does == "pxe" {
		text = "pxe get\npxe boot\n"
	}
	body := binary.BigEndian.AppendUint32(nil, uint32(len(text)))
	body = append(binary.BigEndian.AppendUint32(body, 0), text...)
	image := make([]byte, 64, 64+len(body))
	binary.BigEndian.PutUint32(image, magic)
	binary.BigEndian.PutUint32(image[12:], uint32(len(body)))
	binary.BigEndian.PutUint32(image[24:], crc32.ChecksumIEEE(body))
	image[28], image[30] = linux, script
	copy(image[32:], "bootrig")
	binary.BigEndian.PutUint32(image[4:], crc32.ChecksumIEEE(image)) // with its own place empty
	return append(image, body...)
}
