package event

import (
	"fmt"
	"strconv"
	"strings"
)

// Size is a number of bytes for people: "272 bytes", "42 kB", "40.8 MB" (decimal, as disks are sold).
func Size(n int64) string {
	switch {
	case n < 10_000:
		return fmt.Sprintf("%d bytes", n)
	case n < 1_000_000:
		return fmt.Sprintf("%.0f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// TransferSize is the tsize (RFC 2349) among the options of an OACK fact, 0 when there is none.
func (e Event) TransferSize() int64 {
	words := strings.Fields(e.Attr("options"))
	for i := 0; i+1 < len(words); i += 2 {
		if strings.EqualFold(words[i], "tsize") {
			n, _ := strconv.ParseInt(words[i+1], 10, 64)
			return n
		}
	}
	return 0
}
