package httpd

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
)

// maxRanges is how many parts of a file one request has any use for (RFC 9110 section 17.15).
const maxRanges = 32

// sensible is a request whose Range http.ServeContent reads as RFC 9110 section 14.2 has it: one that is no range
// is ignored, and the whole file is the answer; a sanboot of iPXE whose numbers are not printed asks for
// "bytes=u-u" and expects that. Only one that lies behind the end is refused.
func sensible(r *http.Request, size int64) *http.Request {
	asked := r.Header.Values("Range")
	if len(asked) == 0 {
		return r
	}
	header := ""
	if len(asked) == 1 {
		header = rangesOf(asked[0], size)
	}
	r = r.Clone(r.Context())
	r.Header.Del("Range")
	if header != "" {
		r.Header.Set("Range", header)
	}
	return r
}

// rangesOf writes a Range (RFC 9110 section 14.1.1) anew, without what is not in a file of this size; "" where it
// is none, or is of a unit that is not known.
func rangesOf(asked string, size int64) string {
	unit, set, found := strings.Cut(asked, "=")
	if !found || !strings.EqualFold(strings.TrimSpace(unit), "bytes") {
		return ""
	}
	var kept []string
	specs := 0
	for spec := range strings.SplitSeq(set, ",") {
		if spec = strings.Trim(spec, " \t"); spec == "" {
			continue // RFC 9110 section 5.6.1.2
		}
		if specs++; specs > maxRanges {
			return ""
		}
		first, last, valid := rangeOf(spec, size)
		if !valid {
			return ""
		}
		if first < size && first <= last {
			kept = append(kept, fmt.Sprintf("%d-%d", first, last))
		}
	}
	switch {
	case specs == 0:
		return ""
	case kept == nil:
		return fmt.Sprintf("bytes=%d-", size) // none is in the file
	}
	return "bytes=" + strings.Join(kept, ",")
}

// rangeOf is an int-range or a suffix-range; last is not behind the end.
func rangeOf(spec string, size int64) (first, last int64, valid bool) {
	from, to, found := strings.Cut(spec, "-")
	if !found || from == "" && to == "" {
		return 0, 0, false
	}
	if first, valid = position(from); !valid {
		return 0, 0, false
	}
	if last, valid = position(to); !valid {
		return 0, 0, false
	}
	switch {
	case from == "":
		return max(0, size-last), size - 1, true
	case to == "":
		return first, size - 1, true
	}
	return first, min(last, size-1), first <= last
}

// position reads digits, which may be more than there are bytes anywhere. None is 0.
func position(digits string) (int64, bool) {
	if strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	if digits == "" {
		return 0, true
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return math.MaxInt64, true // there is nothing wrong but the size
	}
	return n, true
}
