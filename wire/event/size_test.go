package event

import "testing"

func TestSizesReadAsPeopleSayThem(t *testing.T) {
	for n, want := range map[int64]string{272: "272 bytes", 9999: "9999 bytes", 42430: "42 kB", 40810276: "40.8 MB"} {
		if got := Size(n); got != want {
			t.Errorf("Size(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestTransferSizeIsTheValueOfTsize(t *testing.T) {
	for options, want := range map[string]int64{
		"blksize 1408 tsize 42430": 42430,
		"TSIZE 7":                  7,
		"blksize 1408":             0,
		"tsize":                    0,
		"tsize many":               0,
	} {
		if got := (Event{Attrs: Attrs("options", options)}).TransferSize(); got != want {
			t.Errorf("TransferSize of %q = %d, want %d", options, got, want)
		}
	}
}
