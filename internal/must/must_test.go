package must

import (
	"fmt"
	"os"
	"testing"
)

func TestALackIsRedWhereTheMachineMustHaveIt(t *testing.T) {
	const red, said = "BOOTRIG_MUST says that this machine has tap: no TAP\nand more", "not tested, for lack of tap: no TAP"
	for promised, want := range map[string]string{"": said, "sim": said, "sim,tap": red, "qemu": said, "tapioca": said} {
		t.Setenv("BOOTRIG_MUST", promised)
		got := ""
		if err := lack(func(line string) { got = line }, Tap, "no TAP\nand more"); err != nil {
			got += err.Error()
		}
		if got != want {
			t.Errorf("BOOTRIG_MUST=%s: %q, want %q", promised, got, want)
		}
	}
}

// needed makes TestSomethingIsLacking lack its value.
const needed = "BOOTRIG_TEST_LACK"

func TestSomethingIsLacking(t *testing.T) {
	for range 3 {
		t.Run("part", func(t *testing.T) {
			if what := os.Getenv(needed); what != "" {
				Skip(t, what, fmt.Sprintf("the %s\nis not here", what))
			}
		})
	}
}
