// Package amount answers: how much is that, as people say it?
package amount

import (
	"fmt"
	"strings"
)

// Bytes is a number of bytes in the unit that fits: "512 bytes", "1.4 MiB", "64 GiB".
func Bytes(n int64) string {
	const k = 1024
	if n == 1 {
		return "1 byte"
	}
	if n < k {
		return fmt.Sprintf("%d bytes", n)
	}
	size, unit := float64(n)/k, 0
	for size >= k && unit < len(units)-1 {
		size /= k
		unit++
	}
	return fmt.Sprintf("%s %ciB", strings.TrimSuffix(fmt.Sprintf("%.1f", size), ".0"), units[unit])
}

const units = "KMGTPE"
